import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { answered, type Item, Refused, server } from '../../server.ts'

/** Something done to many users, some at a time, so that it can be watched, stopped, and gone on with. */

export type Fault = { userIds: readonly string[]; error: unknown }

export type Progress =
  | { phase: 'idle' }
  | { phase: 'gathering' }
  | { phase: 'running' | 'stopped' | 'finished'; done: number; total: number; faults: readonly Fault[] }

export type Work = {
  /** How many users one request takes. */
  batchSize: number
  perform: (userIds: readonly string[]) => Promise<unknown>
}

type ListedUser = Item<'/users'>

/** Everybody whom the filters fit, page by page. */
export async function* everybody(filters: object): AsyncGenerator<ListedUser[]> {
  let after: string | undefined
  do {
    const query = { ...filters, limit: 200, ...(after !== undefined && { after }) }
    const page = await answered(server.GET('/users', { params: { query } }))
    yield page.items
    after = page.next ?? undefined
  } while (after !== undefined)
}

/** A refusal of just these users, which asking again would not change: not of a server in need, nor of a session that is over. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Refused && ![401, 429].includes(error.problem.status) && error.problem.status < 500

export const useBulk = () => {
  const [progress, setProgress] = useState<Progress>({ phase: 'idle' })
  const rest = useRef<string[]>([])
  const isStopped = useRef(false)
  const current = useRef<Work>(undefined)
  const queries = useQueryClient()

  const go = async (done: number, faults: readonly Fault[]) => {
    isStopped.current = false
    const total = done + rest.current.length
    const work = current.current!
    while (rest.current.length > 0 && !isStopped.current) {
      setProgress({ phase: 'running', done, total, faults })
      const batch = rest.current.slice(0, work.batchSize)
      try {
        await work.perform(batch)
      } catch (error) {
        faults = [...faults, { userIds: batch, error }]
        // Where nobody knows whether it was done, or it may be done later, it stays in the rest: repeating it changes nothing.
        if (!isFinal(error)) break
      }
      rest.current = rest.current.slice(batch.length)
      done += batch.length
    }
    setProgress({ phase: rest.current.length > 0 ? 'stopped' : 'finished', done, total, faults })
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== '/session' })
  }

  return {
    progress,
    start: async (work: Work, chosen: readonly string[] | { filters: object }) => {
      current.current = work
      setProgress({ phase: 'gathering' })
      try {
        if ('filters' in chosen) {
          rest.current = []
          for await (const page of everybody(chosen.filters)) rest.current.push(...page.map(({ id }) => id))
        } else rest.current = [...chosen]
      } catch (error) {
        setProgress({ phase: 'stopped', done: 0, total: 0, faults: [{ userIds: [], error }] })
        return
      }
      await go(0, [])
    },
    stop: () => {
      isStopped.current = true
    },
    resume: () => {
      if (progress.phase !== 'stopped') return
      const refused = progress.faults.filter(({ error }) => isFinal(error))
      void go(progress.done, refused)
    },
    reset: () => setProgress({ phase: 'idle' }),
  }
}
