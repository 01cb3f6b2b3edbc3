import type { Door } from '#core/actor.ts'
import type { Event, EventType } from '#core/events.ts'
import { every, type Filter } from '#core/listing.ts'

/**
 * How our events are called in the vendor's log. Whatever has no word of its own there is a successful call of the
 * Management API, `sapi`, told apart by its description.
 * @see specs: §1.12 of the Auth0 dialect
 */
type Rule = {
  type: string
  of: readonly EventType[]
  /** Only when it came through this door. */
  door?: Door
  /** Only when the event's data says so: the grant of a token. */
  grant?: string
  /** Only when the event's data says so: why a sign-in failed. */
  reason?: string
}

const grants = [
  ['client_credentials', 'seccft', 'feccft'],
  ['authorization_code', 'seacft', 'feacft'],
  ['refresh_token', 'sertft', 'fertft'],
  ['password', 'sepft', 'fepft'],
] as const

/** The first that fits counts. */
const rules: readonly Rule[] = [
  { type: 's', of: ['user.signed-in'] },
  { type: 'fu', of: ['user.sign-in-failed'], reason: 'unknown_user' },
  { type: 'fp', of: ['user.sign-in-failed'], reason: 'wrong_password' },
  { type: 'limit_wc', of: ['user.sign-in-failed'], reason: 'too_many_attempts' },
  { type: 'f', of: ['user.sign-in-failed'] },
  // People sign up at the door where they sign in; elsewhere somebody makes users.
  { type: 'ss', of: ['user.created'], door: 'oidc' },
  { type: 'sdu', of: ['user.deleted'] },
  { type: 'scp', of: ['user.password-changed'] },
  { type: 'organization_member_added', of: ['organization.member-added'] },
  ...grants.flatMap(([grant, issued, refused]): Rule[] => [
    { type: issued, of: ['token.issued'], grant },
    { type: refused, of: ['token.refused'], grant },
  ]),
]

const other = 'sapi'

export const logTypeOf = ({ type, door, data }: Pick<Event, 'type' | 'door' | 'data'>): string =>
  rules.find(
    (rule) =>
      rule.of.includes(type) &&
      (rule.door === undefined || rule.door === door) &&
      (rule.grant === undefined || rule.grant === data?.grant) &&
      (rule.reason === undefined || rule.reason === data?.reason),
  )?.type ?? other

/** The events that have a type in the log. */
export const logTypeFilter = (type: string): Filter => {
  if (type === other) return { not: { any: rules.map(ruleFilter) } }
  return {
    any: rules.flatMap((rule, at) => {
      if (rule.type !== type) return []
      // What an earlier rule takes is not this one's.
      const earlier = rules.slice(0, at).filter(({ of }) => of.some((each) => rule.of.includes(each)))
      const taken = earlier.map((other): Filter => ({ not: ruleFilter(other) }))
      return [every(ruleFilter(rule), ...taken)!]
    }),
  }
}

const ruleFilter = ({ of, door, grant, reason }: Rule): Filter =>
  every(
    { field: 'type', in: of },
    door === undefined ? undefined : { field: 'door', is: 'equal', value: door },
    grant === undefined ? undefined : { field: 'data.grant', is: 'equal', value: grant },
    reason === undefined ? undefined : { field: 'data.reason', is: 'equal', value: reason },
  )!

/**
 * The call of the API that brings an event about: its summary, method, path and status. In the path `user`, `role` and
 * `organization` stand for the event's own, `target` for what it is about.
 */
type Call = readonly [summary: string, method: string, path: string, status: number]

