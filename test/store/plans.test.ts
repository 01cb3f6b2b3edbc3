import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CompiledQuery, type KyselyPlugin } from 'kysely'
import { equal, every, type Listing, type Order } from '#core/listing.ts'
import type { Reader } from '#core/store.ts'
import { openEngine, openStore } from '#store/open.ts'
import { postgres, sqlite, type TestDatabase } from './database.ts'
import { anAssignment, anEvent, epoch, insertRoles, insertUsers } from './things.ts'

const userCount = 3_000

const by = (field: string, direction: Order['direction'] = 'ascending'): Order[] => [{ field, direction }]

/** Lists whose pages must cost the same wherever they are: an index has the order, and leads to the cursor's place. */
const lists: Record<string, (reader: Reader, after?: string) => Promise<{ next?: string }>> = {}
const addList = (
  title: string,
  list: (reader: Reader) => (listing: Listing) => Promise<{ next?: string }>,
  listing: Omit<Listing, 'limit'> = {},
) => {
  lists[title] = (reader, after) =>
    list(reader)({ limit: 10, ...listing, ...(after !== undefined && { after }) })
}
const users = (reader: Reader) => reader.users.list
addList('users', users)
addList('users, newest first', users, { order: by('number', 'descending') })
for (const field of ['createdAt', 'lastLoginAt', 'name', 'email', 'username']) {
  addList(`users by ${field}`, users, { order: by(field) })
  addList(`users by ${field}, backwards`, users, { order: by(field, 'descending') })
}
addList('assignments', (reader) => reader.assignments.list)
addList('assignments of a scope', (reader) => reader.assignments.list, {
  filter: { field: 'scope', is: 'equal', value: 'workspace' },
})
addList('events, newest first', (reader) => reader.events.list, { order: by('number', 'descending') })
addList('events of a type', (reader) => reader.events.list, {
  filter: { field: 'type', is: 'equal', value: 'user.updated' },
  order: by('number', 'descending'),
})
lists['holders of a role'] = (reader, after) =>
  reader.assignments.holders('role', 'workspace', epoch, { limit: 10, ...(after !== undefined && { after }) })

/** Reads of few rows by the index that leads straight to them, where another one would have them in order. */
const straight: Record<
  string,
  { index: string; read: (reader: Reader, userId: string) => Promise<unknown> }
> = {
  'assignments of a user in a scope': {
    index: 'assignments_key',
    read: (reader, userId) =>
      reader.assignments.list({
        filter: every(equal('userId', userId), equal('scope', 'workspace')),
        limit: 10,
      }),
  },
  'events behind the last one that was delivered': {
    index: 'INTEGER PRIMARY KEY|events_pkey',
    read: (reader) =>
      reader.events.list({ filter: { field: 'number', is: 'more', value: userCount - 2 }, limit: 200 }),
  },
  'events of a type about a user': {
    index: 'events_user',
    read: (reader, userId) =>
      reader.events.list({
        filter: every(equal('userId', userId), equal('type', 'user.updated')),
        order: by('number', 'descending'),
        limit: 10,
      }),
  },
}

const plansOn = (database: TestDatabase) =>
  describe(`plans of ${database.name}`, () => {
    let close = async () => {}
    let reader: Reader
    let explain: (query: CompiledQuery) => Promise<string>
    let someone = ''
    const asked: CompiledQuery[] = []

    before(async () => {
      const { location, remove } = await database.create()
      const engine = await openEngine(location)
      const recorder: KyselyPlugin = {
        transformQuery: ({ node, queryId }) => {
          asked.push(engine.readers.getExecutor().compileQuery(node, queryId))
          return node
        },
        transformResult: async ({ result }) => result,
      }
      const store = openStore({ ...engine, readers: engine.readers.withPlugin(recorder) }, () => epoch)
      reader = store.reader
      close = async () => {
        await store.close()
        await remove()
      }
      await store.write(async (tx) => {
        await insertRoles(tx, [{ id: 'role' }])
        const made = await insertUsers(
          tx,
          Array.from({ length: userCount }, (_, at) => ({
            createdAt: epoch + at,
            ...(at % 2 === 0 && { name: `name ${at % 700}`, lastLoginAt: epoch + (at % 500) }),
            ...(at % 3 === 0 && { email: `${at}@example.org`, username: `user ${at}` }),
          })),
        )
        for (const { id } of made) await tx.assignments.add(anAssignment({ userId: id, roleId: 'role' }))
        someone = made[7]!.id
        for (const { id } of made) await tx.appendEvent(anEvent({ userId: id }))
      })
      // PostgreSQL does so by itself before long; SQLite goes by what the migrations tell it.
      if (database.engine === 'postgres') await engine.writer.executeQuery(CompiledQuery.raw('analyze'))
      // A handful of rows it may well sort; what counts is that it need not.
      if (database.engine === 'postgres')
        await engine.writer.executeQuery(CompiledQuery.raw('set enable_bitmapscan = off'))
      const prefix = database.engine === 'sqlite' ? 'explain query plan' : 'explain'
      explain = async ({ sql, parameters }) => {
        const { rows } = await engine.writer.executeQuery(
          CompiledQuery.raw(`${prefix} ${sql}`, [...parameters]),
        )
        return rows.map((row) => Object.values(row as object).join(' ')).join('\n')
      }
    })
    after(() => close())

    for (const [title, list] of Object.entries(lists)) {
      test(`${title} are read in the order of an index, from the cursor on`, async () => {
        let after: string | undefined
        for (let page = 0; page < 3; page += 1) {
          asked.length = 0
          const { next } = await list(reader, after)
          const plan = (await Promise.all(asked.map(explain))).join('\n')
          assert.doesNotMatch(plan, /TEMP B-TREE|Sort|Seq Scan on (?:users|assignments|events)/u, plan)
          if (page > 0) {
            // A place that is looked up, not rows that are passed over.
            assert.match(plan, database.engine === 'sqlite' ? /SEARCH .*[<>]/u : /Index Cond: .*[<>]/u, plan)
            assert.doesNotMatch(plan, /Filter: \(ROW/u, plan)
          }
          after = next
          assert.ok(after)
        }
      })
    }

    for (const [title, { index, read }] of Object.entries(straight)) {
      test(`${title} are found by ${index}`, async () => {
        asked.length = 0
        await read(reader, someone)
        const plan = (await Promise.all(asked.map(explain))).join('\n')
        assert.match(plan, new RegExp(`\\b(?:${index})\\b`, 'u'), plan)
      })
    }
  })

plansOn(sqlite)
plansOn(postgres('english'))
