import { Text } from '@mantine/core'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { DataTable } from '../../ui/table.tsx'

/** What a script printed. */
export const LogLines = ({ log }: { log: readonly { level: string; text: string }[] }) => {
  const t = useText(hooksText)
  if (log.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.noLogs}
      </Text>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by the keyboard too
    <pre className="code" tabIndex={0}>
      {log.map(({ level, text }) => `${level.padEnd(5)} ${text}`).join('\n')}
    </pre>
  )
}

type Call = { method: string; target: string; status?: number; error?: string }

/** Whom a script called, and what was answered. */
export const Calls = ({ calls }: { calls: readonly Call[] }) => {
  const t = useText(hooksText)
  if (calls.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.noCalls}
      </Text>
    )
  }
  const rows = calls.map((call, place) => ({ ...call, id: String(place) }))
  return (
    <DataTable
      label={t.calls}
      rows={rows}
      idOf={({ id }) => id}
      columns={[
        { key: 'method', title: t.method, width: 90, cell: ({ method }) => <code>{method}</code> },
        { key: 'target', title: t.target, cell: ({ target }) => <code>{target}</code> },
        { key: 'answer', title: t.answer, cell: ({ status, error }) => error ?? status ?? '–' },
      ]}
    />
  )
}
