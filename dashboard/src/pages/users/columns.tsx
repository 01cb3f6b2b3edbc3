import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { useState } from 'react'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'

const storageKey = 'rolecall-user-columns'
const usual = ['roles', 'connection', 'logins', 'lastLogin']

/** Which columns this browser shows. */
export const useColumns = (): [shown: readonly string[], choose: (shown: readonly string[]) => void] => {
  const [shown, setShown] = useState<readonly string[]>(
    () => localStorage.getItem(storageKey)?.split(',') ?? usual,
  )
  return [
    shown,
    (chosen) => {
      localStorage.setItem(storageKey, chosen.join(','))
      setShown(chosen)
    },
  ]
}

export const ColumnChoice = ({
  columns,
  shown,
  onChange,
}: {
  columns: readonly { key: string; title: string }[]
  shown: readonly string[]
  onChange: (shown: readonly string[]) => void
}) => {
  const t = useText(shellText)
  return (
    <Popover position="bottom-end" shadow="md" withRoles={false} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />} visibleFrom="md">
          {t.columns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {columns.map(({ key, title }) => (
            <Checkbox
              key={key}
              label={title}
              checked={shown.includes(key)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...shown, key] : shown.filter((each) => each !== key))
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
