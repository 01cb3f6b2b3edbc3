import { Badge, Button, Group, Modal, Text } from '@mantine/core'
import { IconPlus, IconTicket } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../change.tsx'
import { GrantForm } from '../forms/grant-form.tsx'
import { PageLink } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, type Item, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { applicationsText } from '../text/applications.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Empty, Section } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { ActorName } from './actor-name.tsx'

type Grant = Item<'/client-grants'>

/** Which application may call which API, seen from either of them. */
export const Grants = ({ applicationId, apiId }: { applicationId?: string; apiId?: string }) => {
  const t = useText(applicationsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isAdding, setAdding] = useState(false)
  const query = { limit: 200, ...(applicationId && { applicationId }), ...(apiId && { api: apiId }) }
  const found = useQuery(read('/client-grants', { params: { query } }))
  const remove = useChange(
    ({ id }: Grant) => answered(server.DELETE('/client-grants/{id}', { params: { path: { id } } })),
    {
      done: () => t.unauthorized,
      undo: (_answer, grant) => () =>
        answered(
          server.POST('/client-grants', {
            body: {
              applicationId: grant.applicationId,
              api: grant.apiId,
              permissions: grant.permissions,
              allowsAll: grant.allowsAll,
              subjectType: grant.subjectType,
            },
          }),
        ),
    },
  )
  const add = may('client-grants:create') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t.authorize}
    </Button>
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  return (
    <Section flush title={t.tabs.apis} actions={(found.data?.items.length ?? 0) > 0 && add}>
      <DataTable
        label={t.tabs.apis}
        rows={found.data?.items}
        idOf={({ id }) => id}
        expected={3}
        columns={[
          applicationId === undefined
            ? {
                key: 'application',
                title: t.name,
                cell: (grant) => <ActorName actor={{ kind: 'application', id: grant.applicationId }} />,
              }
            : {
                key: 'api',
                title: 'API',
                cell: (grant) => (
                  <PageLink to={paths.api(grant.apiId)} quiet size="sm">
                    {grant.apiIdentifier}
                  </PageLink>
                ),
              },
          {
            key: 'permissions',
            title: t.permissions,
            cell: ({ allowsAll, permissions }) => (
              <Group gap={4}>
                {allowsAll && <Badge>{t.everything}</Badge>}
                {permissions.slice(0, 6).map((name) => (
                  <Badge key={name} color="gray">
                    {name}
                  </Badge>
                ))}
                {permissions.length > 6 && <Badge color="gray">+{permissions.length - 6}</Badge>}
              </Group>
            ),
          },
          {
            key: 'remove',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: (grant) =>
              may('client-grants:delete') && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={`${shell.remove} ${grant.apiIdentifier}`}
                  onClick={() => remove.mutate(grant)}
                >
                  {shell.remove}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconTicket size={26} />} title={t.noApis} action={add}>
            {t.noApisText}
          </Empty>
        }
      />
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        size="lg"
        title={<Text fw={600}>{t.authorize}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <GrantForm
          {...(applicationId !== undefined && { applicationId })}
          {...(apiId !== undefined && { apiId })}
          onClose={() => setAdding(false)}
        />
      </Modal>
    </Section>
  )
}
