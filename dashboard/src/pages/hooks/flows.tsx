import { NativeSelect, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useSearch } from '../../link.tsx'
import { answered, read, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { eventsText } from '../../text/events.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'

const Flow = lazy(() => import('./flow.tsx'))

/** The hooks of each trigger, in the order in which they run. */
export const Flows = () => {
  const t = useText(hooksText)
  const events = useText(eventsText)
  const [search, change] = useSearch()
  const trigger = search.trigger ?? 'user.post-login'
  const triggers = useQuery(read('/triggers'))
  const scripts = useQuery(
    read('/hooks', { params: { query: { limit: 200, flavour: 'event-script' as const } } }),
  )
  const scriptTriggers = new Set(scripts.data?.items.flatMap((hook) => hook.triggers.map(({ name }) => name)))
  const known = triggers.data?.items.find(({ name }) => name === trigger)
  // The version of the list comes in a header, so that it is read here.
  const bindings = useQuery({
    queryKey: ['/triggers/{trigger}/bindings', trigger],
    queryFn: async () => {
      const call = server.GET('/triggers/{trigger}/bindings', { params: { path: { trigger } } })
      const { items } = await answered(call)
      return { items, etag: (await call).response.headers.get('etag') ?? '""' }
    },
  })
  const groups = [
    {
      group: t.tabs.flows,
      items: (triggers.data?.items ?? [{ name: 'user.post-login' }]).map(({ name }) => ({
        value: name,
        label: t.triggers[name] ?? name,
      })),
    },
    {
      group: t.anyEvent,
      items: Object.entries(events.types).map(([value, label]) => ({ value, label })),
    },
    ...(scriptTriggers.size > 0
      ? [
          {
            group: t.flavours['event-script'],
            items: [...scriptTriggers].map((name) => ({ value: name, label: name })),
          },
        ]
      : []),
  ]
  return (
    <Stack>
      <NativeSelect
        label={t.trigger}
        maw={420}
        value={trigger}
        onChange={(event) => change({ trigger: event.currentTarget.value })}
        data={groups}
      />
      {bindings.error ? (
        <Fault error={bindings.error} onRetry={() => void bindings.refetch()} />
      ) : (
        <Suspense fallback={<Skeleton h={320} />}>
          {bindings.data ? (
            <Flow
              key={`${trigger} ${bindings.data.etag}`}
              trigger={trigger}
              title={t.triggers[trigger] ?? events.types[trigger] ?? trigger}
              note={known && (known.mayDeny ? t.mayDeny : t.observes)}
              before={bindings.data.items}
              etag={bindings.data.etag}
            />
          ) : (
            <Skeleton h={320} />
          )}
        </Suspense>
      )}
    </Stack>
  )
}
