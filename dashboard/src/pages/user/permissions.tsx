import { Badge, Box, Group, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isComplete, ScopePicker } from '../../forms/scope-picker.tsx'
import { PageLink } from '../../link.tsx'
import { explainPath, paths } from '../../paths.ts'
import { read } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { userText } from '../../text/user.ts'
import { Empty } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { UserTabProps } from '../user.tsx'

export const Permissions = ({ user }: UserTabProps) => {
  const text = useText(userText)
  const t = text.permissions
  const { may } = useSession()
  const [scope, setScope] = useState('workspace')
  const found = useQuery({
    ...read('/users/{id}/effective-permissions', { params: { path: { id: user.id }, query: { scope } } }),
    enabled: isComplete(scope),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="card table-frame" aria-label={t.title}>
      <Box p="md" maw={520}>
        <ScopePicker value={scope} onChange={setScope} label={t.scope} />
      </Box>
      {found.error ? (
        <Box p="md">
          <Fault error={found.error} onRetry={() => void found.refetch()} />
        </Box>
      ) : (
        <DataTable
          label={t.title}
          rows={found.data?.items}
          idOf={({ apiId, name }) => `${apiId} ${name}`}
          columns={[
            {
              key: 'permission',
              title: t.permission,
              cell: ({ name, description }) => (
                <>
                  <Text size="sm" fw={550}>
                    {name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {description}
                  </Text>
                </>
              ),
            },
            {
              key: 'api',
              title: t.api,
              cell: ({ apiId, apiName }) => (
                <PageLink to={paths.api(apiId)} quiet>
                  {apiName}
                </PageLink>
              ),
            },
            {
              key: 'from',
              title: t.from,
              cell: ({ isDirect, roles }) => (
                <Group gap={4}>
                  {isDirect && <Badge>{t.direct}</Badge>}
                  {roles.map(({ id, name }) => (
                    <Badge key={id} color="gray">
                      {name}
                    </Badge>
                  ))}
                </Group>
              ),
            },
            {
              key: 'why',
              title: <span className="visually-hidden">{text.roles.why}</span>,
              align: 'right',
              cell: ({ apiId, name }) =>
                may('decisions:read') && (
                  <PageLink
                    size="sm"
                    to={explainPath({ userId: user.id, api: apiId, permission: name, scope })}
                  >
                    {text.roles.why}
                  </PageLink>
                ),
            },
          ]}
          empty={
            <Empty icon={<IconKey size={26} />} title={t.empty}>
              {t.emptyText}
            </Empty>
          }
        />
      )}
    </section>
  )
}
