/**
 * Writes assignments as fast as it can until it is killed, and prints each that was acknowledged: its arguments are
 * the database and the round, whose roles it gives to everybody.
 */
import { writeSync } from 'node:fs'
import { openAt } from './database.ts'
import { anAssignment, anEvent } from './things.ts'

const [location, round] = process.argv.slice(2) as [string, string]
const store = await openAt(location)
const everything = Number.MAX_SAFE_INTEGER
const users = await store.reader.users.list({ limit: everything })
const roles = await store.reader.roles.list({
  filter: { field: 'description', is: 'equal', value: round },
  limit: everything,
})
const pairs = roles.items.flatMap((role) => users.items.map((user) => ({ userId: user.id, roleId: role.id })))

/** Lines are short enough to go into a pipe whole or not at all; when it is full, its reader is waited for. */
const print = (line: string): void => {
  for (;;) {
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const writeSome = async () => {
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const { userId, roleId } = pair
    await store.write(async (tx) => {
      await tx.assignments.add(anAssignment({ userId, roleId }))
      // Ids of the suite start anew in each process.
      await tx.appendEvent(anEvent({ id: `${roleId} ${userId}`, type: 'role.assigned', userId, roleId }))
    })
    print(`${roleId} ${userId}`)
  }
}
print('ready')
await Promise.all(Array.from({ length: 40 }, writeSome))
