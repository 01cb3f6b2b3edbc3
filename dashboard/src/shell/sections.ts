import { IconActivity, IconRoute, IconShieldLock, IconUserCircle, IconUsers } from '@tabler/icons-react'
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
    name: 'people',
    entries: [
      { name: 'users', to: paths.users, icon: IconUsers, needs: ['users:read'] },
      { name: 'roles', to: paths.roles, icon: IconShieldLock, needs: ['roles:read'] },
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
    entries: [{ name: 'me', to: paths.me, icon: IconUserCircle, needs: [] }],
  },
]
