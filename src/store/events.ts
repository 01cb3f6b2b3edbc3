import { type Kysely, sql } from 'kysely'
import type { Event, EventType } from '#core/events.ts'
import type { EventReads } from '#core/store.ts'
import type { Engine } from './engines/engine.ts'
import { createLister } from './lister.ts'
import { createStatements } from './statement.ts'
import type { Row, Table } from './table.ts'
import type { Tables } from './tables.ts'

/** An event as lists see it: actor and target in flat fields. */
type FlatEvent = Omit<Event, 'actor' | 'target'> & {
  actorKind: string
  actorId: string
  targetKind?: string
  targetId?: string
}

const eventTable: Table<FlatEvent> = {
  name: 'events',
  columns: {
    number: 'integer',
    id: 'id',
    type: 'id',
    at: 'integer',
    door: 'text',
    actorKind: 'text',
    actorId: 'text',
    userId: 'id?',
    roleId: 'text?',
    scope: 'text?',
    targetKind: 'text?',
    targetId: 'text?',
    data: 'json?',
  },
}

const raise = ({ actorKind, actorId, targetKind, targetId, ...rest }: FlatEvent): Event => ({
  ...rest,
  actor: { kind: actorKind as Event['actor']['kind'], id: actorId },
  ...(targetKind !== undefined && {
    target: { kind: targetKind as NonNullable<Event['target']>['kind'], id: targetId! },
  }),
})

export const createEvents = (engine: Engine, db: Kysely<Tables>) => {
  const { codec, count, list } = createLister(engine, db, eventTable)
  const insertion = createStatements(
    db,
    (columns, slot) => sql`insert into events (${sql.join(columns.map((column) => sql.ref(column)))})
      values (${sql.join(columns.map(slot))})`,
  )
  const reads: EventReads = {
    find: async (id) => {
      const row = await db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst()
      return row && raise(codec.decode(row as Row))
    },
    list: async (listing) => {
      const page = await list(listing)
      return { ...page, items: page.items.map(raise) }
    },
    count,
    countPerDay: async (types, from, to) => {
      // Both engines divide integers without a rest.
      const query = sql<{ day: number; type: EventType; total: number }>`
        select at / 86400000 as day, type, count(*) as total from events
          where at >= ${from} and at < ${to} and type in (${sql.join(types)})
          group by at / 86400000, type order by day, type`
      return (await query.execute(db)).rows
    },
  }
  return {
    ...reads,
    append: async ({ actor, target, ...event }: Omit<Event, 'number'>): Promise<void> => {
      const flat = { ...event, actorKind: actor.kind, actorId: actor.id }
      const row = codec.encode(target ? { ...flat, targetKind: target.kind, targetId: target.id } : flat)
      await insertion(row)
    },
  }
}
