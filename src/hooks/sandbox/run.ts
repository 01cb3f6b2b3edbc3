import { randomBytes } from 'node:crypto'
import type { JsonObject } from '#core/json.ts'
import type { Child } from './child.ts'
import type { Limits } from './limits.ts'
import type { Handle, LogLine, RunCall, RunFailure, RunResult } from './run-result.ts'

/** One run, from the call to its result. */
export type Run = {
  /** Unguessable: a request that carries it comes out of this run. */
  readonly ticket: string
  /** How many runs it is within. */
  readonly depth: number
  /** Milliseconds that are left of its time. */
  remainingMs(): number
  /** Hands it to a process; resolves when it is over, whatever way. */
  perform(child: Child): Promise<void>
  /** Counts a call back into the server. False where it was one too many: then the run is over. */
  countCall(): boolean
  /** Keeps what it called, without what its secrets are. */
  noteCall(call: RunCall): void
  fail(failure: RunFailure): void
  readonly result: Promise<RunResult>
}

export type RunParts = {
  payload: JsonObject
  handle: Handle | undefined
  /** Texts that never stand in what is kept of it. */
  secrets: readonly string[]
  /** Where what it called is kept. */
  calls: RunCall[]
  depth: number
  timeoutMs: number
  limits: Limits
  now: () => number
  /** Does its work as part of this run, so that runs which that sets off know where they are. */
  within<Result>(run: Run, work: () => Promise<Result>): Promise<Result>
  onTimeout(run: Run): void
}

export const createRun = (parts: RunParts): Run => {
  const { limits, now } = parts
  const deadline = performance.now() + parts.timeoutMs
  const begunAt = performance.now()
  const ticket = randomBytes(18).toString('base64url')
  const log: LogLine[] = []
  const redact = createRedactor(parts.secrets)
  let bytes = 0
  let calls = 0
  let isOver = false
  let end: (result: RunResult) => void
  const result = new Promise<RunResult>((resolve) => {
    end = resolve
  })
  let release: () => void = () => {}

  const finish = (outcome: { ok: true; output: JsonObject } | { ok: false; failure: RunFailure }) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    release()
    end({ ...outcome, log, durationMs: performance.now() - begunAt })
  }
  const addLine = (level: string, text: string) => {
    if (isOver) return
    if (log.length === limits.logLines)
      log.push({ level: 'warn', text: '… more lines are not kept', at: now() })
    else if (log.length < limits.logLines) log.push({ level, text: redact(text), at: now() })
  }
  const fail = (failure: RunFailure) => {
    if (isOver) return
    const told = {
      ...failure,
      message: redact(failure.message),
      ...(failure.stack !== undefined && { stack: redact(failure.stack) }),
    }
    log.push({ level: 'error', text: `${told.kind}: ${told.message}`, at: now() })
    finish({ ok: false, failure: told })
  }
  const timer = setTimeout(() => {
    fail({ kind: 'timeout', message: `The script did not answer within ${parts.timeoutMs} ms` })
    parts.onTimeout(run)
  }, parts.timeoutMs)

  const countCall = () => {
    if (isOver) return false
    calls++
    if (calls <= limits.calls) return true
    fail({ kind: 'calls', message: `The script called back into the server more than ${limits.calls} times` })
    return false
  }

  const noteCall = (call: RunCall) => {
    if (isOver || parts.calls.length >= limits.callsKept) return
    call.target = redact(call.target)
    parts.calls.push(call)
  }

  const answerCall = async (child: Child, call: number, method: string, params: JsonObject) => {
    if (!countCall()) return child.answer(call, { error: { message: 'Too many calls' } })
    try {
      if (!parts.handle) throw new Error(`${method} can not be called here`)
      const { handle } = parts
      child.answer(call, { result: await parts.within(run, () => handle({ method, params })) })
    } catch (error) {
      const { message, code, status } = error as { message?: string; code?: string; status?: number }
      child.answer(call, {
        error: {
          message: String(message),
          ...(code !== undefined && { code }),
          ...(status !== undefined && { status }),
        },
      })
    }
  }

  const run: Run = {
    ticket,
    depth: parts.depth,
    remainingMs: () => deadline - performance.now(),
    countCall,
    noteCall,
    fail,
    result,
    perform: (child) =>
      new Promise<void>((resolve) => {
        release = resolve
        if (isOver) return resolve()
        child.begin(ticket, parts.payload, {
          onLog: addLine,
          onBytes: (count) => {
            bytes += count
            if (bytes <= limits.outputBytes) return
            const flood: RunFailure = {
              kind: 'output',
              message: `The script printed more than ${limits.outputBytes} bytes`,
            }
            fail(flood)
            child.kill(flood)
          },
          onNoted: noteCall,
          onCall: (call, method, params) => void answerCall(child, call, method, params),
          onEnd: (outcome) =>
            'output' in outcome ? finish({ ok: true, output: outcome.output }) : fail(outcome.failure),
        })
      }),
  }
  return run
}

/** Scripts print what they are given, and they are given secrets. */
const createRedactor = (secrets: readonly string[]) => {
  const worth = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length)
  return (text: string) => worth.reduce((left, secret) => left.replaceAll(secret, '***'), text)
}
