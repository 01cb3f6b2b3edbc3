import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { migrate, openEngine, openStore } from '#store/open.ts'
import { type Collation, freshDatabase } from '#test/postgres.ts'

/** A kind of database the store suite runs on. */
export type TestDatabase = {
  name: string
  engine: 'sqlite' | 'postgres'
  /** Makes one that is empty, or has our tables, and returns where it is. */
  create(options?: { migrated?: boolean }): Promise<{ location: string; remove(): Promise<void> }>
}

export const sqlite: TestDatabase = {
  name: 'SQLite',
  engine: 'sqlite',
  create: async ({ migrated = true } = {}) => {
    const directory = await mkdtemp(join(tmpdir(), 'rolecall-store-'))
    const location = join(directory, 'rolecall.db')
    if (migrated) {
      const engine = await openEngine(location)
      await migrate(engine)
      await engine.close()
    }
    return { location, remove: () => rm(directory, { recursive: true, force: true }) }
  },
}

export const postgres = (collation: Collation): TestDatabase => ({
  name: `PostgreSQL that sorts ${collation === 'bytes' ? 'by bytes' : 'as English readers do'}`,
  engine: 'postgres',
  create: async ({ migrated = true } = {}) => ({
    location: await freshDatabase({ collation, migrated }),
    remove: async () => {},
  }),
})

export type OpenedStore = Awaited<ReturnType<typeof openTestStore>>

/** Opens a store over a database that exists, as another process would. Its clock stands still until it is set. */
export const openAt = async (location: string, clock = { now: 1_700_000_000_000 }) => {
  const engine = await openEngine(location)
  const store = openStore(engine, () => clock.now)
  return { ...store, engine, clock, location }
}

export const openTestStore = async (database: TestDatabase) => {
  const { location, remove } = await database.create()
  const opened = await openAt(location)
  return {
    ...opened,
    close: async () => {
      await opened.close()
      await remove()
    },
  }
}

/** Opens a store of its own for the surrounding `describe`; reach it through the returned function in its tests. */
export const useStore = (database: TestDatabase): (() => OpenedStore) => {
  let opened: OpenedStore | undefined
  before(async () => {
    opened = await openTestStore(database)
  })
  after(() => opened?.close())
  return () => opened!
}
