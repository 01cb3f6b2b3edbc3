import type { JsonObject } from '../../../core/json.ts'
import { receive, receiveSetup, receiveSync, send, toJson } from './channel.ts'
import { type CurrentRun, currentRun, installGuards } from './guards.ts'
import { describeThrown } from './thrown.ts'

/** What the parent says first. */
export type Setup = {
  nonce: string
  code: string
  bundle?: string
  /** `host:port` of our own origins, as a URL's `host` has it. */
  ownHosts: string[]
}

export type RunContext = {
  /** Asks the parent. Others in this process go on meanwhile. @throws Error what the parent answered */
  call(method: string, params: JsonObject): Promise<JsonObject>
  /** The same, while this process stands still; only where it serves one run at a time. */
  callSync(method: string, params: JsonObject): JsonObject
  log(level: string, text: string): void
}

/** One loaded script. It answers a payload with an object that JSON can say. */
export type Program = (payload: JsonObject, context: RunContext) => unknown

type Waiting = { resolve(answer: JsonObject): void; reject(error: Error): void }

const quote = JSON.stringify
const lineLimit = 16_384
const outputLimit = 1_000_000

/** Loads the script once, then serves runs until the input ends. */
export const serve = async (
  load: (setup: Setup) => Program,
  { oneAtATime }: { oneAtATime: boolean },
): Promise<never> => {
  const setup = await receiveSetup<Setup>()
  installGuards(setup.ownHosts)
  const waiting = new Map<number, Waiting>()
  const later: JsonObject[] = []
  let calls = 0

  const outside: CurrentRun = { id: '', log: () => {}, end: () => {}, note: () => {} }
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    const { message } = describeThrown(event.reason)
    for (const run of running) run.log('error', `Unhandled rejection: ${message}`)
  })
  addEventListener('error', (event) => {
    event.preventDefault()
    const { message } = describeThrown(event.error)
    for (const run of running) run.log('error', `Uncaught error: ${message}`)
  })
  const running = new Set<CurrentRun>()

  const program = loadProgram(load, setup, outside)
  send(`"ready":true`)

  const answerOf = ({ result, error }: JsonObject): JsonObject => {
    if (error) throw Object.assign(new Error(String((error as JsonObject).message)), error as JsonObject)
    return result as JsonObject
  }

  const contextOf = (run: CurrentRun): RunContext => {
    const ask = (method: string, params: JsonObject): number => {
      const call = ++calls
      send(`"run":${quote(run.id)},"call":${call},"method":${quote(method)},"params":${toJson(params)}`)
      return call
    }
    const callSync = (method: string, params: JsonObject): JsonObject => {
      const call = ask(method, params)
      for (;;) {
        const message = receiveSync()
        if (message.answer === call) return answerOf(message)
        later.push(message)
      }
    }
    return {
      log: run.log,
      call: async (method, params) =>
        oneAtATime
          ? callSync(method, params)
          : new Promise<JsonObject>((resolve, reject) =>
              waiting.set(ask(method, params), { resolve, reject }),
            ),
      callSync,
    }
  }

  const perform = async (id: string, payload: JsonObject): Promise<void> => {
    let isOver = false
    const finish = (fields: string) => {
      if (isOver) return
      isOver = true
      running.delete(run)
      send(`"run":${quote(id)},${fields}`)
    }
    const run: CurrentRun = {
      id,
      log: (level, text) => {
        if (isOver) return
        const clipped = text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text
        send(`"run":${quote(id)},"level":${quote(level)},"text":${quote(clipped)}`)
      },
      note: (call) => {
        if (!isOver) send(`"run":${quote(id)},"noted":${toJson(call)}`)
      },
      end: (message) => finish(`"failure":{"kind":"exit","message":${quote(message)}}`),
    }
    running.add(run)
    try {
      const output = await currentRun.run(run, async () => program(payload, contextOf(run)))
      finish(answerWith(output))
    } catch (thrown) {
      finish(`"failure":${toJson({ kind: kindOf(thrown), ...describeThrown(thrown) })}`)
    }
  }

  for (;;) {
    const message = later.shift() ?? (await receive())
    if (typeof message.answer === 'number') {
      const waiter = waiting.get(message.answer)
      waiting.delete(message.answer)
      try {
        waiter?.resolve(answerOf(message))
      } catch (error) {
        waiter?.reject(error as Error)
      }
      continue
    }
    const performed = perform(String(message.run), message.payload as JsonObject)
    // While one is read for, a blocking read would find nothing.
    if (oneAtATime) await performed
  }
}

/** A script that can't be loaded fails each of its runs, and says why. */
const loadProgram = (load: (setup: Setup) => Program, setup: Setup, run: CurrentRun): Program => {
  try {
    return currentRun.run(run, () => load(setup))
  } catch (thrown) {
    return () => {
      throw thrown
    }
  }
}

const answerWith = (output: unknown): string => {
  const failure = (kind: string, message: string) => `"failure":${toJson({ kind, message })}`
  try {
    const text = isPlain(output) ? toJson(output) : undefined
    if (text === undefined) return failure('invalid', 'The script answered no JSON object')
    return text.length > outputLimit
      ? failure('output', `The script's answer is longer than ${outputLimit} characters`)
      : `"output":${text}`
  } catch (thrown) {
    return failure('invalid', `The script's answer is no JSON: ${describeThrown(thrown).message}`)
  }
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Buffers are refused by the limit that was set from outside; that is the same fault as a heap that is full. */
const kindOf = (thrown: unknown): string => {
  try {
    return thrown instanceof RangeError && /allocation failed/iu.test(thrown.message) ? 'memory' : 'throw'
  } catch {
    return 'throw'
  }
}
