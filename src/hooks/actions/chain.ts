import type { NewExecution } from '#core/hooks/executions.ts'
import type { HookFailure } from '#core/hooks/hook.ts'
import type { Runnable } from '#core/hooks/running.ts'
import type { JsonObject } from '#core/json.ts'
import { decodeIntents } from '../flavours/intents.ts'
import type { Handle } from '../sandbox/run-result.ts'
import { type CallScript, type Ran, triggerTimeoutMs } from '../scripts.ts'
import { type Cache, type Effects, noEffects, take } from './effects.ts'
import { actionTrigger } from './trigger.ts'

export type ChainParts = {
  call: CallScript
  now: () => number
  newId: () => string
}

/** One occasion on which the Actions of a trigger run, one after the other. */
export type Occasion = {
  runId: string
  trigger: string
  hooks: readonly Runnable[]
  /** As the scripts get it, without their secrets. */
  event: JsonObject
  issuer: string
  apiId?: string | undefined
  userId?: string | undefined
  applicationId?: string | undefined
  cache: Cache
  handle?: Handle | undefined
}

export type ChainOutcome = {
  effects: Effects
  executions: NewExecution[]
  /** The failure that ended it, of a hook that must agree. */
  failed?: { executionId: string; failure: HookFailure }
}

/** Runs them in their order, until one denies, or one fails that must not. All of them share one trigger's time. */
export const runChain = async (
  { call, now, newId }: ChainParts,
  occasion: Occasion,
): Promise<ChainOutcome> => {
  const { runId, trigger, hooks, event, issuer, cache, handle } = occasion
  const { id, handler } = actionTrigger(trigger)
  const effects = noEffects()
  const executions: NewExecution[] = []
  let leftMs = triggerTimeoutMs
  for (const hook of hooks) {
    const startedAt = now()
    const seen = withMetadata(event, effects.transactionMetadata)
    const payload: JsonObject = {
      handler,
      event: { ...seen, secrets: hook.secrets },
      trigger: id,
      cache: entriesOf(cache, startedAt),
      redirect: { isPossible: false, issuer },
    }
    const ran: Ran =
      leftMs <= 0
        ? outOfTime
        : await call(hook, payload, {
            timeoutMs: Math.min(hook.timeoutMs, leftMs),
            ...(handle && { handle }),
          })
    leftMs -= ran.durationMs
    const failure = ran.failure ?? applyOutput(effects, ran, hook, occasion)
    const executionId = newId()
    executions.push({
      id: executionId,
      runId,
      trigger,
      hookId: hook.hookId,
      hookName: hook.hookName,
      ...(hook.versionId !== undefined && { versionId: hook.versionId }),
      input: { event: seen },
      ...(ran.output !== undefined && { output: ran.output }),
      log: ran.log,
      calls: ran.calls,
      ...(failure && { failure }),
      ...(occasion.userId !== undefined && { userId: occasion.userId }),
      ...(occasion.applicationId !== undefined && { applicationId: occasion.applicationId }),
      startedAt,
      durationMs: ran.durationMs,
    })
    if (failure && hook.onFailure === 'deny') return { effects, executions, failed: { executionId, failure } }
    if (effects.denied) break
  }
  return { effects, executions }
}

const outOfTime: Ran = {
  output: undefined,
  log: [],
  calls: [],
  durationMs: 0,
  failure: { kind: 'timeout', message: 'The hooks before it used up the time of this trigger' },
}

/** A script that asks for one thing that it can't have gets nothing of what it asked for. */
const applyOutput = (
  effects: Effects,
  ran: Ran,
  { hookId, runsAs }: Runnable,
  { apiId, cache }: Occasion,
): HookFailure | undefined => {
  const output = ran.output
  const intents =
    typeof output === 'object' && output !== null && !Array.isArray(output) ? decodeIntents(output) : []
  const tried = structuredClone(effects)
  const log = (text: string) => ran.log.push({ level: 'warn', text })
  for (const intent of intents) {
    const failure = take(tried, intent, { hookId, runsAs, apiId, cache, log })
    if (failure) return failure
  }
  Object.assign(effects, tried)
  return undefined
}

const withMetadata = (event: JsonObject, metadata: JsonObject): JsonObject => {
  const { transaction } = event
  if (typeof transaction !== 'object' || transaction === null || Array.isArray(transaction)) return event
  return { ...event, transaction: { ...transaction, metadata } }
}

const entriesOf = (cache: Cache, at: number): JsonObject =>
  Object.fromEntries([...cache].filter(([, entry]) => entry.expires_at > at))
