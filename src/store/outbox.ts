import { type Kysely, sql } from 'kysely'
import type { Event } from '#core/events.ts'
import type { Engine } from './engines/engine.ts'
import { createEvents } from './events.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Tables } from './tables.ts'

/**
 * The event table is the outbox. Writers take turns, so events are numbered in the order they commit and a consumer
 * needs to remember only the last number it was given (docs/decisions/0003).
 */
export const createOutbox = (engine: Engine, groupCommit: GroupCommit) => {
  const events = createEvents(engine, engine.readers)
  return {
    /** The next events for a consumer, oldest first; the same ones again until `acknowledge`. */
    pending: async (consumer: string, limit: number): Promise<Event[]> => {
      const after = await positionOf(engine.readers, consumer)
      const { items } = await events.list({ filter: { field: 'number', is: 'more', value: after }, limit })
      return items
    },
    acknowledge: (consumer: string, eventNumber: number): Promise<void> =>
      groupCommit.write(async (db) => {
        await db
          .insertInto('deliveries')
          .values({ consumer, event_number: eventNumber })
          .onConflict((conflict) =>
            conflict
              .column('consumer')
              .doUpdateSet({ event_number: eventNumber })
              // Never back: an acknowledgement may come late.
              .where('deliveries.event_number', '<', eventNumber),
          )
          .execute()
      }),
    /** A consumer that is new to this database starts behind what has happened already. */
    subscribe: (consumer: string): Promise<void> =>
      groupCommit.write(async (db) => {
        await sql`insert into deliveries (consumer, event_number)
          select ${consumer}, coalesce(max(number), 0) from events where 1 = 1
          on conflict (consumer) do nothing`.execute(db)
      }),
  }
}

const positionOf = async (db: Kysely<Tables>, consumer: string): Promise<number> => {
  const row = await db
    .selectFrom('deliveries')
    .select('event_number')
    .where('consumer', '=', consumer)
    .executeTakeFirst()
  return row?.event_number ?? 0
}
