import { Badge, Button, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useChange } from '../../change.tsx'
import { usePage } from '../../paging.ts'
import { answered, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { settingsText } from '../../text/settings.ts'
import { shellText } from '../../text/shell.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const colors: Record<string, string> = { sent: 'teal', queued: 'iris', failed: 'red' }

export const Mails = () => {
  const t = useText(settingsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const list = usePage('/mails')
  const again = useChange(
    (id: string) => answered(server.POST('/mails/{id}/retry', { params: { path: { id } } })),
    { done: () => t.mailStatuses.queued },
  )
  return (
    <Section flush title={t.mail} lead={t.mailLead}>
      <Fault error={list.error} onRetry={list.refetch} />
      <DataTable
        label={t.mail}
        rows={list.rows}
        idOf={({ id }) => id}
        columns={[
          { key: 'to', title: t.to, cell: ({ to }) => to },
          { key: 'template', title: t.template, cell: ({ template }) => template },
          {
            key: 'status',
            title: t.status,
            cell: ({ status, fault }) => (
              <>
                <Badge color={colors[status]}>{t.mailStatuses[status]}</Badge>
                {fault && (
                  <Text size="xs" c="dimmed">
                    {fault}
                  </Text>
                )}
              </>
            ),
          },
          { key: 'since', title: t.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            key: 'again',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ id, status, to }) =>
              may('mails:send') &&
              status === 'failed' && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`${t.again}: ${to}`}
                  onClick={() => again.mutate(id)}
                >
                  {t.again}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconMail size={26} />} title={t.noMails}>
            {t.noMailsText}
          </Empty>
        }
      />
      <Pager
        label={shell.pagesOf}
        previous={shell.previous}
        next={shell.next}
        onPrevious={list.onPrevious}
        onNext={list.onNext}
      />
    </Section>
  )
}
