import { systemActor } from '#core/actor.ts'
import type { NewExecution } from '#core/hooks/executions.ts'
import type { HookFailure } from '#core/hooks/hook.ts'
import { listBoundTriggers, type Runnable, readBoundHooks } from '#core/hooks/running.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import type { Recorder } from './recorder.ts'
import type { Handle } from './sandbox/run-result.ts'
import { type CallScript, type Ran, triggerTimeoutMs } from './scripts.ts'

/** A call that a script makes back into its door. */
export type ScriptCall = { verb: string; path: string; payload?: Json; options: JsonObject }

/** On whose behalf a script runs; `session` is `platform.session`, in the door's own words. */
export type ScriptCaller = { session: JsonObject; userId?: string; applicationId?: string }

/** Answers a script's call, whatever the status; never throws for a refusal. */
export type AnswerCall = (call: ScriptCall, as: 'system' | 'caller') => Promise<JsonObject>

export type ScriptEvent = { request: JsonObject; response?: JsonObject; resource?: string }

export type EventScriptParts = {
  run: Run
  call: CallScript
  recorder: Recorder
  now: () => number
  newId: () => string
  /** Whether what is asked for comes out of a script that is only tried: then no script is asked. */
  isTried(): boolean
  onError(error: unknown): void
}

const me = systemActor('dreamfactory')

/** Entries of `platform.store`, each with its end. */
const storeMs = 300_000

/** Runs DreamFactory's event scripts around the requests of its door. */
export const createEventScripts = (parts: EventScriptParts) => {
  const { run, call, recorder, now, newId, onError } = parts
  const store = new Map<string, { value: Json; expiresAt: number }>()
  const working = new Set<Promise<unknown>>()

  const handleOf =
    (hook: Runnable, answer: AnswerCall | undefined): Handle =>
    async ({ method, params }) => {
      if (method === 'store.set') {
        store.set(String(params.key), { value: params.value ?? null, expiresAt: now() + storeMs })
        return {}
      }
      if (method !== 'api') throw new Error(`There is no ${method} here`)
      const { verb, path, payload, options } = params
      const asked: ScriptCall = {
        verb: String(verb),
        path: String(path),
        options: (options ?? {}) as JsonObject,
        ...(payload !== undefined && { payload }),
      }
      return answer ? answer(asked, hook.runsAs) : notHere
    }

  const entries = (): JsonObject =>
    Object.fromEntries(
      [...store].filter(([, { expiresAt }]) => expiresAt > now()).map(([key, { value }]) => [key, value]),
    )

  const runOne = async (
    hook: Runnable,
    eventName: string,
    event: ScriptEvent,
    caller: ScriptCaller,
    answer: AnswerCall | undefined,
    { runId, leftMs }: { runId: string; leftMs: number },
  ): Promise<{ ran: Ran; executionId: string }> => {
    const startedAt = now()
    const told = { name: eventName, ...event }
    const payload: JsonObject = {
      event: told as JsonObject,
      session: caller.session,
      config: { api_version: '2.0' },
      store: entries(),
    }
    const ran = await call(hook, payload, {
      timeoutMs: Math.max(1, Math.min(hook.timeoutMs, leftMs)),
      handle: handleOf(hook, answer),
    })
    const executionId = newId()
    const execution: NewExecution = {
      id: executionId,
      runId,
      trigger: eventName,
      hookId: hook.hookId,
      hookName: hook.hookName,
      ...(hook.versionId !== undefined && { versionId: hook.versionId }),
      input: { event: told as JsonObject, session: caller.session },
      ...(ran.output !== undefined && { output: ran.output }),
      log: ran.log,
      calls: ran.calls,
      ...(ran.failure && { failure: ran.failure }),
      ...(caller.userId !== undefined && { userId: caller.userId }),
      ...(caller.applicationId !== undefined && { applicationId: caller.applicationId }),
      startedAt,
      durationMs: ran.durationMs,
    }
    recorder.add([execution])
    return { ran, executionId }
  }

  const bound = (eventName: string, { applicationId }: ScriptCaller) =>
    run(readBoundHooks, { trigger: eventName, ...(applicationId !== undefined && { applicationId }) }, me)

  return {
    /** Whether any script is bound to it. */
    has: async (eventName: string): Promise<boolean> =>
      !parts.isTried() && (await run(listBoundTriggers, {}, me)).includes(eventName),

    /**
     * Runs the scripts of an event in their order, and waits for them.
     * @returns the event as they leave it, as far as they may change it
     * @throws denied_by_hook with the status they ask for, hook_failed
     */
    runScript: async (
      eventName: string,
      event: ScriptEvent,
      caller: ScriptCaller,
      answer?: AnswerCall,
    ): Promise<ScriptEvent> => {
      const hooks = await bound(eventName, caller)
      const runId = newId()
      let current = event
      let leftMs = triggerTimeoutMs
      for (const hook of hooks) {
        const { ran, executionId } = await runOne(hook, eventName, current, caller, answer, { runId, leftMs })
        leftMs -= ran.durationMs
        if (ran.failure) {
          if (denies(hook, ran.failure)) {
            await recorder.flush()
            throw refusalOf(ran.failure, executionId)
          }
          continue
        }
        const output = ran.output as JsonObject
        if (hook.modifiesEvents) current = merged(current, output)
        if (output.stopPropagation === true) break
      }
      return current
    },

    /** Runs them beside the request; what they say has no effect on it. */
    queue: (eventName: string, event: ScriptEvent, caller: ScriptCaller, answer?: AnswerCall): void => {
      const work = (async () => {
        const runId = newId()
        for (const hook of await bound(eventName, caller))
          await runOne(hook, eventName, event, caller, answer, { runId, leftMs: triggerTimeoutMs })
      })()
        .catch(onError)
        .finally(() => working.delete(work))
      working.add(work)
    },
    stop: async () => {
      await Promise.all(working)
    },
  }
}

/** Throwing is how these scripts refuse. One whose failures are let through refuses only by naming a status. */
const denies = ({ onFailure }: Runnable, { kind, status }: HookFailure & { status?: number }): boolean =>
  // One that can't be loaded counts as absent, as in the original.
  kind !== 'build' && (onFailure === 'deny' || (kind === 'throw' && status !== undefined))

const refusalOf = (failure: HookFailure & { status?: number }, executionId: string): DomainError =>
  failure.kind === 'throw'
    ? new DomainError({ code: 'denied_by_hook', reason: failure.message, status: failure.status ?? 500 })
    : new DomainError({ code: 'hook_failed', executionId, reason: failure.message })

/** @see specs: §4.3 of the DreamFactory dialect */
const merged = (event: ScriptEvent, output: JsonObject): ScriptEvent => {
  const request = isObject(output.request) ? { ...event.request, ...output.request } : event.request
  const response = isObject(output.returned)
    ? output.returned
    : output.hasResponse === true && isObject(output.response)
      ? output.response
      : undefined
  return { ...event, request, ...(response && { response: { ...event.response, ...response } }) }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notHere: JsonObject = {
  status_code: 501,
  content: { error: { code: 501, message: 'Calls back into the server are not possible here.' } },
  content_type: 'application/json',
  format: 201,
  headers: {},
}
