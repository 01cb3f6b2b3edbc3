import { Badge, Button, Modal, Text, Textarea, TextInput } from '@mantine/core'
import { IconMailForward } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { type ChosenRole, RoleChoice } from '../../forms/role-choice.tsx'
import { nameOf } from '../../names.ts'
import { usePage } from '../../paging.ts'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { registrationText } from '../../text/registration.ts'
import { shellText } from '../../text/shell.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { QuickForm } from '../entity-list.tsx'

export const Invitations = () => {
  const t = useText(registrationText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isInviting, setInviting] = useState(false)
  const list = usePage('/invitations')
  const roles = useQuery(read('/roles', { params: { query: { limit: 200 } } }))
  const revoke = useChange(
    (id: string) => answered(server.DELETE('/invitations/{id}', { params: { path: { id } } })),
    { done: () => t.revoked },
  )
  const invite = may('invitations:create') && <Button onClick={() => setInviting(true)}>{t.invite}</Button>
  if (list.error) return <Fault error={list.error} onRetry={list.refetch} />
  return (
    <Section flush title={t.tabs.invitations} actions={(list.rows?.length ?? 0) > 0 && invite}>
      <DataTable
        label={t.tabs.invitations}
        rows={list.rows}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'who',
            title: t.who,
            cell: ({ email }) => (
              <Text size="sm" fw={550}>
                {email}
              </Text>
            ),
          },
          {
            key: 'gives',
            title: t.gives,
            cell: (invitation) =>
              invitation.roles
                .map(({ roleId }) => roles.data?.items.find(({ id }) => id === roleId)?.name ?? roleId)
                .join(', ') || '–',
          },
          { key: 'status', title: t.status, cell: (invitation) => <InvitationStatus {...invitation} /> },
          { key: 'until', title: t.until, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          {
            key: 'revoke',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ id, email, acceptedAt }) =>
              may('invitations:delete') &&
              acceptedAt === undefined && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={`${t.revoke}: ${email}`}
                  onClick={() => revoke.mutate(id)}
                >
                  {t.revoke}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconMailForward size={26} />} title={t.noInvitations} action={invite}>
            {t.noInvitationsText}
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
        opened={isInviting}
        onClose={() => setInviting(false)}
        size="lg"
        title={<Text fw={600}>{t.inviteTitle}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <InviteForm onClose={() => setInviting(false)} />
      </Modal>
    </Section>
  )
}

const InvitationStatus = ({ acceptedAt, expiresAt }: { acceptedAt?: string; expiresAt: string }) => {
  const t = useText(registrationText)
  if (acceptedAt !== undefined) return <Badge color="teal">{t.accepted}</Badge>
  return Date.parse(expiresAt) <= Date.now() ? (
    <Badge color="gray">{t.expired}</Badge>
  ) : (
    <Badge>{t.open}</Badge>
  )
}

const InviteForm = ({ onClose }: { onClose: () => void }) => {
  const t = useText(registrationText)
  const format = useFormat()
  const { user } = useSession()
  const [text, setText] = useState('')
  const [inviterName, setInviterName] = useState(nameOf(user))
  const [roles, setRoles] = useState<ChosenRole[]>([])
  const addresses = [...new Set(text.split(/[\s,;]+/u).filter(Boolean))]
  return (
    <QuickForm
      action={t.invite}
      onCancel={onClose}
      save={async () => {
        for (const email of addresses) {
          const body = { email, inviterName, roles: roles.map(({ id }) => ({ roleId: id })) }
          await answered(server.POST('/invitations', { body }))
        }
      }}
      done={() => t.invited(format.number(addresses.length))}
    >
      <Textarea
        label={t.addresses}
        description={t.inviteHint}
        autosize
        minRows={3}
        maxRows={12}
        required
        withAsterisk={false}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label={t.inviter}
        required
        withAsterisk={false}
        value={inviterName}
        onChange={(event) => setInviterName(event.currentTarget.value)}
      />
      <RoleChoice chosen={roles} onChange={setRoles} heldIn="workspace" />
    </QuickForm>
  )
}
