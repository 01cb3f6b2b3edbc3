import { Alert, Badge, Group, NativeSelect, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconCircleCheck, IconCircleX, IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { isComplete, ScopePicker } from '../forms/scope-picker.tsx'
import { UserSelect } from '../forms/user-select.tsx'
import { PageLink, useSearch } from '../link.tsx'
import { usePlaceNames } from '../names.ts'
import { paths } from '../paths.ts'
import { type Explanation, read } from '../server.ts'
import { Fault, PageLoading } from '../shell/faults.tsx'
import { explainText } from '../text/explain.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Empty, Page, Section } from '../ui/page.tsx'
import { Time } from '../ui/time.tsx'
import { ActorName } from './actor-name.tsx'

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
        <Answer explanation={answer.data} />
      ) : (
        <PageLoading />
      )}
    </Page>
  )
}

type Path = Explanation['paths'][number]

const Answer = ({ explanation }: { explanation: Explanation }) => {
  const t = useText(explainText)
  const nameOfPlace = usePlaceNames()
  const { user, asked, answer, paths: ways, missing, isCut } = explanation
  const name = user.name ?? user.id
  const subject = asked.role?.name ?? asked.permission?.name ?? ''
  const sentence = asked.role
    ? answer
      ? t.yesRole(name, subject)
      : t.noRole(name, subject)
    : answer
      ? t.yesPermission(name, subject)
      : t.noPermission(name, subject)
  return (
    <Stack aria-live="polite">
      <Alert
        color={answer ? 'teal' : 'red'}
        variant="light"
        icon={answer ? <IconCircleCheck /> : <IconCircleX />}
        title={
          <Text fw={650} fz="lg" c="var(--mantine-color-text)">
            {sentence}
          </Text>
        }
      >
        <Text size="sm">{nameOfPlace(explanation.scope)}</Text>
        {missing?.isBlocked && <Text size="sm">{t.isBlocked}</Text>}
        {missing?.isMember === false && <Text size="sm">{t.notMember}</Text>}
      </Alert>
      {ways.length > 0 && (
        <Section title={t.ways} lead={isCut ? t.cut : undefined}>
          <Stack gap="lg">
            {ways.map((way) => (
              <Way key={keyOf(way)} way={way} subject={subject} />
            ))}
          </Stack>
        </Section>
      )}
      {missing && missing.nearly.length > 0 && (
        <Section title={t.nearly}>
          <Stack gap="lg">
            {missing.nearly.map(({ because, ...way }) => (
              <Stack key={keyOf(way)} gap={6}>
                <Way way={way} subject={subject} />
                <Group gap="xs">
                  {because.map(({ kind, scope }) => (
                    <Badge key={`${kind} ${scope}`} color="orange">
                      {t.because[kind]} {scope !== undefined && `(${nameOfPlace(scope)})`}
                    </Badge>
                  ))}
                </Group>
              </Stack>
            ))}
          </Stack>
        </Section>
      )}
      {missing?.roles && missing.roles.length > 0 && (
        <Section title={t.wouldHelp}>
          <Stack>
            {missing.roles.slice(0, 10).map(({ roles, assignIn }) => (
              <Group key={roles.map(({ id }) => id).join(' ')} gap="xs">
                <RoleChain roles={roles} />
                <Text size="sm" c="dimmed">
                  {t.assignIn(nameOfPlace(assignIn))}
                </Text>
              </Group>
            ))}
          </Stack>
        </Section>
      )}
    </Stack>
  )
}

const keyOf = ({ grant, roles }: Path): string =>
  `${grant.kind} ${grant.scope} ${grant.source} ${grant.since} ${roles.map(({ id }) => id).join(' ')}`

/** What was given, then each role on the way to what was asked about. */
const Way = ({ way: { grant, roles }, subject }: { way: Path; subject: string }) => {
  const t = useText(explainText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  return (
    <Stack gap={8}>
      <Group gap={8}>
        <div className="path-step">
          <Text size="sm" fw={600}>
            {grant.kind === 'permission'
              ? t.directPermission
              : (shell.sources[grant.source ?? 'direct'] ?? grant.source)}
          </Text>
          <Text size="xs" c="dimmed">
            {nameOfPlace(grant.scope)}
          </Text>
        </div>
        {roles.length > 0 && <IconArrowRight size={16} aria-hidden />}
        <RoleChain roles={roles} />
        {roles.at(-1)?.name !== subject && (
          <>
            <IconArrowRight size={16} aria-hidden />
            <div className="path-step">
              <Text size="sm" fw={600} ff="monospace">
                {subject}
              </Text>
            </div>
          </>
        )}
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {grant.by && (
          <>
            {t.given} <ActorName actor={grant.by} />
          </>
        )}
        {grant.door && ` · ${shell.doors[grant.door] ?? grant.door}`}
        {grant.since && (
          <>
            {` · ${t.since} `}
            <Time at={grant.since} />
          </>
        )}
        {grant.until && (
          <>
            {` · ${t.until} `}
            <Time at={grant.until} />
          </>
        )}
        {grant.reason && ` · “${grant.reason}”`}
      </Text>
    </Stack>
  )
}

const RoleChain = ({ roles }: { roles: Path['roles'] }) => {
  const t = useText(explainText)
  return (
    <>
      {roles.map(({ id, name }, at) => (
        <Group key={id} gap={8}>
          {at > 0 && (
            <Text size="xs" c="dimmed">
              {t.includes}
            </Text>
          )}
          <div className="path-step">
            <PageLink to={paths.role(id)} quiet size="sm">
              {name}
            </PageLink>
          </div>
        </Group>
      ))}
    </>
  )
}
