import type { JsonObject } from '#core/json.ts'

/** What a script is written as: which objects it finds, and how its outcome is read. */
export type Flavour = 'action' | 'event-script'

/** One immutable state of a script. Whatever is different about it has another id. */
export type ScriptVersion = {
  id: string
  /** CommonJS for an Action, a function's body for an event script. */
  code: string
  /** A folder with the packages that it may require, as `installDependencies` leaves it. */
  bundle?: string
  flavour: Flavour
  /** Names, with a port where it is not 443. Nothing else on the network is reached, save our own origins. */
  allowedHosts: readonly string[]
  /** From the call to the answer, the start of its process included. */
  timeoutMs: number
  /** Resident size of its process at which it is ended; an empty one takes some 75 MB, one with `auth0` 125 MB. */
  memoryMb: number
}

/** One line that a script printed. `level` is the console's word, or `print` for an event script's output. */
export type LogLine = { level: string; text: string; at: number }

/**
 * Why a run came to nothing. `timeout`, `memory`, `output`: over that limit. `exit`: its process ended. `throw`: what
 * the script threw. `invalid`: it answered no JSON object. `build`: it can't be loaded. `busy`: it had no turn in time.
 * `calls`: it called back into the server too often, or too deeply.
 */
export type FailureKind =
  | 'timeout'
  | 'memory'
  | 'output'
  | 'exit'
  | 'throw'
  | 'invalid'
  | 'build'
  | 'busy'
  | 'calls'

export type RunFailure = {
  kind: FailureKind
  message: string
  stack?: string
  /** An HTTP status that the script asks for, 400 to 599. */
  status?: number
  /** A code of the script's own. */
  code?: string | number
}

/** What a script has thrown to say no, or why it could not answer; never an exception of ours. */
export type RunResult = { log: LogLine[]; durationMs: number } & (
  | { ok: true; output: JsonObject }
  | { ok: false; failure: RunFailure }
)

/** A request that came out of a run, or that it says it sent elsewhere. The status is filled in as it is answered. */
export type RunCall = { method: string; target: string; status?: number; error?: string }

/** A script's call into the server, while it runs. What is thrown reaches the script as an error. */
export type Handle = (call: { method: string; params: JsonObject }) => Promise<JsonObject>
