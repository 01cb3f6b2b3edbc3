import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from './engines/engine.ts'
import type { Tables } from './tables.ts'

type Member = {
  work: (db: Kysely<Tables>) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** Members of one group; more wait for the next, so that nobody's answer waits for a very long one. */
const memberLimit = 256

/** How long members run before others of the process get a turn. */
const turnMilliseconds = 2

const savepoint = CompiledQuery.raw('savepoint member')
const release = CompiledQuery.raw('release savepoint member')
const undo = CompiledQuery.raw('rollback to savepoint member')

export type GroupCommit = ReturnType<typeof createGroupCommit>

/**
 * Group commit: whatever is waiting to be written shares one transaction and one flush to disk. Each member runs in a
 * savepoint of its own, one after the other, so a failing one takes nothing of its neighbours with it; all are told
 * their outcome once it is durable.
 */
export const createGroupCommit = (engine: Engine) => {
  const waiting: Member[] = []
  let running: Promise<void> | undefined
  /** Why nothing may be written any more. */
  let fault: Error | undefined

  const drain = async () => {
    while (waiting.length > 0) {
      const members = waiting.splice(0, memberLimit)
      if (fault) for (const member of members) member.reject(fault)
      else fault = await commitGroup(engine, members)
    }
    running = undefined
  }

  /** Resolves when nothing is waiting any more. */
  const idle = async () => {
    while (running) await running
  }

  return {
    write: <T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (fault) throw fault
        waiting.push({ work, resolve: resolve as Member['resolve'], reject })
        // Begun in a later turn, so that everything which arrived in this one is in the first group.
        running ??= new Promise<void>((settle) => setImmediate(settle)).then(drain)
      }),
    /** Why every write is refused; undefined as long as none is. */
    fault: () => fault,
    /** Waits for what was begun, and refuses what comes later. */
    close: async () => {
      await idle()
      fault ??= new Error('The store is closed.')
    },
  }
}

/** @returns a fault when what became of the group is unknown, or not durable, and writing on would build on sand */
const commitGroup = async (engine: Engine, members: readonly Member[]): Promise<Error | undefined> => {
  const rejectAll = (error: unknown) => {
    for (const member of members) member.reject(error)
  }
  const outcomes: (() => void)[] = []
  try {
    await engine.begin()
    let turnStart = performance.now()
    for (const member of members) {
      if (performance.now() - turnStart > turnMilliseconds) {
        await new Promise<void>((settle) => setImmediate(settle))
        turnStart = performance.now()
      }
      outcomes.push(await runMember(engine, member))
    }
    await engine.commit()
  } catch (error) {
    const fault = await engine.abandon().then(
      () => undefined,
      (cause) =>
        new Error('A transaction could be neither committed nor undone. Writes are refused.', { cause }),
    )
    rejectAll(error)
    return fault
  }
  try {
    await engine.flush()
  } catch (cause) {
    // After a failed fsync the system may have dropped the pages and report success the next time.
    // https://wiki.postgresql.org/wiki/Fsync_Errors, read 2026-11-21
    const fault = new Error(
      'What was written could not be made durable. Writes are refused until a restart.',
      { cause },
    )
    rejectAll(fault)
    return fault
  }
  for (const settle of outcomes) settle()
  return undefined
}

/** @throws only when the database itself is lost, which fails the whole group */
const runMember = async ({ writer }: Engine, { work, resolve, reject }: Member): Promise<() => void> => {
  await writer.executeQuery(savepoint)
  try {
    const value = await work(writer)
    await writer.executeQuery(release)
    return () => resolve(value)
  } catch (error) {
    await writer.executeQuery(undo)
    await writer.executeQuery(release)
    return () => reject(error)
  }
}

const part = CompiledQuery.raw('savepoint part')
const releasePart = CompiledQuery.raw('release savepoint part')
const undoPart = CompiledQuery.raw('rollback to savepoint part')

/** Part of a member's work, undone alone when it throws. Parts nest: an inner savepoint of the same name hides the outer. */
export const attempt = async <T>({ writer }: Engine, work: () => Promise<T>): Promise<T> => {
  await writer.executeQuery(part)
  try {
    const value = await work()
    await writer.executeQuery(releasePart)
    return value
  } catch (error) {
    await writer.executeQuery(undoPart)
    await writer.executeQuery(releasePart)
    throw error
  }
}
