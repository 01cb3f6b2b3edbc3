import { Badge, Button, Drawer, Modal, Skeleton, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { usePage } from '../../paging.ts'
import { answered, type Item, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useLanguage, useText } from '../../text/language.tsx'
import { settingsText } from '../../text/settings.ts'
import { shellText } from '../../text/shell.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { QuickForm } from '../entity-list.tsx'

const colors: Record<string, string> = { sent: 'teal', queued: 'iris', failed: 'red' }

export const Mails = () => {
  const t = useText(settingsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const list = usePage('/mails')
  const [isTesting, setTesting] = useState(false)
  const [shown, setShown] = useState<Item<'/mails'>>()
  const again = useChange(
    (id: string) => answered(server.POST('/mails/{id}/retry', { params: { path: { id } } })),
    { done: () => t.mailStatuses.queued },
  )
  return (
    <Section
      flush
      title={t.mail}
      lead={t.mailLead}
      actions={
        may('mails:send') && (
          <Button variant="default" onClick={() => setTesting(true)}>
            {t.test}
          </Button>
        )
      }
    >
      <Fault error={list.error} onRetry={list.refetch} />
      <DataTable
        label={t.mail}
        rows={list.rows}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'to',
            title: t.to,
            cell: (mail) =>
              may('mails:read-content') ? (
                <UnstyledButton
                  className="quiet-link"
                  fz="sm"
                  aria-label={t.showMail(mail.to)}
                  onClick={() => setShown(mail)}
                >
                  {mail.to}
                </UnstyledButton>
              ) : (
                mail.to
              ),
          },
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
      <Modal
        opened={isTesting}
        onClose={() => setTesting(false)}
        title={<Text fw={600}>{t.test}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <TestMail onClose={() => setTesting(false)} />
      </Modal>
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        size="lg"
        title={<Text fw={600}>{shown && t.showMail(shown.to)}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {shown && <Content mailId={shown.id} />}
      </Drawer>
    </Section>
  )
}

const TestMail = ({ onClose }: { onClose: () => void }) => {
  const t = useText(settingsText)
  const { language } = useLanguage()
  const { user } = useSession()
  const [to, setTo] = useState(user.email ?? '')
  return (
    <QuickForm
      action={t.test}
      onCancel={onClose}
      save={() => answered(server.POST('/mail/test', { body: { to: to.trim(), locale: language } }))}
      done={(mail) => t.testSent(mail.to)}
    >
      <TextInput
        label={t.testTo}
        type="email"
        required
        withAsterisk={false}
        data-autofocus
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </QuickForm>
  )
}

/** The words alone: what people write into templates is not let into the page. */
const Content = ({ mailId }: { mailId: string }) => {
  const found = useQuery(read('/mails/{id}/content', { params: { path: { id: mailId } } }))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton h={200} />
  return (
    <>
      <Text fw={600} mb="md">
        {found.data.subject}
      </Text>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {found.data.text}
      </Text>
    </>
  )
}
