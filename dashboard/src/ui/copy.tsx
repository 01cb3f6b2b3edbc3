import { ActionIcon, Box, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

type CopyProps = { value: string; label: string; done: string }

/** Puts a text into the clipboard. */
export const Copy = ({ value, label, done }: CopyProps) => (
  <CopyButton value={value} timeout={1500}>
    {({ copied, copy }) => (
      <Tooltip label={copied ? done : label}>
        <ActionIcon
          variant="subtle"
          color={copied ? 'teal' : 'gray'}
          onClick={copy}
          aria-label={label}
          size="sm"
        >
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        </ActionIcon>
      </Tooltip>
    )}
  </CopyButton>
)

/** A text that is copied more than read: an id, a secret. */
export const CopyText = ({ value, label, done }: CopyProps) => (
  <Group gap={4} wrap="nowrap" component="span" style={{ minWidth: 0 }}>
    <Box component="code" fz={12.5} className="truncate" title={value}>
      {value}
    </Box>
    <Copy value={value} label={label} done={done} />
  </Group>
)

/** A few lines of code, to be copied. */
export const Snippet = ({ code, label, done }: { code: string; label: string; done: string }) => (
  <Box pos="relative">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by the keyboard too */}
    <pre className="code" tabIndex={0}>
      {code}
    </pre>
    <Box pos="absolute" top={8} right={8}>
      <Copy value={code} label={label} done={done} />
    </Box>
  </Box>
)
