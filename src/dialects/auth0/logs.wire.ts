import Type, { type Static } from 'typebox'
import type { Event, EventType } from '#core/events.ts'
import type { Order } from '#core/listing.ts'
import { WireError } from './errors.ts'
import { encodeRoleId, encodeUserId } from './ids.ts'

/** All optional, because clients may ask for some fields only. @see specs: §1.12 of the Auth0 dialect */
export const WireLog = Type.Object({
  log_id: Type.Optional(Type.String()),
  _id: Type.Optional(Type.String()),
  date: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String()),
  isMobile: Type.Optional(Type.Boolean()),
  details: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

/** Types that the vendor has a word of its own for; everything else is a successful call of the API, `sapi`. */
const logTypes: Partial<Readonly<Record<EventType, string>>> = {
  'user.deleted': 'sdu',
  'user.password-changed': 'scp',
  'organization.member-added': 'organization_member_added',
  'token.issued': 'seccft',
  'token.refused': 'feccft',
}

/** Summaries of the calls that bring these about, as the vendor's log has them. */
const descriptions: Partial<Readonly<Record<EventType, string>>> = {
  'user.created': 'Create a User',
  'user.updated': 'Update a User',
  'user.blocked': 'Block a User',
  'user.unblocked': 'Unblock a User',
  'user.deleted': 'Delete a User',
  'user.identity-linked': 'Link a User Account',
  'user.identity-unlinked': 'Unlink a User Identity',
  'user.permission-assigned': 'Assign permissions to a user',
  'user.permission-removed': 'Remove permissions from a user',
  'role.created': 'Create a role',
  'role.updated': 'Update a role',
  'role.deleted': 'Delete a role',
  'role.assigned': 'Assign roles to a user',
  'role.removed': 'Removes roles from a user',
}

/** `role.permission-added` as "Role permission added". */
const describe = (type: EventType): string => {
  const words = type.replaceAll(/[.-]/gu, ' ')
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}

export const encodeLog = (event: Event): Static<typeof WireLog> => {
  const { id, at, type, door, actor, userId, roleId, scope, target, data } = event
  return {
    log_id: id,
    _id: id,
    date: new Date(at).toISOString(),
    type: logTypes[type] ?? 'sapi',
    description: descriptions[type] ?? describe(type),
    ...(actor.kind === 'application' && { client_id: actor.id }),
    ...(userId !== undefined && { user_id: encodeUserId(userId) }),
    isMobile: false,
    details: {
      event: type,
      door,
      actor: { kind: actor.kind, id: actor.kind === 'user' ? encodeUserId(actor.id) : actor.id },
      ...(roleId !== undefined && { role_id: encodeRoleId(roleId) }),
      ...(scope !== undefined && { scope }),
      ...(target && { target }),
      ...(data && { data }),
    },
  }
}

/** Newest first, unless the client sorts by date itself. */
export const decodeLogSort = (sort = 'date:-1'): Order[] => {
  const [, direction] = /^date:(-?1)$/u.exec(sort) ?? []
  if (direction === undefined) {
    const message = "Query validation error: 'Logs can be sorted by date:1 or date:-1' on property sort."
    throw new WireError(400, message, 'invalid_query_string')
  }
  return [{ field: 'number', direction: direction === '1' ? 'ascending' : 'descending' }]
}
