import { AsyncLocalStorage } from 'node:async_hooks'
import type { JsonObject } from '#core/json.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { createPool, type Pool } from './pool.ts'
import { createRun, type Run } from './run.ts'
import type { Handle, RunCall, RunResult, ScriptVersion } from './run-result.ts'
import { findSyntaxFault } from './syntax.ts'

export type RunnerParts = {
  /** Where deno keeps what it compiled, and the list of authorities lies. Made when it is missing. */
  folder: string
  /** Our own origins. Asked when a process starts, because ports may be known only after listening. */
  ownOrigins(): readonly string[]
  /** Certificates of authorities to trust, in PEM, besides the well-known ones: ours. Asked at each start too. */
  trusted?(): Promise<string | undefined>
  limits?: Partial<Limits>
  now?: () => number
}

export type CallOptions = {
  /** Texts that are kept out of the log and of failures. */
  secrets?: readonly string[]
  /** Less than the version's own time, where a trigger's time is shared by several scripts. */
  timeoutMs?: number
  /** Whatever the caller wants to find again through `tag()` in requests that come out of this run. */
  tag?: object
  /** What it calls is added to these. */
  calls?: RunCall[]
}

/** Runs scripts in processes of their own. JSON in, JSON out; a script's failure is a value. */
export type Runner = {
  call(
    version: ScriptVersion,
    payload: JsonObject,
    handle?: Handle,
    options?: CallOptions,
  ): Promise<RunResult>
  /**
   * A request came in that carries a run's ticket (the header `x-rolecall-run`): counts it, and does the work as part
   * of that run. `refused` where it was one too many. A ticket that no run has means nothing. `call` is kept with the
   * run; its status may be filled in later.
   */
  follow<Result>(ticket: string, work: () => Result, call?: RunCall): Result | 'refused'
  /** Does more work of a request that was followed. */
  within<Result>(ticket: string, work: () => Result): Result
  /** What the call of the run had as its tag, within whose `follow` this is asked. */
  tag(): object | undefined
  /** Ends the processes of a version that is not called any more. */
  retire(versionId: string): void
  /** What runs now, for metrics. */
  stats(): { processes: number; running: number; waiting: number }
  /** Ends everything; runs under way fail. */
  stop(): Promise<void>
}

/** The header in which scripts' requests to our own origins carry their ticket. */
export const runHeader = 'x-rolecall-run'

export const createRunner = (parts: RunnerParts): Runner => {
  const limits = { ...defaultLimits, ...parts.limits }
  const pool: Pool = createPool({ ...parts, limits })
  const current = new AsyncLocalStorage<Run>()
  const runs = new Map<string, Run>()
  const sound = new Set<string>()
  const tags = new WeakMap<Run, object>()

  const call: Runner['call'] = async (
    version,
    payload,
    handle,
    { secrets = [], timeoutMs = version.timeoutMs, tag, calls = [] } = {},
  ) => {
    const depth = (current.getStore()?.depth ?? -1) + 1
    const run = createRun({
      payload,
      handle,
      secrets,
      calls,
      depth,
      timeoutMs: Math.max(1, Math.min(timeoutMs, version.timeoutMs)),
      limits,
      now: parts.now ?? Date.now,
      within: (outer, work) => current.run(outer, work),
      onTimeout: (late) => pool.abandon(late),
    })
    runs.set(run.ticket, run)
    if (tag) tags.set(run, tag)
    try {
      const fault = sound.has(version.id) ? undefined : findSyntaxFault(version.code)
      if (fault) run.fail({ kind: 'build', message: `${fault.message} (line ${fault.line})` })
      else {
        sound.add(version.id)
        if (depth >= limits.depth)
          run.fail({ kind: 'calls', message: `Scripts set each other off ${depth} deep` })
        else pool.perform(version, run)
      }
      return await run.result
    } finally {
      runs.delete(run.ticket)
    }
  }

  return {
    call,
    follow: (ticket, work, call) => {
      const run = runs.get(ticket)
      if (!run) return work()
      if (call) run.noteCall(call)
      return run.countCall() ? current.run(run, work) : 'refused'
    },
    within: (ticket, work) => {
      const run = runs.get(ticket)
      return run ? current.run(run, work) : work()
    },
    tag: () => {
      const run = current.getStore()
      return run && tags.get(run)
    },
    retire: (versionId) => {
      sound.delete(versionId)
      pool.retire(versionId)
    },
    stats: pool.stats,
    stop: pool.stop,
  }
}
