import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { JsonObject } from '#core/json.ts'
import type { Command } from './command.ts'
import { cleaned, isObject, parseObject } from './decode.ts'
import { createFrameReader } from './frames.ts'
import type { RunCall, RunFailure } from './run-result.ts'

/** What a child says of a run. */
export type RunListener = {
  onLog(level: string, text: string): void
  onCall(call: number, method: string, params: JsonObject): void
  /** It says that it called another host. */
  onNoted(call: RunCall): void
  onEnd(outcome: { output: JsonObject } | { failure: RunFailure }): void
  /** It printed this many bytes, by whatever way. */
  onBytes(bytes: number): void
}

export type ChildParts = {
  command: Command
  cwd: string
  setup: JsonObject
  /** It is gone, and with it its runs. */
  onExit(failure: RunFailure): void
}

/** One process that serves runs of one version. It knows nothing of limits but those of a single line. */
export type Child = ReturnType<typeof startChild>

const frameLimitBytes = 4 * 1024 * 1024
const stderrKept = 4096

export const startChild = ({ command, cwd, setup, onExit }: ChildParts) => {
  const nonce = randomBytes(24).toString('base64url')
  const process = spawn(command.command, command.args, {
    cwd,
    env: command.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const runs = new Map<string, RunListener>()
  let endedFor: RunFailure | undefined
  let stderr = ''
  let isGone = false

  const kill = (failure: RunFailure) => {
    endedFor ??= failure
    process.kill('SIGKILL')
  }
  const say = (message: JsonObject) => process.stdin.write(`${JSON.stringify(message)}\n`)

  // What is printed past us belongs to whoever runs alone; among several nobody can tell.
  const printed = (level: string, text: string) => {
    if (runs.size === 1) for (const run of runs.values()) run.onLog(level, text)
  }
  const count = (bytes: number) => {
    for (const run of runs.values()) run.onBytes(bytes)
  }
  const flood: RunFailure = { kind: 'output', message: 'The script printed more than is kept' }

  const read = createFrameReader({
    nonce,
    limitBytes: frameLimitBytes,
    onFlood: () => kill(flood),
    onStray: (text) => {
      count(text.length)
      printed('log', text)
    },
    onFrame: (text) => {
      const frame = parseObject(text)
      const run = typeof frame?.run === 'string' ? runs.get(frame.run) : undefined
      if (!frame || !run) return
      if (typeof frame.level === 'string') {
        run.onBytes(text.length)
        run.onLog(frame.level, String(frame.text))
      } else if (isObject(frame.noted)) {
        run.onBytes(text.length)
        run.onNoted(decodeNoted(frame.noted))
      } else if (typeof frame.call === 'number') {
        run.onCall(frame.call, String(frame.method), cleaned(frame.params) ?? {})
      } else {
        runs.delete(frame.run as string)
        const output = cleaned(frame.output)
        run.onEnd(output ? { output } : { failure: decodeFailure(frame) })
      }
    },
  })
  process.stdout.on('data', read)
  process.stderr.on('data', (chunk: Buffer) => {
    count(chunk.length)
    stderr = (stderr + chunk.toString()).slice(-stderrKept)
  })
  process.stdin.on('error', () => {
    // Its end is told by `close`.
  })
  const gone = new Promise<void>((resolve) => {
    const end = (failure: RunFailure) => {
      if (isGone) return
      isGone = true
      onExit(endedFor ?? failure)
      resolve()
    }
    process.on('error', (error) =>
      end({ kind: 'exit', message: `The script's process could not be started: ${error.message}` }),
    )
    process.on('close', (code, signal) => end(exitFailure(code, signal, stderr)))
  })
  say({ ...setup, nonce })

  return {
    pid: process.pid,
    runs,
    /** Hands it a run; the listener hears of it until its end. */
    begin: (id: string, payload: JsonObject, listener: RunListener) => {
      runs.set(id, listener)
      say({ run: id, payload })
    },
    answer: (call: number, answer: { result: JsonObject } | { error: JsonObject }) =>
      say({ answer: call, ...answer }),
    /** Ends it at once. Its runs, and `onExit`, are told this reason. */
    kill,
    gone,
  }
}

const toldKinds = ['throw', 'exit', 'invalid', 'memory', 'output', 'build'] as const

const decodeFailure = ({ failure }: JsonObject): RunFailure => {
  if (!isObject(failure)) return { kind: 'invalid', message: "The script's answer is too deep" }
  const { kind, message, stack, status, code } = failure
  return {
    kind: toldKinds.find((each) => each === kind) ?? 'throw',
    message: String(message),
    ...(typeof stack === 'string' && { stack }),
    ...(typeof status === 'number' && { status }),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
  }
}

const decodeNoted = ({ method, target, status, error }: JsonObject): RunCall => ({
  method: String(method).slice(0, 20),
  target: String(target).slice(0, 2000),
  ...(typeof status === 'number' && { status }),
  ...(typeof error === 'string' && { error: error.slice(0, 500) }),
})

const exitFailure = (code: number | null, signal: NodeJS.Signals | null, stderr: string): RunFailure => {
  // V8 and Rust's allocator each word it in their way.
  if (/out of memory|OOM|memory allocation of \d+ bytes failed|allocation failed/iu.test(stderr))
    return { kind: 'memory', message: 'The script used more memory than it may' }
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  const why = stderr.trim().split('\n', 1)[0]
  return { kind: 'exit', message: `The script's process ended ${how}${why ? `: ${why}` : ''}` }
}
