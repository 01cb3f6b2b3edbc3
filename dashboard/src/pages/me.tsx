import { Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { detailOf, nameOf } from '../names.ts'
import { read } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { eventsText } from '../text/events.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { meText } from '../text/me.ts'
import { shellText } from '../text/shell.ts'
import { userText } from '../text/user.ts'
import { Facts } from '../ui/facts.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Portrait } from '../ui/person.tsx'
import { DataTable } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { RoleRequests } from './me/role-requests.tsx'
import { OwnRoles } from './me/roles.tsx'
import { SecondFactors } from './me/second-factors.tsx'
import { Sessions } from './user/sessions.tsx'

/** Everybody's own page. */
export const Me = () => {
  const t = useText(meText)
  const of = useText(userText)
  const events = useText(eventsText)
  const shell = useText(shellText)
  const format = useFormat()
  const { user } = useSession()
  const path = { id: user.id }
  const roles = useQuery(read('/users/{id}/effective-roles', { params: { path } }))
  const permissions = useQuery(read('/users/{id}/effective-permissions', { params: { path } }))
  const organizations = useQuery(read('/users/{id}/organizations', { params: { path } }))
  const history = useQuery(read('/users/{id}/events', { params: { path, query: { limit: 10 } } }))
  return (
    <Page
      title={nameOf(user)}
      lead={detailOf(user) || t.lead}
      picture={<Portrait name={nameOf(user)} size={52} />}
    >
      <Section title={t.title} lead={t.lead}>
        <Facts
          facts={[
            [of.fields.name, user.name],
            [of.fields.email, user.email],
            [of.fields.username, user.username],
            [of.fields.created, <Time key="created" at={user.createdAt} />],
            [of.fields.lastLogin, <Time key="login" at={user.lastLoginAt} fallback={shell.never} />],
            [of.fields.logins, format.number(user.loginsCount)],
          ]}
        />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack>
          <Fault error={roles.error} onRetry={() => void roles.refetch()} />
          <OwnRoles userId={user.id} roles={roles.data?.items} />
        </Stack>
        <Stack>
          <Section title={t.permissions}>
            <Group gap={6}>
              {permissions.data?.items.slice(0, 60).map(({ apiId, name }) => (
                <Badge key={`${apiId} ${name}`} color="gray">
                  {name}
                </Badge>
              ))}
              {permissions.data?.items.length === 0 && <Text size="sm">{t.noPermissions}</Text>}
            </Group>
          </Section>
          <Section title={t.member}>
            <Group gap={6}>
              {organizations.data?.items.map(({ id, name, displayName }) => (
                <Badge key={id} color="teal">
                  {displayName || name}
                </Badge>
              ))}
              {organizations.data?.items.length === 0 && <Text size="sm">{t.noMember}</Text>}
            </Group>
          </Section>
        </Stack>
      </SimpleGrid>
      <RoleRequests userId={user.id} held={roles.data?.items.map(({ id }) => id) ?? []} />
      <SecondFactors userId={user.id} />
      <Sessions user={user} />
      <Section flush title={t.history}>
        <DataTable
          label={t.history}
          rows={history.data?.items}
          idOf={({ id }) => id}
          columns={[
            { key: 'event', title: events.event, cell: ({ type }) => events.types[type] ?? type },
            { key: 'door', title: events.door, cell: ({ door }) => shell.doors[door] ?? door },
            { key: 'when', title: events.when, cell: ({ at }) => <Time at={at} /> },
          ]}
        />
      </Section>
    </Page>
  )
}
