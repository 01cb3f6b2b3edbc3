import type { Event } from './events.ts'
import { createRun, type Run, type RunParts } from './operation.ts'
import type { Reader, Store, StoreTx } from './store.ts'

/** Operations that are performed as ever, and leave nothing behind. */
export type Rehearsal = {
  run: Run
  /** What its commands stated, in their order. */
  events(): Omit<Event, 'number'>[]
}

/** A command's work in the store, and what chance gave it, so that it comes to the same when it is done again. */
type Take = {
  work: (tx: StoreTx) => Promise<unknown>
  at: number | undefined
  ids: string[]
  numbers: number[]
  events: Omit<Event, 'number'>[]
}

/** Carries an answer out of a transaction that is undone. */
class Undone extends Error {
  override readonly name = 'Undone'
  readonly output: unknown
  constructor(output: unknown) {
    super('This transaction was meant to be undone.')
    this.output = output
  }
}

/**
 * A world in which everything happens by the rules, and nothing stays. Each command runs in a transaction of its own
 * that is undone. Whatever is read after it is read in a transaction in which all commands so far are done once more,
 * so that no transaction is held between two calls (a script thinks in between), and what was written is seen.
 * Hooks are not asked.
 */
export const createRehearsal = (parts: Omit<RunParts, 'before' | 'observe'>): Rehearsal => {
  const { store } = parts
  const done: Take[] = []
  /** Members of a group commit run one after the other, so that there is one at most. */
  let playing: { take: Take; ids: number } | undefined
  let last: Promise<unknown> = Promise.resolve()

  const play = async (tx: StoreTx, take: Take): Promise<unknown> => {
    playing = { take, ids: 0 }
    take.events = []
    try {
      return await take.work(numbered(observed(tx, take), take))
    } finally {
      playing = undefined
    }
  }
  const undone = async (work: (tx: StoreTx) => Promise<unknown>): Promise<unknown> => {
    try {
      return await store.write(async (tx) => {
        throw new Undone(await work(tx))
      })
    } catch (error) {
      if (error instanceof Undone) return error.output
      throw error
    }
  }
  const again = async (tx: StoreTx): Promise<void> => {
    for (const take of done) await play(tx, take)
  }

  const write: Store['write'] = async <T>(work: (tx: StoreTx) => Promise<T>): Promise<T> => {
    const take: Take = { work, at: undefined, ids: [], numbers: [], events: [] }
    // One after the other, because the later is done again on top of the earlier.
    const mine = last.then(async () => {
      const output = await undone(async (tx) => {
        await again(tx)
        return play(tx, take)
      })
      done.push(take)
      return output as T
    })
    last = mine.catch(() => undefined)
    return mine
  }

  const reader = new Proxy(store.reader, {
    get: (real, name) => {
      const repository: unknown = Reflect.get(real, name)
      if (typeof repository !== 'object' || repository === null) return repository
      return new Proxy(repository, {
        get: (direct, method) => {
          const read: unknown = Reflect.get(direct, method)
          if (typeof read !== 'function' || done.length === 0) return read
          return (...given: unknown[]) =>
            undone(async (tx) => {
              await again(tx)
              const writing = tx[name as keyof StoreTx & keyof Reader] as object
              return Reflect.apply(Reflect.get(writing, method), writing, given)
            })
        },
      })
    },
  })

  const run = createRun({
    ...parts,
    store: { reader, write, close: store.close },
    now: () => {
      if (!playing) return parts.now()
      playing.take.at ??= parts.now()
      return playing.take.at
    },
    newId: () => {
      if (!playing) return parts.newId()
      const { take } = playing
      const id = take.ids[playing.ids] ?? parts.newId()
      take.ids[playing.ids] = id
      playing.ids += 1
      return id
    },
  })
  return { run, events: () => done.flatMap(({ events }) => events) }
}

/** Events are stated as ever; those of a part that was undone are taken back. */
const observed = (tx: StoreTx, take: Take): StoreTx => ({
  ...tx,
  appendEvent: async (event) => {
    await tx.appendEvent(event)
    take.events.push(event)
  },
  attempt: async (work) => {
    const before = take.events.length
    try {
      return await tx.attempt(work)
    } catch (error) {
      take.events.length = before
      throw error
    }
  },
})

/** A thing that was inserted keeps its number when it is inserted again: clients of some doors know it by that. */
const numbered = (tx: StoreTx, take: Take): StoreTx => {
  let inserted = 0
  const keep = (repository: object): object => {
    const insert: unknown = Reflect.get(repository, 'insert')
    if (typeof insert !== 'function') return repository
    return {
      ...repository,
      insert: async (thing: { number?: number }) => {
        const at = inserted
        inserted += 1
        const number = thing.number ?? take.numbers[at]
        const stored = await insert({ ...thing, ...(number !== undefined && { number }) })
        take.numbers[at] = stored.number
        return stored
      },
    }
  }
  return Object.fromEntries(
    Object.entries(tx).map(([name, part]) => [name, typeof part === 'object' ? keep(part) : part]),
  ) as StoreTx
}