const calls: Partial<Readonly<Record<EventType, Call>>> = {
  'user.created': ['Create a User', 'post', '/users', 201],
  'user.updated': ['Update a User', 'patch', '/users/{user}', 200],
  'user.blocked': ['Block a User', 'patch', '/users/{user}', 200],
  'user.unblocked': ['Unblock a User', 'patch', '/users/{user}', 200],
  'user.deleted': ['Delete a User', 'delete', '/users/{user}', 204],
  'user.identity-linked': ['Link a User Account', 'post', '/users/{user}/identities', 201],
  'user.identity-unlinked': ['Unlink a User Identity', 'delete', '/users/{user}/identities', 200],
  'user.permission-assigned': ['Assign permissions to a user', 'post', '/users/{user}/permissions', 201],
  'user.permission-removed': ['Remove permissions from a user', 'delete', '/users/{user}/permissions', 204],
  'role.created': ['Create a role', 'post', '/roles', 200],
  'role.updated': ['Update a role', 'patch', '/roles/{role}', 200],
  'role.deleted': ['Delete a role', 'delete', '/roles/{role}', 200],
  'role.assigned': ['Assign roles to a user', 'post', '/users/{user}/roles', 204],
  'role.removed': ['Removes roles from a user', 'delete', '/users/{user}/roles', 204],
  'role.permission-added': ['Associate permissions with a role', 'post', '/roles/{role}/permissions', 201],
  'role.permission-removed': ['Remove permissions from a role', 'delete', '/roles/{role}/permissions', 204],
  'api.created': ['Create a resource server', 'post', '/resource-servers', 201],
  'api.updated': ['Update a resource server', 'patch', '/resource-servers/{target}', 200],
  'api.deleted': ['Delete a resource server', 'delete', '/resource-servers/{target}', 204],
  'application.created': ['Create a client', 'post', '/clients', 201],
  'application.updated': ['Update a client', 'patch', '/clients/{target}', 200],
  'application.deleted': ['Delete a client', 'delete', '/clients/{target}', 204],
  'application.secret-rotated': ['Rotate a client secret', 'post', '/clients/{target}/rotate-secret', 200],
  'client-grant.created': ['Create client grant', 'post', '/client-grants', 201],
  'client-grant.updated': ['Update client grant', 'patch', '/client-grants/{target}', 200],
  'client-grant.deleted': ['Delete client grant', 'delete', '/client-grants/{target}', 204],
  'connection.created': ['Create a connection', 'post', '/connections', 201],
  'connection.updated': ['Update a connection', 'patch', '/connections/{target}', 200],
  'connection.deleted': ['Delete a connection', 'delete', '/connections/{target}', 202],
  'organization.created': ['Create an organization', 'post', '/organizations', 201],
  'organization.updated': ['Modify an organization', 'patch', '/organizations/{target}', 200],
  'organization.deleted': ['Delete an organization', 'delete', '/organizations/{target}', 204],
  'organization.member-added': [
    'Add members to an organization',
    'post',
    '/organizations/{target}/members',
    204,
  ],
  'organization.member-removed': [
    'Delete members from an organization',
    'delete',
    '/organizations/{target}/members',
    204,
  ],
  'invitation.created': [
    'Create invitations to an organization',
    'post',
    '/organizations/{organization}/invitations',
    200,
  ],
  'settings.updated': ['Update tenant settings', 'patch', '/tenants/settings', 200],
  'signing-key.rotated': ['Rotate the Application Signing Key', 'post', '/keys/signing/rotate', 201],
  'signing-key.revoked': ['Revoke an Application Signing Key', 'put', '/keys/signing/{target}/revoke', 200],
}

/** Giving and taking roles within an organization are calls of their own. */
const memberCalls: Partial<Readonly<Record<EventType, Call>>> = {
  'role.assigned': [
    'Assign user roles to an organization member',
    'post',
    '/organizations/{organization}/members/{user}/roles',
    204,
  ],
  'role.removed': [
    'Delete user roles from an organization member',
    'delete',
    '/organizations/{organization}/members/{user}/roles',
    204,
  ],
}

export type LogCall = { description: string; method?: string; path?: string; status?: number }

export const logCallOf = ({ type, scope }: Pick<Event, 'type' | 'scope'>): LogCall => {
  const call = (scope?.startsWith('organization:') && memberCalls[type]) || calls[type]
  if (!call) return { description: describe(type) }
  const [description, method, path, status] = call
  return { description, method, path, status }
}

/** `room.member-added` as "Room member added". */
const describe = (type: EventType): string => {
  const words = type.replaceAll(/[.-]/gu, ' ')
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}
