import { Badge, Box, Checkbox, Group, ScrollArea, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read } from '../server.ts'
import { assignText } from '../text/assign.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'

/** A role that was chosen, with its name for what is said about it later. */
export type ChosenRole = { id: string; name: string }

type RoleChoiceProps = {
  chosen: readonly ChosenRole[]
  onChange: (chosen: ChosenRole[]) => void
  /** Roles of rooms are held in rooms, all others elsewhere. */
  heldIn?: 'workspace' | 'room'
  /** Roles that can't be chosen here. */
  except?: readonly string[]
}

/** Searches all roles, and picks any number of them. */
export const RoleChoice = ({ chosen, onChange, heldIn, except = [] }: RoleChoiceProps) => {
  const t = useText(assignText)
  const format = useFormat()
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 150)
  const query = {
    limit: 100,
    order: 'name' as const,
    ...(search !== '' && { search }),
    ...(heldIn && { heldIn }),
  }
  const roles = useQuery({ ...read('/roles', { params: { query } }), placeholderData: keepPreviousData })
  const items = roles.data?.items.filter(({ id }) => !except.includes(id))
  const toggle = (role: ChosenRole, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, role] : chosen.filter(({ id }) => id !== role.id))
  return (
    <Box component="fieldset" p={0} m={0} style={{ border: 0, minWidth: 0 }}>
      <Group justify="space-between" mb={4}>
        <Text component="legend" size="sm" fw={500} p={0}>
          {t.roles}
        </Text>
        <Text size="xs" c="dimmed" aria-live="polite">
          {chosen.length > 0 && t.chosen(format.number(chosen.length))}
        </Text>
      </Group>
      <TextInput
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
        mb="xs"
      />
      <ScrollArea h={216} type="auto" className="card" style={{ borderRadius: 10 }}>
        <Stack gap={0} p={6}>
          {items === undefined
            ? [70, 55, 80, 60].map((width) => <Skeleton key={width} h={14} w={`${width}%`} m={12} />)
            : items.map(({ id, name, description, isActive, isBuiltIn }) => (
                <Checkbox
                  key={id}
                  p={8}
                  checked={chosen.some((each) => each.id === id)}
                  onChange={(event) => toggle({ id, name }, event.currentTarget.checked)}
                  label={
                    <Group gap={6}>
                      <Text size="sm" fw={550}>
                        {name}
                      </Text>
                      {isBuiltIn && <Badge size="xs">built-in</Badge>}
                      {!isActive && (
                        <Badge size="xs" color="gray">
                          {t.inactive}
                        </Badge>
                      )}
                    </Group>
                  }
                  description={description || undefined}
                />
              ))}
          {items?.length === 0 && (
            <Text size="sm" c="dimmed" p="md">
              {t.noRoles}
            </Text>
          )}
        </Stack>
      </ScrollArea>
    </Box>
  )
}
