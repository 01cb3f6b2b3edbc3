import { Badge, Button, Group, Skeleton } from '@mantine/core'
import { IconShieldPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { PageLink, TabLinks, useGo } from '../link.tsx'
import { detailOf, nameOf } from '../names.ts'
import { paths, type UserTab, userTabs } from '../paths.ts'
import { read, type User as UserData } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { userText } from '../text/user.ts'
import { usersText } from '../text/users.ts'
import { Page } from '../ui/page.tsx'
import { Portrait } from '../ui/person.tsx'
import { UserMenu } from './users/user-menu.tsx'

/** Fetched when it is first needed. */
const AssignRoles = lazy(() => import('../forms/assign-roles.tsx').then((m) => ({ default: m.AssignRoles })))

export type UserTabProps = { user: UserData; onAssign: () => void }

const tabs: Readonly<Record<UserTab, React.LazyExoticComponent<React.ComponentType<UserTabProps>>>> = {
  details: lazy(() => import('./user/details.tsx').then((m) => ({ default: m.Details }))),
  roles: lazy(() => import('./user/roles.tsx').then((m) => ({ default: m.Roles }))),
  permissions: lazy(() => import('./user/permissions.tsx').then((m) => ({ default: m.Permissions }))),
  sessions: lazy(() => import('./user/sessions.tsx').then((m) => ({ default: m.Sessions }))),
  history: lazy(() => import('./user/history.tsx').then((m) => ({ default: m.History }))),
  json: lazy(() => import('./user/json.tsx').then((m) => ({ default: m.Json }))),
}

const needs: Partial<Record<UserTab, string>> = {
  sessions: 'sessions:read',
  history: 'events:read',
  roles: 'roles:read',
}

/** One user: who he is, what he holds and may, where he is signed in, what happened. */
export const User = () => {
  const t = useText(userText)
  const users = useText(usersText)
  const shell = useText(shellText)
  const go = useGo()
  const { may } = useSession()
  const { userId = '', tab = 'details' } = useParams({ strict: false }) as { userId?: string; tab?: string }
  const found = useQuery(read('/users/{id}', { params: { path: { id: userId } } }))
  const [isAssigning, setAssigning] = useState(false)
  if (found.error) {
    return (
      <Page title={shell.nav.users}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  const user = found.data
  const Tab = tabs[tab as UserTab]
  if (!Tab) return <PageMissing />
  const shown = userTabs.filter((each) => needs[each] === undefined || may(needs[each]))
  return (
    <Page
      title={
        user ? (
          <Group gap="xs" component="span">
            {nameOf(user)}
            {user.isBlocked && <Badge color="red">{users.blocked}</Badge>}
            {user.kind === 'bot' && <Badge>{users.bot}</Badge>}
          </Group>
        ) : (
          <Skeleton h={28} w={220} />
        )
      }
      trail={<PageLink to={paths.users}>{users.title}</PageLink>}
      lead={user ? detailOf(user) || user.id : <Skeleton h={12} w={160} mt={6} />}
      picture={<Portrait name={user ? nameOf(user) : '?'} size={52} />}
      actions={
        user && (
          <>
            {may('roles:assign') && (
              <Button leftSection={<IconShieldPlus size={16} />} onClick={() => setAssigning(true)}>
                {t.roles.assign}
              </Button>
            )}
            <UserMenu user={user} onAssign={() => setAssigning(true)} afterDelete={() => go(paths.users)} />
          </>
        )
      }
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={shown.map((each) => ({ to: paths.user(userId, each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>
        {user ? <Tab user={user} onAssign={() => setAssigning(true)} /> : <PageLoading />}
      </Suspense>
      <Suspense>
        {user && isAssigning && (
          <AssignRoles user={{ id: user.id, name: nameOf(user) }} onClose={() => setAssigning(false)} />
        )}
      </Suspense>
    </Page>
  )
}
