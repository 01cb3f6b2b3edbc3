import { Badge, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { PageLink } from '../link.tsx'
import { paths } from '../paths.ts'
import { read } from '../server.ts'
import { Fault, PageLoading } from '../shell/faults.tsx'
import { useFormat } from '../text/format.ts'
import { hooksText } from '../text/hooks.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Snippet } from '../ui/copy.tsx'
import { Facts } from '../ui/facts.tsx'
import { Page, Section } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem.tsx'
import { Time } from '../ui/time.tsx'
import { Calls, LogLines } from './hook/told.tsx'
import { executionColors } from './hooks/executions.tsx'

/** One run of a hook: what it was told, printed, called and answered. */
export const Execution = () => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const format = useFormat()
  const { executionId = '' } = useParams({ strict: false }) as { executionId?: string }
  const found = useQuery({
    ...read('/executions/{id}', { params: { path: { id: executionId } } }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 1000 : false),
  })
  const trail = <PageLink to={paths.hooks('executions')}>{t.executions}</PageLink>
  if (found.error) {
    return (
      <Page title={t.executions} trail={trail}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  const execution = found.data
  if (!execution) return <PageLoading />
  const { failure } = execution
  return (
    <Page title={t.execution(execution.number)} trail={trail}>
      <Section title={t.details}>
        <Facts
          facts={[
            [
              t.hook,
              <PageLink key="hook" to={paths.hook(execution.hookId)}>
                {execution.hookName}
              </PageLink>,
            ],
            [t.trigger, t.triggers[execution.trigger] ?? execution.trigger],
            [
              t.status,
              <Badge key="status" color={executionColors[execution.status]}>
                {t.executionStatuses[execution.status]}
              </Badge>,
            ],
            [t.when, <Time key="when" at={execution.startedAt} />],
            [
              t.took,
              execution.durationMs === undefined ? undefined : `${format.number(execution.durationMs)} ms`,
            ],
            [
              t.whom,
              execution.userId && (
                <PageLink key="user" to={paths.user(execution.userId)}>
                  {execution.userId}
                </PageLink>
              ),
            ],
          ]}
        />
      </Section>
      {failure && <ProblemNote title={`${t.failure}: ${failure.kind}`} detail={failure.message} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title={t.logs}>
          <LogLines log={execution.log} />
        </Section>
        <Section title={t.calls}>
          <Calls calls={execution.calls} />
        </Section>
        <Section title={t.input}>
          <Snippet code={JSON.stringify(execution.input, null, 2)} label={shell.copy} done={shell.copied} />
        </Section>
        <Section title={t.output}>
          <Snippet
            code={JSON.stringify(execution.output ?? null, null, 2)}
            label={shell.copy}
            done={shell.copied}
          />
        </Section>
      </SimpleGrid>
    </Page>
  )
}
