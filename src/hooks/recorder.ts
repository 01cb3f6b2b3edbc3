import { systemActor } from '#core/actor.ts'
import { type NewExecution, recordExecutions } from '#core/hooks/executions.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'

export type Recorder = {
  /** Keeps it soon; nobody waits for that. */
  add(executions: readonly NewExecution[]): void
  /** Resolves when all that was added is kept. */
  flush(): Promise<void>
}

const me = systemActor('system')

/** Writes down what hooks did, many at once, beside the requests that they ran for. */
export const createRecorder = (run: Run, onError: (error: unknown) => void): Recorder => {
  let waiting: NewExecution[] = []
  let writing: Promise<void> | undefined
  const write = async () => {
    while (waiting.length > 0) {
      const executions = waiting
      waiting = []
      await run(recordExecutions, { executions }, me).catch(onError)
    }
    writing = undefined
  }
  return {
    add: (executions) => {
      waiting.push(
        ...executions.map((each) => ({ ...each, input: withoutSecrets(each.input) as JsonObject })),
      )
      writing ??= Promise.resolve().then(write)
    },
    flush: async () => {
      while (writing) await writing
    },
  }
}

const secretWord =
  /pass(?:word|phrase)|secret|token|authorization|cookie|api[-_]?key|^code$|^pin$|otp|credential|private/iu

/** What a script was told may hold what its callers sent: whatever is called like a secret is not kept. */
export const withoutSecrets = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutSecrets)
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      secretWord.test(key) && typeof each === 'string' ? '[left out]' : withoutSecrets(each),
    ]),
  )
}
