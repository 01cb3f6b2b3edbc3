/** Every address within the dashboard. Pages link through these and nothing else, so that one can be moved. */

const id = encodeURIComponent

export const userTabs = ['details', 'roles', 'permissions', 'sessions', 'history', 'json'] as const
export type UserTab = (typeof userTabs)[number]

export const roleTabs = ['settings', 'permissions', 'relations', 'members'] as const
export type RoleTab = (typeof roleTabs)[number]

export const applicationTabs = ['settings', 'quickstart', 'credentials', 'apis', 'registration'] as const
export type ApplicationTab = (typeof applicationTabs)[number]

export const apiTabs = ['settings', 'permissions', 'machines'] as const
export type ApiTab = (typeof apiTabs)[number]

export const placeTabs = ['members', 'settings'] as const
export type PlaceTab = (typeof placeTabs)[number]

export const registrationTabs = ['policy', 'requests', 'invitations', 'rules'] as const
export type RegistrationTab = (typeof registrationTabs)[number]

export const hookTabs = ['library', 'flows', 'executions'] as const
export type HookTab = (typeof hookTabs)[number]

export const hookPageTabs = ['code', 'test', 'versions', 'settings'] as const
export type HookPageTab = (typeof hookPageTabs)[number]

export const settingsTabs = ['general', 'administrators', 'keys', 'mail'] as const
export type SettingsTab = (typeof settingsTabs)[number]

export const paths = {
  home: '/',
  signIn: '/sign-in',
  setUp: '/set-up',
  users: '/users',
  user: (userId: string, tab: UserTab = 'details') => `/users/${id(userId)}/${tab}`,
  roles: '/roles',
  role: (roleId: string, tab: RoleTab = 'settings') => `/roles/${id(roleId)}/${tab}`,
  applications: '/applications',
  application: (applicationId: string, tab: ApplicationTab = 'settings') =>
    `/applications/${id(applicationId)}/${tab}`,
  apis: '/apis',
  api: (apiId: string, tab: ApiTab = 'settings') => `/apis/${id(apiId)}/${tab}`,
  organizations: '/organizations',
  organization: (organizationId: string, tab: PlaceTab = 'members') =>
    `/organizations/${id(organizationId)}/${tab}`,
  rooms: '/rooms',
  room: (roomId: string, tab: PlaceTab = 'members') => `/rooms/${id(roomId)}/${tab}`,
  registration: (tab: RegistrationTab = 'policy') => `/registration/${tab}`,
  hooks: (tab: HookTab = 'library') => `/hooks/${tab}`,
  hook: (hookId: string, tab: HookPageTab = 'code') => `/hooks/library/${id(hookId)}/${tab}`,
  flow: (trigger: string) => `/hooks/flows?${new URLSearchParams({ trigger })}`,
  execution: (executionId: string) => `/hooks/executions/${id(executionId)}`,
  activity: '/activity',
  explain: '/explain',
  settings: (tab: SettingsTab = 'general') => `/settings/${tab}`,
  me: '/me',
  reference: '/docs/',
} as const

/** The explain page with its questions filled in. */
export const explainPath = (question: Record<string, string | undefined>): string => {
  const given = Object.entries(question).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return `${paths.explain}?${new URLSearchParams(given)}`
}
