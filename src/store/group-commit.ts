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
const commit = CompiledQuery.raw('commit')
const rollback = CompiledQuery.raw('rollback')

/**
 * Group commit: whatever is waiting to be written shares one transaction and one flush to disk. Each member runs in a
 * savepoint of its own, one after the other, so a failing one takes nothing of its neighbours with it; all are told
 * their outcome once it is durable.
 */
export const createGroupCommit = (engine: Engine) => {
  const waiting: Member[] = []
  let running: Promise<void> | undefined

  const drain = async () => {
    while (waiting.length > 0) await commitGroup(engine, waiting.splice(0, memberLimit))
    running = undefined
  }

  return {
    write: <T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as Member['resolve'], reject })
        // Begun in a later turn, so that everything which arrived in this one is in the first group.
        running ??= new Promise<void>((settle) => setImmediate(settle)).then(drain)
      }),
    /** Resolves when nothing is waiting any more. */
    idle: async () => {
      while (running) await running
    },
  }
}

const commitGroup = async (engine: Engine, members: readonly Member[]): Promise<void> => {
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
    await engine.writer.executeQuery(commit)
    await engine.flush()
  } catch (error) {
    await engine.writer.executeQuery(rollback).catch(() => {})
    for (const member of members) member.reject(error)
    return
  }
  for (const settle of outcomes) settle()
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
