import Type, { type Static } from 'typebox'
import type { Event } from '#core/events.ts'
import { encodeCursor, type Order } from '#core/listing.ts'
import { DomainError, found, type Kind } from '#core/refusals.ts'
import { splitScope } from '#core/scope.ts'
import { WireError } from './errors.ts'
import {
  encodeClientGrantId,
  encodeConnectionId,
  encodeInvitationId,
  encodeJobId,
  encodeOrganizationId,
  encodeRoleId,
  encodeUserId,
} from './ids.ts'
import { type LogCall, logCallOf, logTypeOf } from './log-types.ts'

/** All optional, because clients may ask for some fields only. @see specs: §1.12 of the Auth0 dialect */
export const WireLog = Type.Object({
  log_id: Type.Optional(Type.String()),
  _id: Type.Optional(Type.String()),
  date: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String()),
  connection: Type.Optional(Type.String()),
  isMobile: Type.Optional(Type.Boolean()),
  details: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

const numberDigits = 16

/**
 * The event's number and id. The number says where a client goes on, even from an event that is gone; the id finds
 * just this one.
 */
export const encodeLogId = ({ number, id }: Pick<Event, 'number' | 'id'>): string =>
  `900${String(number).padStart(numberDigits, '0')}${id}`

export const decodeLogId = (wireId: string): { number: number; id: string } | undefined => {
  const [, number, id] = /^900(\d{16})(.{1,40})$/su.exec(wireId) ?? []
  return number === undefined || id === undefined ? undefined : { number: Number(number), id }
}

export const requireLogId = (wireId: string): { number: number; id: string } =>
  found(decodeLogId(wireId), 'event', wireId)

export const encodeLog = (event: Event): Static<typeof WireLog> => {
  const { at, type, door, actor, userId, roleId, scope, target, data } = event
  const id = encodeLogId(event)
  const { description, ...call } = logCallOf(event)
  const connection = data?.connection
  return {
    log_id: id,
    _id: id,
    date: new Date(at).toISOString(),
    type: logTypeOf(event),
    description,
    ...(actor.kind === 'application' && { client_id: actor.id }),
    ...(userId !== undefined && { user_id: encodeUserId(userId) }),
    ...(typeof connection === 'string' && { connection }),
    isMobile: false,
    details: {
      ...(door === 'auth0' && encodeCall(event, call)),
      event: type,
      door,
      actor: encodeActor(actor),
      ...(roleId !== undefined && { role_id: encodeRoleId(roleId) }),
      ...(scope !== undefined && { scope }),
      ...(target && { target }),
      ...(data && { data }),
    },
  }
}

const encodeActor = ({ kind, id }: Event['actor']) => ({ kind, id: kind === 'user' ? encodeUserId(id) : id })

/** The call as far as the event tells it. */
const encodeCall = (event: Event, { method, path, status }: Omit<LogCall, 'description'>) => {
  if (method === undefined || path === undefined || status === undefined) return {}
  const { actor, roleId, type } = event
  const isOfUser = roleId !== undefined && (type === 'role.assigned' || type === 'role.removed')
  return {
    request: {
      method,
      path: `/api/v2${fillIn(path, event)}`,
      channel: 'api',
      ...(isOfUser && { body: { roles: [encodeRoleId(roleId)] } }),
      auth: {
        strategy: 'jwt',
        ...(actor.kind === 'user' ? { user: { user_id: encodeUserId(actor.id) } } : { subject: actor.id }),
      },
    },
    response: { statusCode: status },
  }
}

const encoders: Partial<Readonly<Record<Kind, (id: string) => string>>> = {
  organization: encodeOrganizationId,
  connection: encodeConnectionId,
  client_grant: encodeClientGrantId,
  invitation: encodeInvitationId,
  job: encodeJobId,
}

const fillIn = (path: string, { userId, roleId, scope, target }: Event): string => {
  const ids: Readonly<Record<string, string | undefined>> = {
    user: userId && encodeUserId(userId),
    role: roleId && encodeRoleId(roleId),
    organization: scope && encodeOrganizationId(splitScope(scope).id),
    target: target && (encoders[target.kind]?.(target.id) ?? target.id),
  }
  return path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(ids[name] ?? ''))
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

/** A checkpoint is the id of the last event that the client has seen. */
export const decodeLogCheckpoint = (from: string): string => {
  const [, number] = /^900(\d{16})/u.exec(from) ?? []
  if (number === undefined) throw new DomainError({ code: 'invalid_cursor' })
  return encodeCursor([Number(number)])
}
