import '@mantine/charts/styles.css'
import { DonutChart } from '@mantine/charts'
import { Badge, Group, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { nameOf } from '../../names.ts'
import { answered, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { registrationText } from '../../text/registration.ts'
import { Person } from '../../ui/person.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { Rule } from './rules.tsx'

const pageOf = (id: string, after: string | undefined) =>
  answered(
    server.POST('/rules/{id}/dry-run', {
      params: { path: { id } },
      body: { total: true, ...(after !== undefined && { after }) },
    }),
  )

type Difference = Awaited<ReturnType<typeof pageOf>>['items'][number]

type Run = { scanned: number; total: number; differences: Difference[]; isOver: boolean; error?: unknown }

const shownAtMost = 200

/** What a rule would change for everybody who is there, before it is switched on. */
const DryRun = ({ rule, nameOfRole }: { rule: Rule; nameOfRole: (roleId: string) => string }) => {
  const t = useText(registrationText)
  const format = useFormat()
  const run = useDryRun(rule.id)
  if (run.error) return <Fault error={run.error} />
  const gains = run.differences.filter(({ gives }) => gives.length > 0).length
  const losses = run.differences.filter(({ takes }) => takes.length > 0).length
  const parts = [
    { name: t.wouldGive, value: gains, color: 'teal.6' },
    { name: t.wouldTake, value: losses, color: 'red.6' },
    { name: t.unchanged, value: run.scanned - run.differences.length, color: 'gray.4' },
  ]
  return (
    <Stack>
      {!run.isOver && (
        <Progress
          animated
          value={run.total > 0 ? (run.scanned / run.total) * 100 : 5}
          aria-label={t.scanned(format.number(run.scanned))}
        />
      )}
      <Group gap="xl">
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
          <Text size="sm" c="dimmed" aria-live="polite">
            {t.scanned(format.number(run.scanned))}
          </Text>
        </Stack>
      </Group>
      {run.isOver && run.differences.length === 0 ? (
        <Text size="sm">{t.noDifference}</Text>
      ) : (
        <DataTable
          label={t.change}
          rows={run.differences.slice(0, shownAtMost)}
          idOf={({ user }) => user.id}
          columns={[
            {
              key: 'who',
              title: t.who,
              cell: ({ user }) => <Person plainName={nameOf(user)} name={nameOf(user)} detail={user.email} />,
            },
            {
              key: 'change',
              title: t.change,
              cell: ({ gives, takes }) => (
                <Group gap={4}>
                  {gives.map(({ roleId, scope }) => (
                    <Badge key={`+ ${roleId} ${scope}`} color="teal">
                      + {nameOfRole(roleId)}
                    </Badge>
                  ))}
                  {takes.map(({ roleId, scope }) => (
                    <Badge key={`- ${roleId} ${scope}`} color="red">
                      − {nameOfRole(roleId)}
                    </Badge>
                  ))}
                </Group>
              ),
            },
          ]}
        />
      )}
    </Stack>
  )
}

/** Goes through all users a page at a time; ends when it is looked at no more. */
const useDryRun = (ruleId: string): Run => {
  const [run, setRun] = useState<Run>({ scanned: 0, total: 0, differences: [], isOver: false })
  useEffect(() => {
    let isLeft = false
    const go = async () => {
      let after: string | undefined
      do {
        const page = await pageOf(ruleId, after)
        if (isLeft) return
        after = page.next ?? undefined
        setRun((before) => ({
          scanned: before.scanned + page.scanned,
          total: page.total ?? before.total,
          differences: [...before.differences, ...page.items],
          isOver: after === undefined,
        }))
      } while (after !== undefined)
    }
    setRun({ scanned: 0, total: 0, differences: [], isOver: false })
    go().catch((error: unknown) => setRun((before) => ({ ...before, error, isOver: true })))
    return () => {
      isLeft = true
    }
  }, [ruleId])
  return run
}

export default DryRun
