import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { PageLink } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { read, type Trials } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { useFormat } from '../../text/format.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Snippet } from '../../ui/copy.tsx'
import { Empty, Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Calls, LogLines } from './told.tsx'

const OutcomeChart = lazy(() => import('./outcome-chart.tsx'))

type Tried = Trials['results'][number] & { key: string }

export type Outcome = 'changes' | 'nothing' | 'denies' | 'fails'

const outcomeOf = ({ failure, changes }: Tried): Outcome => {
  if (failure) return 'fails'
  if (changes.denied) return 'denies'
  const isEmpty = Object.values(changes).every((each) => Object.keys(each ?? {}).length === 0)
  return isEmpty ? 'nothing' : 'changes'
}

export const outcomeColors: Readonly<Record<Outcome, string>> = {
  changes: 'teal',
  nothing: 'gray',
  denies: 'orange',
  fails: 'red',
}

/** What a draft did with each event, and what it would have changed. */
export const TrialResults = ({ results }: { results: Trials['results'] }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const format = useFormat()
  const [shown, setShown] = useState<Tried>()
  const nameOf = useRoleNames()
  const rows: Tried[] = results.map((each, place) => ({ ...each, key: each.eventId ?? String(place) }))
  if (rows.length === 0) {
    return (
      <Section>
        <Text size="sm">{t.noResults}</Text>
      </Section>
    )
  }
  const counts = (['changes', 'nothing', 'denies', 'fails'] as const).map((outcome) => ({
    outcome,
    value: rows.filter((row) => outcomeOf(row) === outcome).length,
  }))
  const only = rows.length === 1 ? rows[0] : undefined
  return (
    <>
      <Section flush title={t.results}>
        {!only && (
          <Suspense fallback={<div style={{ height: 140 }} />}>
            <OutcomeChart counts={counts} />
          </Suspense>
        )}
        <DataTable
          label={t.results}
          rows={rows}
          idOf={({ key }) => key}
          columns={[
            { key: 'for', title: t.resultOf, cell: (row) => <Who tried={row} /> },
            { key: 'when', title: t.when, wide: true, cell: ({ at }) => <Time at={at} /> },
            {
              key: 'outcome',
              title: t.outcome,
              cell: (row) => (
                <Badge color={outcomeColors[outcomeOf(row)]}>{t.outcomes[outcomeOf(row)]}</Badge>
              ),
            },
            {
              key: 'difference',
              title: t.difference,
              cell: (row) => <Changes tried={row} nameOf={nameOf} />,
            },
            {
              key: 'took',
              title: t.took,
              wide: true,
              cell: ({ durationMs }) => `${format.number(durationMs)} ms`,
            },
            ...(only
              ? []
              : [
                  {
                    key: 'details',
                    title: <span className="visually-hidden">{shell.actions}</span>,
                    align: 'right' as const,
                    cell: (row: Tried) => (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={t.detailsOf(row.userId ?? row.key)}
                        onClick={() => setShown(row)}
                      >
                        {t.details}
                      </Button>
                    ),
                  },
                ]),
          ]}
          empty={
            <Empty icon={null} title={t.noResults}>
              {t.testLead}
            </Empty>
          }
        />
      </Section>
      {only && <Details tried={only} />}
      <Modal
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        size="xl"
        title={<Text fw={600}>{t.details}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {shown && <Details tried={shown} />}
      </Modal>
    </>
  )
}

const Who = ({ tried: { userId } }: { tried: Tried }) => {
  const { may } = useSession()
  const user = useQuery({
    ...read('/users/{id}', { params: { path: { id: userId ?? '' } } }),
    enabled: userId !== undefined && may('users:read'),
    retry: false,
    staleTime: 60_000,
  })
  if (userId === undefined) return '–'
  return <PageLink to={paths.user(userId)}>{user.data?.email ?? user.data?.username ?? userId}</PageLink>
}

/** Scripts name roles by id or by name. */
const useRoleNames = (): ((role: string) => string) => {
  const { may } = useSession()
  const roles = useQuery({
    ...read('/roles', { params: { query: { limit: 200 } } }),
    enabled: may('roles:read'),
  })
  return (role) => roles.data?.items.find(({ id }) => id === role)?.name ?? role
}

const Changes = ({ tried, nameOf }: { tried: Tried; nameOf: (role: string) => string }) => {
  const t = useText(hooksText)
  const { failure, changes } = tried
  if (failure) return <Text size="xs">{failure.message}</Text>
  const { denied, rolesAdded, rolesRemoved, addedScopes, removedScopes } = changes
  const roles = (all: typeof rolesAdded) => all.flatMap((each) => each.roles)
  return (
    <Group gap={4}>
      {denied && (
        <Badge color="orange">
          {t.denies}: {denied.reason}
        </Badge>
      )}
      {roles(rolesAdded).map((role) => (
        <Badge key={`+${role}`} color="teal">
          + {nameOf(role)}
        </Badge>
      ))}
      {roles(rolesRemoved).map((role) => (
        <Badge key={`-${role}`} color="red">
          − {nameOf(role)}
        </Badge>
      ))}
      {addedScopes.map((scope) => (
        <Badge key={`+${scope}`} color="teal">
          + {scope}
        </Badge>
      ))}
      {removedScopes.map((scope) => (
        <Badge key={`-${scope}`} color="red">
          − {scope}
        </Badge>
      ))}
      {Object.entries(t.claims).flatMap(([field, title]) =>
        Object.keys(changes[field as keyof typeof t.claims]).map((name) => (
          <Badge key={`${field} ${name}`} color="iris" maw={280}>
            {title}: {name}
          </Badge>
        )),
      )}
    </Group>
  )
}

const Details = ({ tried }: { tried: Tried }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { failure, log, calls, changes, output, happened } = tried
  const json = (value: unknown) => (
    <Snippet code={JSON.stringify(value ?? null, null, 2)} label={shell.copy} done={shell.copied} />
  )
  return (
    <Stack>
      {failure && (
        <ProblemNote title={`${t.failure}: ${failure.kind}`} detail={failure.stack ?? failure.message} />
      )}
      <Section title={t.logs}>
        <LogLines log={log} />
      </Section>
      <Section title={t.calls}>
        <Calls calls={calls} />
      </Section>
      <Section title={t.difference}>{json(changes)}</Section>
      <Section title={t.output}>{json(output)}</Section>
      {happened.length > 0 && (
        <Section title={t.happened}>
          <Stack gap="xs">
            {happened.map(({ executionId, hookName, status }) => (
              <Group key={executionId} gap="xs">
                <PageLink to={paths.execution(executionId)}>{hookName}</PageLink>
                <Badge color={status === 'failed' ? 'red' : 'gray'}>
                  {t.executionStatuses[status] ?? status}
                </Badge>
              </Group>
            ))}
          </Stack>
        </Section>
      )}
    </Stack>
  )
}
