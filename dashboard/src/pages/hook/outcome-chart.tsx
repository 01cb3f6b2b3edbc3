import '@mantine/charts/styles.css'
import { DonutChart } from '@mantine/charts'
import { Group, Stack, Text } from '@mantine/core'
import { useFormat } from '../../text/format.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { type Outcome, outcomeColors } from './trial-results.tsx'

/** How many events had which outcome; the numbers stand beside the chart. */
const OutcomeChart = ({ counts }: { counts: readonly { outcome: Outcome; value: number }[] }) => {
  const t = useText(hooksText)
  const format = useFormat()
  const parts = counts.map(({ outcome, value }) => ({
    name: t.outcomes[outcome],
    value,
    color: `${outcomeColors[outcome]}.${outcome === 'nothing' ? 4 : 6}`,
  }))
  return (
    <Group gap="xl" px="lg" pb="md">
      <figure style={{ margin: 0 }} aria-hidden>
        <DonutChart size={120} thickness={18} data={parts} withTooltip={false} />
      </figure>
      <Stack gap={4}>
        {parts.map(({ name, value, color }) => (
          <Group key={name} gap="xs">
            <span
              aria-hidden
              style={{
                width: 10,
                height: 10,
                borderRadius: 3,
                background: `var(--mantine-color-${color.replace('.', '-')})`,
              }}
            />
            <Text size="sm">
              {name}: <b>{format.number(value)}</b>
            </Text>
          </Group>
        ))}
      </Stack>
    </Group>
  )
}

export default OutcomeChart
