import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { TabLinks } from '../link.tsx'
import { type HookTab, hookTabs, paths } from '../paths.ts'
import { useSession } from '../session.tsx'
import { PageLoading, PageMissing } from '../shell/faults.tsx'
import { hooksText } from '../text/hooks.ts'
import { useText } from '../text/language.tsx'
import { Page } from '../ui/page.tsx'

const tabs: Readonly<Record<HookTab, React.ComponentType>> = {
  library: lazy(() => import('./hooks/library.tsx').then((m) => ({ default: m.Library }))),
  flows: lazy(() => import('./hooks/flows.tsx').then((m) => ({ default: m.Flows }))),
  executions: lazy(() => import('./hooks/executions.tsx').then((m) => ({ default: m.Executions }))),
}

const needs: Readonly<Record<HookTab, string>> = {
  library: 'hooks:read',
  flows: 'hooks:read',
  executions: 'executions:read',
}

export const Hooks = () => {
  const t = useText(hooksText)
  const { may } = useSession()
  const { tab = 'library' } = useParams({ strict: false }) as { tab?: string }
  const Tab = tabs[tab as HookTab]
  if (!Tab) return <PageMissing />
  const shown = hookTabs.filter((each) => may(needs[each]))
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={shown.map((each) => ({ to: paths.hooks(each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>
        <Tab />
      </Suspense>
    </Page>
  )
}
