import { Alert, Button, Group, Progress, Skeleton, Text } from '@mantine/core'
import { IconPlugConnected, IconRocket } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { ButtonLink, PageLink, TabLinks } from '../link.tsx'
import { type HookPageTab, hookPageTabs, paths } from '../paths.ts'
import { type Hook as HookData, read } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { hooksText } from '../text/hooks.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { CopyText } from '../ui/copy.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem.tsx'
import { type Step, useDeploy } from './hook/deploy.ts'
import { useDraft } from './hook/draft.ts'
import { HookState } from './hooks/state.tsx'

export type HookTabProps = {
  hook: HookData
  /** The code as it stands in the editor, saved or not. */
  code: string
  onCode: (code: string) => void
}

const tabs: Readonly<Record<HookPageTab, React.ComponentType<HookTabProps>>> = {
  code: lazy(() => import('./hook/code.tsx').then((m) => ({ default: m.Code }))),
  test: lazy(() => import('./hook/trial.tsx').then((m) => ({ default: m.Trial }))),
  versions: lazy(() => import('./hook/versions.tsx').then((m) => ({ default: m.Versions }))),
  settings: lazy(() => import('./hook/settings.tsx').then((m) => ({ default: m.Settings }))),
}

const isBeingBuilt = (status: string | undefined): boolean => status === 'pending' || status === 'building'

/** One hook: its code, what it needs, trying it, and what was deployed. */
export const Hook = () => {
  const t = useText(hooksText)
  const { hookId = '' } = useParams({ strict: false }) as { hookId?: string }
  const found = useQuery({
    ...read('/hooks/{id}', { params: { path: { id: hookId } } }),
    refetchInterval: ({ state }) => (isBeingBuilt(state.data?.status) ? 700 : false),
  })
  if (found.error) {
    return (
      <Page title={t.title}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  if (!found.data) {
    return (
      <Page title={<Skeleton h={28} w={220} />}>
        <PageLoading />
      </Page>
    )
  }
  return <OneHook key={hookId} hook={found.data} />
}

const OneHook = ({ hook }: { hook: HookData }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { may } = useSession()
  const { tab = 'code' } = useParams({ strict: false }) as { tab?: string }
  const [typed, setTyped] = useDraft(hook)
  const code = typed ?? hook.code
  const deploy = useDeploy(hook, code, () => setTyped(undefined))
  const bindings = useQuery(read('/hooks/{id}/bindings', { params: { path: { id: hook.id } } }))
  const Tab = tabs[tab as HookPageTab]
  if (!Tab) return <PageMissing />
  return (
    <Page
      title={hook.name}
      trail={<PageLink to={paths.hooks()}>{t.title}</PageLink>}
      lead={
        <Group gap="xs">
          {t.flavours[hook.flavour]}
          <CopyText value={hook.id} label={shell.copy} done={shell.copied} />
          <HookState hook={hook} />
        </Group>
      }
      actions={
        may('hooks:deploy') && (
          <Button
            leftSection={<IconRocket size={16} />}
            loading={deploy.step !== undefined}
            onClick={() => deploy.start()}
          >
            {t.deploy}
          </Button>
        )
      }
      tabs={
        <TabLinks
          label={t.hookTabsLabel}
          tabs={hookPageTabs.map((each) => ({ to: paths.hook(hook.id, each), title: t.hookTabs[each] }))}
        />
      }
    >
      <DeployProgress step={deploy.step} />
      <Fault error={deploy.error} />
      {hook.status === 'failed' && (
        <ProblemNote
          title={t.buildFailed}
          detail={hook.errors[0]?.message}
          points={hook.errors.map(({ message }) => message)}
        />
      )}
      {hook.deployedVersion && bindings.data?.items.length === 0 && (
        <Alert color="iris" icon={<IconPlugConnected size={18} />}>
          <Group justify="space-between">
            {t.bindHint}
            {hook.triggers[0] && (
              <ButtonLink size="xs" variant="default" to={paths.flow(hook.triggers[0].name)}>
                {t.bindNow}
              </ButtonLink>
            )}
          </Group>
        </Alert>
      )}
      <Suspense fallback={<PageLoading />}>
        <Tab hook={hook} code={code} onCode={setTyped} />
      </Suspense>
    </Page>
  )
}

const shareDone: Readonly<Record<Step, number>> = { saving: 15, building: 55, deploying: 90 }

const DeployProgress = ({ step }: { step: Step | undefined }) => {
  const t = useText(hooksText)
  return (
    <div role="status">
      {step && (
        <>
          <Text size="sm" mb={6}>
            {t.deploying[step]}
          </Text>
          <Progress value={shareDone[step]} animated aria-label={t.deploying[step]} />
        </>
      )}
    </div>
  )
}
