import { Avatar, Box, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

const colors = ['iris', 'teal', 'grape', 'cyan', 'orange', 'pink', 'lime', 'blue']

/** The same colour for the same text, every time. */
const colorOf = (text: string): string => {
  let sum = 0
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) % 9973
  return colors[sum % colors.length]!
}

const initialsOf = (name: string): string =>
  (name.replace(/@.*$/u, '').match(/[\p{L}\p{N}]+/gu) ?? ['?'])
    .slice(0, 2)
    .map((word) => [...word][0]!.toUpperCase())
    .join('')

/** The initials of somebody. */
export const Portrait = ({ name, size = 32 }: { name: string; size?: number }) => (
  <Avatar
    size={size}
    radius="xl"
    color={colorOf(name)}
    variant="light"
    aria-hidden
    styles={{ placeholder: { color: 'var(--mantine-color-text)' } }}
  >
    {initialsOf(name)}
  </Avatar>
)

type PersonProps = { name: ReactNode; plainName: string; detail?: ReactNode; size?: number }

/** Somebody in a list: initials, name, and what tells him apart. */
export const Person = ({ name, plainName, detail, size }: PersonProps) => (
  <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
    <Portrait name={plainName} {...(size !== undefined && { size })} />
    <Box style={{ minWidth: 0 }}>
      <Text size="sm" fw={550} className="truncate" component="div">
        {name}
      </Text>
      {detail !== undefined && (
        <Text size="xs" c="dimmed" className="truncate" component="div">
          {detail}
        </Text>
      )}
    </Box>
  </Group>
)
