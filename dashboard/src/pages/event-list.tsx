import { Badge, Box, Drawer, Text, UnstyledButton } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PageLink } from '../link.tsx'
import { nameOf, usePlaceNames } from '../names.ts'
import { usePage } from '../paging.ts'
import { paths } from '../paths.ts'
import { type Event, read } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Snippet } from '../ui/copy.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { DataTable } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { ActorName } from './actor-name.tsx'

type EventListProps = {
  /** What happened to one user; his own list, which he may see himself. */
  userId?: string
  filters?: { type?: string; door?: string; actorId?: string; roleId?: string }
  /** What came since the list was read, the newest first. */
  fresh?: readonly Event[]
}

/** What happened, and the whole story of each event on demand. */
export const EventList = ({ userId, filters = {}, fresh = [] }: EventListProps) => {
  const t = useText(eventsText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  const [shown, setShown] = useState<Event>()
  const all = usePage('/events', { ...filters, ...(userId && { userId }) })
  const known = new Set(fresh.map(({ id }) => id))
  const rows = all.rows && [...fresh, ...all.rows.filter(({ id }) => !known.has(id))]
  return (
    <section className="card table-frame" aria-label={t.title}>
      {all.error ? (
        <Box p="md">
          <Fault error={all.error} onRetry={all.refetch} />
        </Box>
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          idOf={({ id }) => id}
          columns={[
            {
              key: 'event',
              title: t.event,
              cell: (event) => (
                <UnstyledButton onClick={() => setShown(event)} className="quiet-link" fz="sm">
                  {t.types[event.type] ?? event.type}
                </UnstyledButton>
              ),
            },
            { key: 'who', title: t.who, cell: ({ actor }) => <ActorName actor={actor} /> },
            {
              key: 'whom',
              title: t.whom,
              cell: (event) => <About event={event} />,
            },
            {
              key: 'where',
              title: t.where,
              wide: true,
              cell: ({ scope }) => (scope === undefined ? '–' : nameOfPlace(scope)),
            },
            {
              key: 'door',
              title: t.door,
              wide: true,
              cell: ({ door }) => <Badge color="gray">{shell.doors[door] ?? door}</Badge>,
            },
            { key: 'when', title: t.when, cell: ({ at }) => <Time at={at} /> },
          ]}
          empty={
            <Empty icon={<IconActivity size={26} />} title={t.empty}>
              {t.emptyText}
            </Empty>
          }
        />
      )}
      <Pager
        label={shell.pagesOf}
        previous={shell.previous}
        next={shell.next}
        onPrevious={all.onPrevious}
        onNext={all.onNext}
      />
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        size="lg"
        title={<Text fw={600}>{shown && (t.types[shown.type] ?? shown.type)}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {shown && <Story event={shown} />}
      </Drawer>
    </section>
  )
}

/** Names the user and the role, as far as the reader may know them. */
const About = ({ event: { userId, roleId, target } }: { event: Event }) => {
  const { may, user: me } = useSession()
  const user = useQuery({
    ...read('/users/{id}', { params: { path: { id: userId ?? '' } } }),
    enabled: userId !== undefined && (may('users:read') || userId === me.id),
    staleTime: 60_000,
    retry: false,
  })
  const role = useQuery({
    ...read('/roles/{id}', { params: { path: { id: roleId ?? '' } } }),
    enabled: roleId !== undefined && may('roles:read'),
    staleTime: 60_000,
    retry: false,
  })
  return (
    <>
      {userId !== undefined && (
        <PageLink to={paths.user(userId)} quiet size="sm">
          {user.data ? nameOf(user.data) : userId}
        </PageLink>
      )}
      {userId !== undefined && roleId !== undefined && ' · '}
      {roleId !== undefined && (
        <PageLink to={paths.role(roleId)} quiet size="sm">
          {role.data?.name ?? roleId}
        </PageLink>
      )}
      {userId === undefined && roleId === undefined && (
        <Text size="sm" c="dimmed">
          {target ? `${target.kind} ${target.id}` : '–'}
        </Text>
      )}
    </>
  )
}

const Story = ({ event }: { event: Event }) => {
  const t = useText(eventsText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  return (
    <>
      <Facts
        cols={{ base: 1, xs: 2 }}
        facts={[
          [t.event, event.type],
          [t.when, <Time key="when" at={event.at} />],
          [t.who, <ActorName key="who" actor={event.actor} />],
          [t.door, shell.doors[event.door] ?? event.door],
          [t.whom, <About key="whom" event={event} />],
          [t.where, event.scope === undefined ? '–' : nameOfPlace(event.scope)],
        ]}
      />
      <Box mt="lg">
        <Snippet code={JSON.stringify(event, null, 2)} label={shell.copy} done={shell.copied} />
      </Box>
    </>
  )
}
