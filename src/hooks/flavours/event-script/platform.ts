import { EventEmitter } from 'node:events'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { RunContext } from '../../sandbox/inside/serve.ts'
import { callOutside, failed, type OutsideAnswer } from './outside.ts'
import type { EventScriptPayload } from './payload.ts'

type Callback = (body: string, response: { statusCode: number; headers: JsonObject; body: string }) => unknown
type Answer = OutsideAnswer

/**
 * `platform` as both flavours know it. Called with a callback, a method is the Node.js flavour's: path, payload (not
 * for `get`), options, callback, which gets the body as text. Without one it is V8js's: path, payload, options, and the
 * call returns its answer, whatever the status.
 */
export const createPlatform = (
  { session = {}, config = {}, store = {} }: EventScriptPayload,
  context: RunContext,
) => {
  const pending = new Set<Promise<unknown>>()

  const send = (verb: string, path: unknown, payload: unknown, options: unknown): Answer => {
    const asked = requestOptions(options)
    const sent = payload === undefined || payload === null || payload === '' ? undefined : (payload as Json)
    try {
      if (/^https?:/iu.test(String(path))) return callOutside(verb.toUpperCase(), String(path), sent, asked)
      return context.callSync('api', {
        verb: verb.toUpperCase(),
        path: String(path),
        options: asked,
        ...(sent !== undefined && { payload: sent }),
      }) as unknown as Answer
    } catch (error) {
      const { message, status = 500 } = error as Error & { status?: number }
      return failed(status, message)
    }
  }

  /** The answer is there already; the callback still runs after the script's own end, as scripts expect. */
  const later = (answer: Answer, callback: Callback): EventEmitter => {
    const body = typeof answer.content === 'string' ? answer.content : JSON.stringify(answer.content)
    const response = { statusCode: answer.status_code, headers: answer.headers ?? {}, body }
    const request = new EventEmitter()
    const called = Promise.resolve().then(async () => {
      request.emit('response', response)
      await callback(body, response)
    })
    pending.add(called)
    called.then(
      () => pending.delete(called),
      // What it threw is the script's outcome; whoever waits for the run sees it.
      () => {},
    )
    return request
  }

  const call = (verb: string, path: unknown, args: readonly unknown[]): unknown => {
    const at = args.findIndex((arg) => typeof arg === 'function')
    const callback = at < 0 ? undefined : (args[at] as Callback)
    const values = at < 0 ? args : args.slice(0, at)
    // In the Node.js flavour `get` has its options where V8js has a payload.
    const [payload, options] =
      callback && verb.toUpperCase() === 'GET' && values.length < 2 ? [undefined, values[0]] : values
    const answer = send(verb, path, payload, options)
    return callback ? later(answer, callback) : answer
  }

  const verbs = Object.fromEntries(
    ['get', 'post', 'put', 'patch', 'delete'].map((verb) => [
      verb,
      (path: unknown, ...args: unknown[]) => call(verb, path, args),
    ]),
  )
  const platform = {
    api: {
      ...verbs,
      call: (verb: string, path: unknown, ...args: unknown[]) => call(String(verb), path, args),
    },
    session,
    config,
    store: {
      get: (key: string, otherwise: unknown = null) => (Object.hasOwn(store, key) ? store[key] : otherwise),
      set: (key: string, value: Json) => {
        store[key] = value
        context.callSync('store.set', { key: String(key), value: value ?? null })
        return true
      },
    },
  }
  return { platform, pending }
}

/** Headers and parameters. Without either, the Node.js flavour takes the whole object for headers. */
const requestOptions = (options: unknown): JsonObject => {
  if (typeof options !== 'object' || options === null) return {}
  const { headers, parameters } = options as Record<string, Json>
  if (headers === undefined && parameters === undefined) return { headers: options as JsonObject }
  return { ...(headers !== undefined && { headers }), ...(parameters !== undefined && { parameters }) }
}
