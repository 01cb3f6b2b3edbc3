import { Button, Group } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { useChange } from '../../change.tsx'
import { PageLink } from '../../link.tsx'
import { detailOf, nameOf, usePlaceNames } from '../../names.ts'
import { usePage } from '../../paging.ts'
import { paths } from '../../paths.ts'
import { answered, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { registrationText } from '../../text/registration.ts'
import { shellText } from '../../text/shell.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Person } from '../../ui/person.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export const Requests = () => {
  const t = useText(registrationText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  const list = usePage('/role-requests', { status: 'open' })
  const decide = useChange(
    ({ id, isApproved }: { id: string; isApproved: boolean }): Promise<unknown> =>
      isApproved
        ? answered(server.POST('/role-requests/{id}/approve', { params: { path: { id } }, body: {} }))
        : answered(server.POST('/role-requests/{id}/reject', { params: { path: { id } }, body: {} })),
    { done: (_answer, { isApproved }) => (isApproved ? t.approved : t.rejected) },
  )
  if (list.error) return <Fault error={list.error} onRetry={list.refetch} />
  return (
    <Section flush title={t.requests}>
      <DataTable
        label={t.requests}
        rows={list.rows}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'who',
            title: t.who,
            cell: ({ user }) => (
              <Person
                plainName={nameOf(user)}
                name={
                  <PageLink to={paths.user(user.id)} quiet>
                    {nameOf(user)}
                  </PageLink>
                }
                detail={detailOf(user)}
              />
            ),
          },
          { key: 'asks', title: t.asks, cell: ({ role, scope }) => `${role.name} (${nameOfPlace(scope)})` },
          { key: 'reason', title: t.reason, wide: true, cell: ({ reason }) => reason ?? '–' },
          { key: 'since', title: t.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            key: 'decide',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ id, user }) => (
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                <Button
                  size="compact-sm"
                  aria-label={`${t.approve}: ${nameOf(user)}`}
                  onClick={() => decide.mutate({ id, isApproved: true })}
                >
                  {t.approve}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${t.reject}: ${nameOf(user)}`}
                  onClick={() => decide.mutate({ id, isApproved: false })}
                >
                  {t.reject}
                </Button>
              </Group>
            ),
          },
        ]}
        empty={
          <Empty icon={<IconHourglass size={26} />} title={t.noRequests}>
            {t.noRequestsText}
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
