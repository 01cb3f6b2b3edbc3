import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { TabLinks } from '../link.tsx'
import { paths, type SettingsTab, settingsTabs } from '../paths.ts'
import { useSession } from '../session.tsx'
import { PageLoading, PageMissing } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { settingsText } from '../text/settings.ts'
import { Page } from '../ui/page.tsx'

const tabs: Readonly<Record<SettingsTab, React.ComponentType>> = {
  general: lazy(() => import('./settings/branding.tsx').then((m) => ({ default: m.Branding }))),
  administrators: lazy(() =>
    import('./settings/administrators.tsx').then((m) => ({ default: m.Administrators })),
  ),
  keys: lazy(() => import('./settings/keys.tsx').then((m) => ({ default: m.Keys }))),
  mail: lazy(() => import('./settings/mails.tsx').then((m) => ({ default: m.Mails }))),
}

const needs: Readonly<Record<SettingsTab, string>> = {
  general: 'settings:read',
  administrators: 'roles:read',
  keys: 'keys:read',
  mail: 'mails:read',
}

export const Settings = () => {
  const t = useText(settingsText)
  const { may } = useSession()
  const { tab = 'general' } = useParams({ strict: false }) as { tab?: string }
  const Tab = tabs[tab as SettingsTab]
  if (!Tab) return <PageMissing />
  const shown = settingsTabs.filter((each) => may(needs[each]))
  return (
    <Page
      title={t.title}
      lead={t.lead}
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={shown.map((each) => ({ to: paths.settings(each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>
        <Tab />
      </Suspense>
    </Page>
  )
}
