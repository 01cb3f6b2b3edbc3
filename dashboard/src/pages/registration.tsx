import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { TabLinks } from '../link.tsx'
import { paths, type RegistrationTab, registrationTabs } from '../paths.ts'
import { useSession } from '../session.tsx'
import { PageLoading, PageMissing } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { registrationText } from '../text/registration.ts'
import { Page } from '../ui/page.tsx'

const tabs: Readonly<Record<RegistrationTab, React.ComponentType>> = {
  policy: lazy(() => import('./registration/policy.tsx').then((m) => ({ default: m.Policy }))),
  requests: lazy(() => import('./registration/requests.tsx').then((m) => ({ default: m.Requests }))),
  invitations: lazy(() => import('./registration/invitations.tsx').then((m) => ({ default: m.Invitations }))),
  rules: lazy(() => import('./registration/rules.tsx').then((m) => ({ default: m.Rules }))),
}

const needs: Readonly<Record<RegistrationTab, string>> = {
  policy: 'settings:read',
  requests: 'roles:assign',
  invitations: 'invitations:read',
  rules: 'rules:read',
}

export const Registration = () => {
  const t = useText(registrationText)
  const { may } = useSession()
  const { tab = 'policy' } = useParams({ strict: false }) as { tab?: string }
  const Tab = tabs[tab as RegistrationTab]
  if (!Tab) return <PageMissing />
  const shown = registrationTabs.filter((each) => may(needs[each]))
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={shown.map((each) => ({ to: paths.registration(each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>
        <Tab />
      </Suspense>
    </Page>
  )
}
