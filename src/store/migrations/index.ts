import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Engine } from '../engines/engine.ts'
import type { Tables } from '../tables.ts'
import { init } from './0001-init.ts'

const migrations = { '0001-init': init }

/** Brings the schema up to date and names the steps that were taken, oldest first. Concurrent calls wait. */
export const migrate = async (engine: Engine): Promise<string[]> => {
  const steps = Object.entries(migrations).map(([name, up]): [string, Migration] => [
    name,
    { up: up(engine.name) as (db: Kysely<unknown>) => Promise<void> },
  ])
  const migrator = new Migrator({
    db: engine.writer as Kysely<Tables>,
    provider: { getMigrations: async () => Object.fromEntries(steps) },
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}
