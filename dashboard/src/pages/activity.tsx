import { Badge, Button, Group, NativeSelect } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useSearch } from '../link.tsx'
import { useLiveEvents } from '../live.ts'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Page } from '../ui/page.tsx'
import { EventList } from './event-list.tsx'

const ActivityChart = lazy(() => import('./activity-chart.tsx'))

/** What happens, as it happens. */
export const Activity = () => {
  const t = useText(eventsText)
  const shell = useText(shellText)
  const [search, change] = useSearch()
  const [isFollowing, setFollowing] = useState(true)
  const filters = {
    ...(search.type && { type: search.type }),
    ...(search.door && { door: search.door }),
  }
  const [fresh, connection] = useLiveEvents(filters, isFollowing && search.after === undefined)
  const isLive = connection === 'live'
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        <>
          <Badge color={isLive ? 'teal' : 'gray'} variant="dot" size="lg" aria-live="polite">
            {isLive ? t.live : connection === 'closed' ? t.paused : t.lost}
          </Badge>
          <Button
            variant="default"
            leftSection={isFollowing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            onClick={() => setFollowing(!isFollowing)}
          >
            {isFollowing ? t.pause : t.follow}
          </Button>
        </>
      }
    >
      <Suspense fallback={<div className="card" style={{ height: 262 }} />}>
        <ActivityChart />
      </Suspense>
      <Group>
        <NativeSelect
          aria-label={t.what}
          value={search.type ?? ''}
          onChange={(event) => change({ type: event.currentTarget.value, after: undefined })}
          data={[
            { value: '', label: t.anything },
            ...Object.entries(t.families).map(([value, label]) => ({ value, label })),
            ...Object.entries(t.types).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          aria-label={t.door}
          value={search.door ?? ''}
          onChange={(event) => change({ door: event.currentTarget.value, after: undefined })}
          data={[
            { value: '', label: t.anyDoor },
            ...Object.entries(shell.doors).map(([value, label]) => ({ value, label })),
          ]}
        />
      </Group>
      <EventList filters={filters} fresh={fresh} />
    </Page>
  )
}
