import {
  IconActivity,
  IconApps,
  IconBuilding,
  IconHome,
  IconMessages,
  IconRoute,
  IconSettings,
  IconShieldLock,
  IconTicket,
  IconUserCircle,
  IconUserPlus,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { paths } from '../paths.ts'

/** A page in the navigation, and the permissions any of which makes it useful. */
export type Entry = {
  name:
    | 'home'
    | 'users'
    | 'roles'
    | 'applications'
    | 'apis'
    | 'organizations'
    | 'rooms'
    | 'registration'
    | 'hooks'
    | 'activity'
    | 'explain'
    | 'settings'
    | 'me'
  to: string
  icon: typeof IconUsers
  needs: readonly string[]
}

export type SectionName = 'people' | 'places' | 'ways' | 'insight' | 'workspace'

export const sections: readonly { name: SectionName | undefined; entries: readonly Entry[] }[] = [
  {
    name: undefined,
    entries: [{ name: 'home', to: paths.home, icon: IconHome, needs: ['statistics:read', 'events:read'] }],
  },
  {
    name: 'people',
    entries: [
      { name: 'users', to: paths.users, icon: IconUsers, needs: ['users:read'] },
      { name: 'roles', to: paths.roles, icon: IconShieldLock, needs: ['roles:read'] },
    ],
  },
  {
    name: 'places',
    entries: [
      { name: 'applications', to: paths.applications, icon: IconApps, needs: ['applications:read'] },
      { name: 'apis', to: paths.apis, icon: IconTicket, needs: ['apis:read'] },
      { name: 'organizations', to: paths.organizations, icon: IconBuilding, needs: ['organizations:read'] },
      { name: 'rooms', to: paths.rooms, icon: IconMessages, needs: ['rooms:read'] },
    ],
  },
  {
    name: 'ways',
    entries: [
      {
        name: 'registration',
        to: paths.registration(),
        icon: IconUserPlus,
        needs: ['settings:read', 'invitations:read', 'rules:read'],
      },
      { name: 'hooks', to: paths.hooks(), icon: IconWebhook, needs: ['hooks:read', 'executions:read'] },
    ],
  },
  {
    name: 'insight',
    entries: [
      { name: 'activity', to: paths.activity, icon: IconActivity, needs: ['events:read'] },
      { name: 'explain', to: paths.explain, icon: IconRoute, needs: ['decisions:read'] },
    ],
  },
  {
    name: 'workspace',
    entries: [
      {
        name: 'settings',
        to: paths.settings(),
        icon: IconSettings,
        needs: ['settings:read', 'keys:read', 'mails:read'],
      },
      { name: 'me', to: paths.me, icon: IconUserCircle, needs: [] },
    ],
  },
]

/** The entry that leads to a path; pages below it have none of their own. */
export const entryAt = (path: string): Entry | undefined =>
  sections.flatMap(({ entries }) => entries).find(({ to }) => to === path)
