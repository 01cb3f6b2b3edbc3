import { systemActor } from '#core/actor.ts'
import type { Event } from '#core/events.ts'
import { claimExecution, finishExecution } from '#core/hooks/executions.ts'
import { readFacts } from '#core/hooks/facts.ts'
import { listBoundTriggers, type Runnable, readBoundHooks } from '#core/hooks/running.ts'
import type { JsonObject } from '#core/json.ts'
import { queuedAfter } from '#core/triggers.ts'
import { runChain } from './actions/chain.ts'
import { afterwardsEvent, plainEvent } from './actions/events.ts'
import type { ActionParts, createActionTriggers } from './actions/triggers.ts'
import { withoutSecrets } from './recorder.ts'
import type { Consumer } from './relay.ts'

export type QueuedParts = ActionParts & {
  cacheOf: ReturnType<typeof createActionTriggers>['cacheOf']
  /** Puts the hooks' wishes into effect. */
  keep: ReturnType<typeof createActionTriggers>['keep']
  onError(error: unknown): void
}

const me = systemActor('system')
const atOnce = 8

/**
 * Runs the hooks that follow on what happened: at least once for each, and once in all but a crash. A script's failure
 * is written down and never tried again: what it did before it failed is done.
 */
export const createQueuedHooks = (parts: QueuedParts): Consumer => {
  const { run, onError } = parts

  const follow = async (event: Event, trigger: string): Promise<void> => {
    const hooks = await run(readBoundHooks, { trigger, ...applicationOf(event) }, me)
    if (hooks.length === 0) return
    const runId = parts.newId()
    const issuer = parts.canonicalIssuer()
    const facts = await run(readFacts, { userId: event.userId }, me)
    const isVendors = trigger !== event.type
    // Whoever is gone by now has no hook to run for.
    if (isVendors && !facts.user) return
    const told =
      isVendors && facts.user
        ? afterwardsEvent(facts.user, facts.connection, { issuer, encodeUser: parts.encodeUser })
        : plainEvent(event, facts.user, { issuer, encodeUser: parts.encodeUser })
    for (const hook of hooks) await performOne({ event, trigger, hook, told, issuer, runId })
  }

  const performOne = async ({ event, trigger, hook, told, issuer, runId }: Each): Promise<void> => {
    const executionId = await run(
      claimExecution,
      {
        claim: `${event.id} ${trigger} ${hook.hookId}`,
        runId,
        trigger,
        hookId: hook.hookId,
        hookName: hook.hookName,
        ...(hook.versionId !== undefined && { versionId: hook.versionId }),
        input: withoutSecrets({ event: told }) as JsonObject,
        ...(event.userId !== undefined && { userId: event.userId }),
      },
      me,
    )
    if (executionId === undefined) return
    const { effects, executions } = await runChain(parts, {
      runId,
      trigger,
      hooks: [hook],
      event: told,
      issuer,
      cache: parts.cacheOf(trigger),
    })
    const [{ log, calls, output, failure, durationMs }] = executions as [(typeof executions)[number]]
    if (event.userId !== undefined) await parts.keep(event.userId, effects).catch(onError)
    const outcome = {
      log,
      calls,
      durationMs,
      ...(output !== undefined && { output }),
      ...(failure && { failure }),
    }
    await run(finishExecution, { executionId, outcome }, me)
  }

  return {
    name: 'hooks',
    deliver: async (events) => {
      const bound = new Set(await run(listBoundTriggers, {}, me))
      const work = events.flatMap((event) =>
        [event.type, queuedAfter[event.type]].flatMap((trigger) =>
          trigger !== undefined && bound.has(trigger) ? [() => follow(event, trigger)] : [],
        ),
      )
      await inTurns(work, onError)
    },
  }
}

type Each = {
  event: Event
  trigger: string
  hook: Runnable
  told: JsonObject
  issuer: string
  runId: string
}

const applicationOf = ({ data }: Event): { applicationId?: string } =>
  typeof data?.applicationId === 'string' ? { applicationId: data.applicationId } : {}

/** A few at a time, in their order. One that goes wrong holds up no other. */
const inTurns = async (work: readonly (() => Promise<void>)[], onError: (error: unknown) => void) => {
  const waiting = [...work]
  const serve = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next().catch(onError)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, work.length) }, serve))
}
