import type { Json, JsonObject } from '../json.ts'
import { equal, type Listing, type Page, unlimited } from '../listing.ts'
import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import type { Execution, HookCall, HookFailure, LogLine } from './hook.ts'

/** Who keeps the record is the server itself; no door offers these. */
const recording = { needs: 'hooks:update' } as const

export type NewExecution = Pick<
  Execution,
  'id' | 'runId' | 'trigger' | 'hookId' | 'hookName' | 'versionId' | 'input' | 'userId' | 'applicationId'
> &
  Outcome & { startedAt: number }

export type Outcome = {
  output?: Json
  log: readonly LogLine[]
  calls: readonly HookCall[]
  failure?: HookFailure
  durationMs: number
}

/** Keeps what hooks did. A failure is an event as well, for whoever watches the log. */
export const recordExecutions = command<{ executions: readonly NewExecution[] }, void>({
  name: 'record executions',
  ...recording,
  run: async (tx, { executions }) => {
    for (const execution of executions) {
      const { failure, startedAt, durationMs } = execution
      await tx.executions.insert({
        ...execution,
        ...storable(execution),
        status: failure ? 'failed' : 'done',
        endedAt: startedAt + Math.ceil(durationMs),
        durationMs: Math.ceil(durationMs),
      })
      if (failure) await emitFailure(tx, execution, failure)
    }
  },
})

export type ClaimExecution = Pick<
  Execution,
  'runId' | 'trigger' | 'hookId' | 'hookName' | 'versionId' | 'input' | 'userId' | 'applicationId'
> & {
  /** The same for every delivery of the same event to the same hook. */
  claim: string
}

/** A run that was begun so long ago was left behind by a process that is gone. */
const abandonedAfterMs = 120_000

/**
 * Notes that a queued run begins. Undefined when another process has it, or had it.
 * @returns the id of the execution
 */
export const claimExecution = command<ClaimExecution, string | undefined>({
  name: 'claim execution',
  ...recording,
  run: async (tx, input) => {
    const before = await tx.executions.findBy({ claim: input.claim })
    if (before) {
      if (before.status !== 'running' || before.startedAt > tx.now() - abandonedAfterMs) return undefined
      await tx.executions.update(before.id, { startedAt: tx.now() })
      return before.id
    }
    const id = tx.newId()
    const running = { status: 'running', log: [], calls: [], startedAt: tx.now() } as const
    await tx.executions.insert({ id, ...input, input: clean(input.input) as JsonObject, ...running })
    return id
  },
})

/** Keeps what came of a run that was claimed. */
export const finishExecution = command<{ executionId: string; outcome: Outcome }, void>({
  name: 'finish execution',
  ...recording,
  run: async (tx, { executionId, outcome }) => {
    const execution = await tx.executions.find(executionId)
    if (!execution) return
    const { failure, durationMs } = outcome
    await tx.executions.update(executionId, {
      ...storable(outcome),
      ...(failure && { failure: storable({ ...outcome }).failure }),
      status: failure ? 'failed' : 'done',
      endedAt: tx.now(),
      durationMs: Math.ceil(durationMs),
    })
    if (failure) await emitFailure(tx, execution, failure)
  },
})

/** @see specs: §4.10 of the Auth0 dialect */
const keptMs = 10 * 24 * 3_600_000

/** Forgets executions that are too old. @returns how many */
export const purgeExecutions = command<object, number>({
  name: 'purge executions',
  ...recording,
  run: (tx) => tx.executions.removeBefore(tx.now() - keptMs),
})

/** @throws not_found */
export const getExecution = query<{ executionId: string }, Execution>({
  name: 'get execution',
  needs: 'executions:read',
  run: async ({ executions }, { executionId }) =>
    found(await executions.find(executionId), 'execution', executionId),
})

/** Every hook that one occasion ran, in order; the occasion may be named by any of its executions. @throws not_found */
export const listRun = query<{ runId: string }, Execution[]>({
  name: 'list executions of run',
  needs: 'executions:read',
  run: async ({ executions }, { runId }) => {
    const named = (await executions.find(runId))?.runId ?? runId
    const { items } = await executions.list({ filter: equal('runId', named), limit: unlimited })
    found(items[0], 'execution', runId)
    return items
  },
})

/** Fields: those of `Execution`. @throws invalid_cursor, unknown_field */
export const listExecutions = query<{ listing: Listing }, Page<Execution>>({
  name: 'list executions',
  needs: 'executions:read',
  run: ({ executions }, { listing }) => executions.list(listing),
})

const emitFailure = (
  tx: Tx,
  { id, hookId, trigger, userId }: Pick<Execution, 'id' | 'hookId' | 'trigger' | 'userId'>,
  { kind, message }: HookFailure,
): Promise<void> =>
  tx.emit({
    type: 'hook.failed',
    target: { kind: 'hook', id: hookId },
    ...(userId !== undefined && { userId }),
    data: { executionId: id, trigger, kind, message: wellFormed(message).slice(0, 500) },
  })

/** Scripts say what they like; databases don't keep all of it. */
const storable = ({ output, log, calls, failure }: Outcome) => ({
  ...(output !== undefined && output !== null && { output: clean(output) }),
  log: log.map(({ level, text }) => ({ level, text: wellFormed(text) })),
  calls: clean(calls as unknown as Json) as unknown as HookCall[],
  ...(failure && { failure: clean(failure as unknown as Json) as unknown as HookFailure }),
})

const clean = (value: Json): Json => {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(clean)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [wellFormed(key), clean(each)]),
  )
}

const wellFormed = (text: string): string => text.toWellFormed().replaceAll('\0', '�')
