import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import https from 'node:https'
import os from 'node:os'
import process from 'node:process'
import { Readable } from 'node:stream'
import { format } from 'node:util'

/** The run that a piece of code belongs to, however many others are under way in this process. */
export type CurrentRun = {
  id: string
  log(level: string, text: string): void
  end(message: string): void
  /** Writes down a request to another host. An observation: what keeps scripts in are deno's permissions. */
  note(call: { method: string; target: string; status?: number; error?: string }): void
}

export const currentRun = new AsyncLocalStorage<CurrentRun>()

/** The header by which the server knows that a request comes out of a run, and out of which. */
export const runHeader = 'x-rolecall-run'

/**
 * Readies the globals for foreign code. None of this is what keeps a script in: that is deno's permissions. It keeps
 * runs apart that share a process, and gives packages what they expect of Node.
 */
export const installGuards = (ownHosts: readonly string[]): void => {
  installConsole()
  endOnlyTheRun()
  // Packages ask for these at their start, and must not be told.
  Object.assign(os, { hostname: () => 'sandbox', tmpdir: () => '/tmp', homedir: () => '/' })
  Object.defineProperty(process, 'env', { value: {} })
  Object.defineProperty(process, 'stdin', { get: () => Readable.from([]), configurable: true })
  markRequests(ownHosts)
  // What waits for a person at a terminal, or is kept between scripts. `Deno` has to stay: deno's own Node modules use it.
  for (const name of [
    'prompt',
    'alert',
    'confirm',
    'localStorage',
    'sessionStorage',
    'caches',
    'close',
    'Worker',
  ])
    Reflect.deleteProperty(globalThis, name)
}

const installConsole = (): void => {
  const print =
    (level: string) =>
    (...args: unknown[]): void =>
      currentRun.getStore()?.log(level, format(...args))
  const levels = {
    log: 'log',
    info: 'info',
    debug: 'debug',
    trace: 'debug',
    warn: 'warn',
    error: 'error',
    dir: 'log',
    table: 'log',
  }
  for (const [name, level] of Object.entries(levels)) Object.assign(console, { [name]: print(level) })
  Object.assign(console, {
    assert: (holds: unknown, ...args: unknown[]) => holds || print('error')('Assertion failed:', ...args),
  })
  const written = (level: string) => (chunk: unknown) => {
    currentRun.getStore()?.log(level, typeof chunk === 'string' ? chunk.replace(/\n$/u, '') : String(chunk))
    return true
  }
  Object.assign(process.stdout, { write: written('log') })
  Object.assign(process.stderr, { write: written('error') })
}

/** A script that ends the process ends its own run; the process serves others. */
const endOnlyTheRun = (): void => {
  const end = (name: string) => (): never => {
    const message = `The script called ${name}`
    currentRun.getStore()?.end(message)
    throw new Error(message)
  }
  Object.defineProperty(Deno, 'exit', { value: end('Deno.exit') })
  const names = { exit: 'process.exit', abort: 'process.abort', reallyExit: 'process.reallyExit' }
  for (const [key, name] of Object.entries(names)) Object.defineProperty(process, key, { value: end(name) })
}

const markRequests = (ownHosts: readonly string[]): void => {
  const isOwn = (host: string) => ownHosts.includes(host)
  const send = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const run = currentRun.getStore()
    const address = input instanceof Request ? input.url : String(input)
    if (!run || !URL.canParse(address)) return send(input, init)
    const { host, origin, pathname } = new URL(address)
    if (!isOwn(host)) {
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
      const told = { method: method.toUpperCase(), target: origin + pathname }
      const answer = send(input, init)
      answer.then(
        ({ status }) => run.note({ ...told, status }),
        (error: Error) => run.note({ ...told, error: String(error?.message) }),
      )
      return answer
    }
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
    headers.set(runHeader, run.id)
    return send(input, { ...init, headers })
  }
  for (const protocol of [http, https]) {
    const { request } = protocol
    const marked = (...args: unknown[]) => {
      const sent = Reflect.apply(request, protocol, args) as http.ClientRequest
      const run = currentRun.getStore()
      if (run && !sent.headersSent) {
        if (isOwn(String(sent.getHeader('host')))) sent.setHeader(runHeader, run.id)
        else noteAnswer(sent, run)
      }
      return sent
    }
    const get = (...args: unknown[]) => {
      const sent = marked(...args)
      sent.end()
      return sent
    }
    Object.assign(protocol, { request: marked, get })
  }
}

/** Looks at what is emitted instead of listening: a request that nobody listens to is handled in another way. */
const noteAnswer = (sent: http.ClientRequest, run: CurrentRun): void => {
  const { emit } = sent
  const target = `${sent.protocol}//${String(sent.getHeader('host'))}${String(sent.path).split('?')[0]}`
  const told = { method: sent.method, target }
  sent.emit = (name: string | symbol, ...args: unknown[]) => {
    const [what] = args as [{ statusCode?: number; message?: string } | undefined]
    if (name === 'response') run.note({ ...told, ...(what?.statusCode && { status: what.statusCode }) })
    if (name === 'error') run.note({ ...told, error: String(what?.message) })
    return Reflect.apply(emit, sent, [name, ...args]) as boolean
  }
}
