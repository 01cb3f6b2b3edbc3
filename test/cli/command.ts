import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/** The command line as people run it: a process of its own, with nothing of our environment but what it needs. */

const script = join(import.meta.dirname, '..', '..', 'src', 'cli', 'rolecall.ts')

export type Env = Record<string, string>
export type Ended = { code: number | null; stdout: string; stderr: string }

type Closing = { after(close: () => unknown): void }

/** A directory that goes with the test, and the environment of a workspace in it. */
export const scratch = async (t: Closing): Promise<{ directory: string; env: Env }> => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-cli-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return {
    directory,
    env: {
      ROLECALL_DATA_DIR: join(directory, 'data'),
      ROLECALL_PORT: '0',
      ROLECALL_HTTPS_PORT: '0',
      ROLECALL_RATE_LIMITS: 'off',
    },
  }
}

const start = (args: readonly string[], env: Env, cwd: string = tmpdir()) =>
  spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })

/** Runs a command to its end. */
export const rolecall = async (
  args: readonly string[],
  { env, input = '', cwd }: { env: Env; input?: string; cwd?: string },
): Promise<Ended> => {
  const child = start(args, env, cwd)
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}

/** The same with `--json`, whose answer is read. */
export const rolecallJson = async <T>(
  args: readonly string[],
  env: Env,
): Promise<Ended & { answer: T; error: { code: string; [member: string]: unknown } }> => {
  const ended = await rolecall([...args, '--json'], { env })
  const [answer, failure] = [ended.stdout, ended.stderr].map((line) =>
    line === '' ? undefined : JSON.parse(line),
  )
  return { ...ended, answer, error: failure?.error }
}

export type RunningServer = {
  pid: number
  http: string
  https: string | undefined
  /** What it has written so far. */
  output(): string
  signal(signal: NodeJS.Signals): void
  /** Resolves with how it ended. */
  ended: Promise<{ code: number | null; signal: string | null }>
}

const readyWithinMilliseconds = 60_000

/** Starts `serve`, or another command that serves, and waits for its ready line. It is killed with the test. */
export const startServe = async (t: Closing, env: Env, args = ['serve']): Promise<RunningServer> => {
  const child = start(args, env)
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const ended = once(child, 'exit').then(
    ([code, signal]) => ({ code, signal }) as Awaited<RunningServer['ended']>,
  )
  const ready = new Promise<string[]>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const message = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; urls?: string[] }) : {}
      if (message.msg === 'ready' && message.urls) resolve(message.urls)
    })
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMilliseconds)
  const urls = await Promise.race([
    ready,
    ended.then((how) => Promise.reject(new Error(`It ended (${JSON.stringify(how)}):\n${output}`))),
  ])
  clearTimeout(timer)
  return {
    pid: child.pid!,
    http: urls.find((url) => url.startsWith('http:'))!,
    https: urls.find((url) => url.startsWith('https:')),
    output: () => output,
    signal: (signal) => child.kill(signal),
    ended,
  }
}

export const administrator = {
  ROLECALL_ADMIN_EMAIL: 'root@example.com',
  ROLECALL_ADMIN_PASSWORD: 'Correct horse 9',
}
