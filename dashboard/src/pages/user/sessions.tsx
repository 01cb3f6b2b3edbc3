import { Button, Text } from '@mantine/core'
import { IconDevices } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { nameOf } from '../../names.ts'
import { answered, read, server, type User } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { userText } from '../../text/user.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty, Section } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

/** Where somebody is signed in, and the way to end it; also on everybody's own page. */
export const Sessions = ({ user }: { user: User }) => {
  const t = useText(userText).sessions
  const shell = useText(shellText)
  const format = useFormat()
  const { may, user: me } = useSession()
  const mayEnd = may('sessions:delete') || user.id === me.id
  const [asks, setAsks] = useState(false)
  const found = useQuery(read('/users/{id}/sessions', { params: { path: { id: user.id } } }))
  const end = useChange(
    (sessionId: string) =>
      answered(
        server.DELETE('/users/{id}/sessions/{sessionId}', { params: { path: { id: user.id, sessionId } } }),
      ),
    { done: () => t.ended },
  )
  const endAll = useChange(
    () => answered(server.DELETE('/users/{id}/sessions', { params: { path: { id: user.id } } })),
    { done: ({ ended }) => t.endedAll(format.number(ended)) },
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  return (
    <Section
      flush
      title={t.title}
      lead={t.lead}
      actions={
        mayEnd &&
        (found.data?.items.length ?? 0) > 0 && (
          <Button variant="default" onClick={() => setAsks(true)}>
            {t.endAll}
          </Button>
        )
      }
    >
      <DataTable
        label={t.title}
        rows={found.data?.items}
        idOf={({ id }) => id}
        expected={2}
        columns={[
          {
            key: 'kind',
            title: t.kind,
            cell: ({ kind, name, door }) => (
              <>
                <Text size="sm" fw={550}>
                  {name ?? t.kinds[kind]}
                </Text>
                <Text size="xs" c="dimmed">
                  {shell.doors[door] ?? door}
                </Text>
              </>
            ),
          },
          {
            key: 'from',
            title: t.from,
            cell: ({ ip, userAgent }) => (
              <>
                <Text size="sm">{ip ?? '–'}</Text>
                <Text size="xs" c="dimmed" maw={320} className="truncate" title={userAgent}>
                  {userAgent}
                </Text>
              </>
            ),
          },
          { key: 'since', title: t.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { key: 'until', title: t.until, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          {
            key: 'end',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ id, kind }) =>
              mayEnd && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`${t.end}: ${t.kinds[kind]}`}
                  onClick={() => end.mutate(id)}
                >
                  {t.end}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconDevices size={26} />} title={t.empty}>
            {t.emptyText}
          </Empty>
        }
      />
      <Confirm
        isOpen={asks}
        title={t.endAllTitle(nameOf(user))}
        action={t.endAll}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false)
          endAll.mutate()
        }}
      >
        {t.endAllText}
      </Confirm>
    </Section>
  )
}
