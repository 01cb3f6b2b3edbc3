import type { HookCall, HookFailure, LogLine } from '#core/hooks/hook.ts'
import type { Runnable } from '#core/hooks/running.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { AskedPackage, InstallResult, LockedPackage } from './packages/install-result.ts'
import type { Handle } from './sandbox/run-result.ts'
import type { Runner } from './sandbox/runner.ts'

export type ScriptParts = {
  runner: Pick<Runner, 'call'>
  packages: {
    restore(asked: readonly AskedPackage[], lock: readonly LockedPackage[]): Promise<InstallResult>
  }
}

/** What came of running a script once. A failure is a value. */
export type Ran = {
  output: Json | undefined
  log: LogLine[]
  calls: HookCall[]
  durationMs: number
  failure?: HookFailure & { status?: number }
}

export type CallScript = (
  script: Runnable,
  payload: JsonObject,
  options?: { timeoutMs?: number; handle?: Handle; tag?: object },
) => Promise<Ran>

/** All hooks of one occasion together. @see specs: §4.2 of the Auth0 dialect */
export const triggerTimeoutMs = 20_000
const memoryMb = 256

/** Runs a script in the sandbox, with the packages that its build pinned. */
export const createScripts = ({ runner, packages }: ScriptParts): CallScript => {
  /** Folders are told by what is in them, so that one lock always leads to the same. */
  const bundles = new Map<string, Promise<InstallResult>>()

  const bundleOf = async ({ id, dependencies, lock }: Runnable): Promise<string | undefined> => {
    if (lock.length === 0) return undefined
    let restored = bundles.get(id)
    if (!restored) {
      restored = packages.restore(dependencies, lock as unknown as LockedPackage[])
      bundles.set(id, restored)
    }
    const result = await restored
    if (result.ok) return result.bundle
    bundles.delete(id)
    throw new BundleFault(result.faults.map(({ message }) => message).join(' '))
  }

  return async (script, payload, { timeoutMs = script.timeoutMs, handle, tag } = {}) => {
    const calls: HookCall[] = []
    const counted: Handle | undefined =
      handle &&
      (async (call) => {
        const target = typeof call.params.path === 'string' ? call.params.path : call.method
        const method = typeof call.params.verb === 'string' ? call.params.verb : call.method
        try {
          const answer = await handle(call)
          const { status_code: status } = answer
          calls.push({ method, target, ...(typeof status === 'number' && { status }) })
          return answer
        } catch (error) {
          calls.push({ method, target, error: error instanceof Error ? error.message : String(error) })
          throw error
        }
      })
    let bundle: string | undefined
    try {
      bundle = await bundleOf(script)
    } catch (error) {
      if (!(error instanceof BundleFault)) throw error
      const failure = { kind: 'build', message: error.message } as const
      return { output: undefined, log: [], calls, durationMs: 0, failure }
    }
    const result = await runner.call(
      {
        id: script.id,
        code: script.code,
        flavour: script.flavour,
        allowedHosts: script.allowedHosts,
        timeoutMs: triggerTimeoutMs,
        memoryMb,
        ...(bundle !== undefined && { bundle }),
      },
      payload,
      counted,
      {
        secrets: Object.values(script.secrets).filter((secret) => secret !== ''),
        timeoutMs,
        calls,
        ...(tag && { tag }),
      },
    )
    const { durationMs } = result
    const log = result.log.map(({ level, text }) => ({ level, text }))
    if (result.ok) return { output: result.output, log, calls, durationMs }
    const { kind, message, stack, status } = result.failure
    return {
      output: undefined,
      log,
      calls,
      durationMs,
      failure: {
        kind,
        message,
        ...(stack !== undefined && { stack }),
        ...(status !== undefined && { status }),
      },
    }
  }
}

class BundleFault extends Error {
  override readonly name = 'BundleFault'
}
