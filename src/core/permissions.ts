/**
 * The permissions of Rolecall's own operations. They are the permissions of the built-in API `rolecall`, so a role
 * can carry them like any other, and an administrator of part of the work is just a role.
 */
export const permissions = {
  'users:read': 'See users, their identities and metadata',
  'users:read-public': 'See who there is: names, and nothing of what is private',
  'users:create': 'Create users',
  'users:update': 'Change users, their passwords and block them',
  'users:block': 'Block and unblock users',
  'users:update-metadata': 'Change the application metadata of users, nothing else',
  'users:delete': 'Delete users',
  'sessions:read': 'See where people are signed in',
  'sessions:delete': 'Sign people out',
  'tickets:create': 'Make links with which people change a password or confirm an address',
  'roles:read': 'See roles, what they include and who holds them',
  'roles:create': 'Create roles',
  'roles:update': 'Change roles, their permissions, inclusions and exclusions',
  'roles:delete': 'Delete roles',
  'roles:assign': 'Give roles and permissions',
  'roles:remove': 'Take roles and permissions',
  'roles:assign-admin': 'Give and take the role admin',
  'apis:read': 'See APIs and their permissions',
  'apis:create': 'Create APIs',
  'apis:update': 'Change APIs and their permissions',
  'apis:delete': 'Delete APIs',
  'applications:read': 'See applications',
  'applications:create': 'Create applications',
  'applications:update': 'Change applications',
  'applications:delete': 'Delete applications',
  'applications:read-secrets': 'See the secrets of applications',
  'applications:update-secrets': 'Set and rotate the secrets of applications',
  'client-grants:read': 'See which application may call which API',
  'client-grants:create': 'Allow applications to call APIs',
  'client-grants:update': 'Change what applications may call',
  'client-grants:delete': 'Forbid applications to call APIs',
  'connections:read': 'See the ways people sign in',
  'connections:create': 'Create ways to sign in',
  'connections:update': 'Change the ways people sign in',
  'connections:delete': 'Delete ways to sign in',
  'organizations:read': 'See organizations and their members',
  'organizations:create': 'Create organizations',
  'organizations:update': 'Change organizations',
  'organizations:add-members': 'Make people members of organizations',
  'organizations:remove-members': 'Take people out of organizations',
  'organizations:update-connections': 'Choose how the members of organizations sign in',
  'organizations:read-roles': 'See the roles held within organizations',
  'organizations:assign-roles': 'Give roles within organizations',
  'organizations:remove-roles': 'Take roles within organizations',
  'organizations:delete': 'Delete organizations',
  'rooms:read': 'See rooms and their members',
  'rooms:create': 'Create rooms, for whomever',
  'rooms:open': 'Open rooms of one’s own',
  'rooms:update': 'Change rooms and their members',
  'rooms:add-members': 'Bring people into rooms',
  'rooms:remove-members': 'Take people out of rooms',
  'rooms:set-owners': 'Make and unmake owners of rooms',
  'rooms:set-moderators': 'Make and unmake moderators of rooms',
  'rooms:set-leaders': 'Make and unmake leaders of rooms',
  'rooms:delete': 'Delete rooms',
  'invitations:read': 'See invitations',
  'invitations:create': 'Invite people',
  'invitations:delete': 'Revoke invitations',
  'rules:read': 'See the rules that give roles',
  'rules:create': 'Make rules that give roles',
  'rules:update': 'Change rules that give roles, and try them',
  'rules:delete': 'Delete rules that give roles',
  'events:read': 'See who did what, to whom, through which door',
  'statistics:read': 'See how many people signed up and in',
  'settings:read': 'See the settings of the workspace',
  'settings:update': 'Change the settings of the workspace',
  'keys:read': 'See the public signing keys',
  'keys:rotate': 'Make new signing keys',
  'keys:revoke': 'Revoke signing keys',
  'decisions:read': 'Ask whether somebody may do something, and why',
} as const

export type Permission = keyof typeof permissions

export const allPermissions = Object.keys(permissions) as Permission[]

/**
 * What people commonly may, and no power over anybody: whoever may give roles may give these, and whoever may set a
 * password may set that of somebody who may no more than this.
 */
export const commonPermissions: ReadonlySet<Permission> = new Set<Permission>([
  'users:read-public',
  'rooms:open',
])
