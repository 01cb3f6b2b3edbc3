import Type, { type Static } from 'typebox'
import type { Event } from '#core/events.ts'
import { equal, every, type Filter, type Listing, startsWith } from '#core/listing.ts'
import { DoorName } from './assignments.wire.ts'
import { decodeInstant, encodeInstant, Instant } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { ScopeText } from './scopes.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })

const which = {
  type: Type.Optional(
    Type.String({
      pattern: '^[a-z-]+(\\.[a-z-]+)?$',
      maxLength: 100,
      description: '`role.assigned`, or `role` for everything that happens to roles.',
    }),
  ),
  userId: Type.Optional(Type.String({ ...Id, description: 'The user it happened to.' })),
  roleId: Type.Optional(Id),
  actorId: Type.Optional(Type.String({ ...Id, description: 'Who did it.' })),
  door: Type.Optional(DoorName),
  scope: Type.Optional(ScopeText),
}

export const EventQuery = Type.Object({
  ...PageQuery,
  ...which,
  from: Type.Optional(Type.String({ format: 'date-time', description: 'At this instant or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this instant.' })),
  ...orderBy('number'),
})

export const StreamQuery = Type.Object(which)

export const WireEvent = Type.Object({
  number: Type.Integer({ description: 'Grows in the order in which things happened.' }),
  id: Type.String({ description: 'The same for every delivery of it.' }),
  type: Type.String(),
  at: Instant,
  door: Type.String(),
  actor: Type.Object({ kind: Type.String(), id: Type.String() }),
  userId: Type.Optional(Type.String()),
  roleId: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  target: Type.Optional(Type.Object({ kind: Type.String(), id: Type.String() })),
  data: Type.Optional(Metadata),
})

export type Which = Static<typeof StreamQuery>

/** The newest first, unless asked otherwise. */
export const decodeEventQuery = (query: Static<typeof EventQuery>): Listing => {
  const { from, to, order = '-number' } = query
  const filter = every(
    filterOf(query),
    from === undefined ? undefined : { field: 'at', is: 'atLeast', value: decodeInstant(from) },
    to === undefined ? undefined : { field: 'at', is: 'less', value: decodeInstant(to) },
  )
  return { ...decodePaging(query), ...decodeOrder(order), ...(filter && { filter }) }
}

const filterOf = ({ type, ...fields }: Which): Filter | undefined =>
  every(
    type === undefined ? undefined : isWhole(type) ? equal('type', type) : startsWith('type', `${type}.`),
    ...(['userId', 'roleId', 'actorId', 'door', 'scope'] as const).map((field) => {
      const value = fields[field]
      return value === undefined ? undefined : equal(field, String(value))
    }),
  )

const isWhole = (type: string): boolean => type.includes('.')

/** The same as the filter, for a stream: it reads every event, so that it goes on behind those it leaves out. */
export const isAskedFor = (event: Event, { type, actorId, ...fields }: Which): boolean =>
  (type === undefined || (isWhole(type) ? event.type === type : event.type.startsWith(`${type}.`))) &&
  (actorId === undefined || event.actor.id === actorId) &&
  (['userId', 'roleId', 'door', 'scope'] as const).every(
    (field) => fields[field] === undefined || event[field] === fields[field],
  )

export const encodeEvent = ({
  number,
  id,
  type,
  at,
  door,
  actor,
  userId,
  roleId,
  scope,
  target,
  data,
}: Event): Static<typeof WireEvent> => ({
  number,
  id,
  type,
  at: encodeInstant(at),
  door,
  actor,
  userId,
  roleId,
  scope,
  target,
  data,
})
