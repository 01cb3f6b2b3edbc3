import { Badge, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { settingsText } from '../../text/settings.ts'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const colors: Record<string, string> = { current: 'teal', next: 'iris', previous: 'gray', revoked: 'red' }

export const Keys = () => {
  const t = useText(settingsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const found = useQuery(read('/signing-keys'))
  const [rotating, setRotating] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const rotate = useChange(() => answered(server.POST('/signing-keys/rotate', { body: {} })), {
    done: () => t.rotated,
  })
  const revoke = useChange(
    (id: string) => answered(server.POST('/signing-keys/{id}/revoke', { params: { path: { id } } })),
    { done: () => t.revoked },
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  return (
    <Section
      flush
      title={t.keys}
      lead={t.keysLead}
      actions={may('keys:rotate') && <Button onClick={() => setRotating(true)}>{t.rotate}</Button>}
    >
      <DataTable
        label={t.keys}
        rows={found.data?.items}
        idOf={({ id }) => id}
        expected={2}
        columns={[
          {
            key: 'id',
            title: t.keyId,
            cell: ({ id }) => <CopyText value={id} label={shell.copy} done={shell.copied} />,
          },
          { key: 'algorithm', title: t.algorithm, cell: ({ algorithm }) => algorithm },
          {
            key: 'status',
            title: t.status,
            cell: ({ status }) => <Badge color={colors[status]}>{t.statuses[status]}</Badge>,
          },
          { key: 'since', title: t.since, cell: ({ changedAt }) => <Time at={changedAt} /> },
          {
            key: 'revoke',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ id, status }) =>
              may('keys:revoke') &&
              status !== 'revoked' &&
              status !== 'current' && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={`${t.revoke} ${id}`}
                  onClick={() => setLeaving(id)}
                >
                  {t.revoke}
                </Button>
              ),
          },
        ]}
      />
      <Confirm
        isOpen={rotating}
        title={t.rotateTitle}
        action={t.rotate}
        cancel={shell.cancel}
        onClose={() => setRotating(false)}
        onConfirm={() => {
          setRotating(false)
          rotate.mutate()
        }}
      >
        {t.rotateText}
      </Confirm>
      <Confirm
        isOpen={leaving !== undefined}
        title={t.revokeTitle}
        action={t.revoke}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          revoke.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {t.revokeText}
      </Confirm>
    </Section>
  )
}
