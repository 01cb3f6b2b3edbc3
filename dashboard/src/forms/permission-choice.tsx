import { Button, Checkbox, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

type Permission = { name: string; description: string }

/** Picks any number of an API's permissions. */
export const PermissionChoice = ({
  label,
  permissions,
  chosen,
  onChange,
  none,
}: {
  label: string
  permissions: readonly Permission[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
  none: string
}) => {
  const shell = useText(shellText)
  const isAll = permissions.length > 0 && chosen.length === permissions.length
  if (permissions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    )
  }
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Group justify="space-between" mb={4}>
        <Text component="legend" size="sm" fw={500} p={0}>
          {label}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => onChange(isAll ? [] : permissions.map(({ name }) => name))}
        >
          {isAll ? shell.none : shell.all}
        </Button>
      </Group>
      <ScrollArea.Autosize mah={260} type="auto" className="card">
        <Stack gap={0} p={6}>
          {permissions.map(({ name, description }) => (
            <Checkbox
              key={name}
              p={8}
              label={name}
              description={description || undefined}
              checked={chosen.includes(name)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, name] : chosen.filter((each) => each !== name),
                )
              }
            />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </fieldset>
  )
}
