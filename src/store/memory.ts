import { CompiledQuery } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Engine } from './engines/engine.ts'

/**
 * Remembers what was read as long as nothing at all was committed since. For the few small things that nearly every
 * request needs: roles, applications, APIs, client grants.
 */
export type Memory = {
  recall<T>(key: string, load: () => Promise<T>): Promise<T>
  /** The same for several of a kind; only those that are not remembered are loaded. */
  recallMany<T extends { id: string }>(
    kind: string,
    ids: readonly string[],
    load: (ids: readonly string[]) => Promise<T[]>,
  ): Promise<T[]>
  /** Something was committed in this process: look before anything else is believed. */
  expire(): void
}

/**
 * SQLite tells a connection cheaply whether any other one, of this process or another, has committed. It is asked once
 * per burst, which is all that runs until the event loop takes up something new, and again after a commit of our own:
 * nobody can know of somebody else's commit before that. PostgreSQL has nothing alike, so there everything is read anew.
 */
export const createMemory = (engine: Engine): Memory => {
  if (engine.name !== 'sqlite') return forgetful
  // A page counts for as many things as it has.
  const sizeCalculation = (value: unknown) => (Array.isArray(value) ? Math.max(1, value.length) : 1)
  const values = new LRUCache<string, NonNullable<unknown>>({ maxSize: 10_000, sizeCalculation })
  const version = CompiledQuery.raw('pragma data_version')
  let known: unknown
  let isFresh = false
  let ownCommits = 0
  /** What is under way serves everybody who asks for it meanwhile, as the requests of a turn do. */
  let looking: Promise<void> | undefined
  const loading = new Map<string, Promise<unknown>>()

  const look = async (): Promise<void> => {
    const before = ownCommits
    const [row] = (await engine.readers.executeQuery<{ data_version: number }>(version)).rows
    if (row!.data_version !== known) {
      values.clear()
      loading.clear()
    }
    known = row!.data_version
    isFresh = before === ownCommits
    // Not `setImmediate`: what runs between that and the next answer from a disk or another process would still count
    // as this turn, and be told of a commit that was not looked for.
    process.nextTick(() => {
      isFresh = false
    })
  }
  const refresh = async (): Promise<void> => {
    if (isFresh) return
    looking ??= look()
    const shared = looking
    try {
      await shared
    } finally {
      if (looking === shared) looking = undefined
    }
  }
  const share = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const shared = loading.get(key)
    if (shared) return shared as Promise<T>
    const reading = read().finally(() => {
      if (loading.get(key) === reading) loading.delete(key)
    })
    loading.set(key, reading)
    return reading
  }
  return {
    expire: () => {
      ownCommits += 1
      isFresh = false
      looking = undefined
      loading.clear()
    },
    recall: async <T>(key: string, load: () => Promise<T>): Promise<T> => {
      await refresh()
      const remembered = values.get(key)
      if (remembered !== undefined) return remembered as T
      const [stamp, value] = [known, await share(key, load)]
      if (value !== undefined && stamp === known) values.set(key, value as NonNullable<unknown>)
      return value
    },
    recallMany: async <T extends { id: string }>(
      kind: string,
      ids: readonly string[],
      load: (ids: readonly string[]) => Promise<T[]>,
    ): Promise<T[]> => {
      await refresh()
      const found: T[] = []
      const missing: string[] = []
      for (const id of new Set(ids)) {
        const remembered = values.get(`${kind} ${id}`)
        if (remembered === undefined) missing.push(id)
        else found.push(remembered as T)
      }
      if (missing.length === 0) return found
      const [stamp, loaded] = [known, await share(`${kind} ${missing.join()}`, () => load(missing))]
      if (stamp === known) for (const thing of loaded) values.set(`${kind} ${thing.id}`, thing)
      return [...found, ...loaded]
    },
  }
}

/** Remembers nothing. */
export const forgetful: Memory = {
  recall: (_key, load) => load(),
  recallMany: (_kind, ids, load) => load(ids),
  expire: () => {},
}
