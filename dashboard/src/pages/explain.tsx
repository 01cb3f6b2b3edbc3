import { Group, NativeSelect, SegmentedControl, SimpleGrid, Stack } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { isComplete, ScopePicker } from '../forms/scope-picker.tsx'
import { UserSelect } from '../forms/user-select.tsx'
import { useSearch } from '../link.tsx'
import { read } from '../server.ts'
import { Fault, PageLoading } from '../shell/faults.tsx'
import { explainText } from '../text/explain.ts'
import { useText } from '../text/language.tsx'
import { Empty, Page, Section } from '../ui/page.tsx'

/** Fetched with the first answer. */
const Answer = lazy(() => import('./explain/answer.tsx').then((m) => ({ default: m.Answer })))

/** The question in the address, the answer as paths. */
export const Explain = () => {
  const t = useText(explainText)
  const [search, change] = useSearch()
  const { userId, roleId, api, permission, scope = 'workspace' } = search
  const isAboutPermission = search.about === 'permission' || (!search.about && Boolean(api))
  const roles = useQuery(read('/roles', { params: { query: { limit: 200, order: 'name' } } }))
  const apis = useQuery(read('/apis', { params: { query: { limit: 200, order: 'name' } } }))
  const asked = isAboutPermission ? api && permission && { api, permission } : roleId && { roleId }
  const isAsked = Boolean(userId && asked && isComplete(scope))
  const answer = useQuery({
    ...read('/explain', { params: { query: { userId: userId ?? '', scope, ...(asked || {}) } } }),
    enabled: isAsked,
  })
  return (
    <Page title={t.title} lead={t.lead}>
      <Section>
        <Stack>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <UserSelect
              label={t.user}
              placeholder={t.userHint}
              value={userId}
              onChange={(id) => change({ userId: id })}
            />
            <ScopePicker value={scope} onChange={(next) => change({ scope: next })} label={t.where} />
          </SimpleGrid>
          <Group align="flex-end">
            <SegmentedControl
              aria-label={t.about}
              value={isAboutPermission ? 'permission' : 'role'}
              onChange={(about) => change({ about })}
              data={[
                { value: 'role', label: t.role },
                { value: 'permission', label: t.permission },
              ]}
            />
            {isAboutPermission ? (
              <>
                <NativeSelect
                  label={t.api}
                  value={api ?? ''}
                  onChange={(event) => change({ api: event.currentTarget.value, permission: '' })}
                  data={['', ...(apis.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
                />
                <NativeSelect
                  label={t.whichPermission}
                  value={permission ?? ''}
                  onChange={(event) => change({ permission: event.currentTarget.value })}
                  data={[
                    '',
                    ...(apis.data?.items.find(({ id }) => id === api)?.permissions ?? []).map(
                      ({ name }) => name,
                    ),
                  ]}
                />
              </>
            ) : (
              <NativeSelect
                label={t.whichRole}
                value={roleId ?? ''}
                onChange={(event) => change({ roleId: event.currentTarget.value })}
                data={['', ...(roles.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
              />
            )}
          </Group>
        </Stack>
      </Section>
      {!isAsked ? (
        <section className="card">
          <Empty icon={<IconRoute size={26} />} title={t.pick}>
            {t.pickText}
          </Empty>
        </section>
      ) : answer.error ? (
        <Fault error={answer.error} onRetry={() => void answer.refetch()} />
      ) : answer.data ? (
        <Suspense fallback={<PageLoading />}>
          <Answer explanation={answer.data} />
        </Suspense>
      ) : (
        <PageLoading />
      )}
    </Page>
  )
}
