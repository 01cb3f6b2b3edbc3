import type { Json, JsonObject } from '../../../core/json.ts'

const limitBytes = 2 * 1024 * 1024
const { Worker } = globalThis as unknown as {
  Worker: new (url: string, options: object) => { postMessage(message: unknown): void; terminate(): void }
}

/** Runs beside the script, which stands still meanwhile. It may reach what the script may reach. */
const source = `onmessage = async ({ data: { url, init, shared } }) => {
  const flags = new Int32Array(shared, 0, 2)
  let answer
  try {
    const response = await fetch(url, init)
    answer = { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() }
  } catch (error) {
    answer = { error: String(error.message) + (error.cause ? ': ' + error.cause.message : '') }
  }
  let bytes = new TextEncoder().encode(JSON.stringify(answer))
  if (bytes.length > shared.byteLength - 8) bytes = new TextEncoder().encode('{"error":"The answer is too long"}')
  new Uint8Array(shared, 8).set(bytes)
  flags[1] = bytes.length
  Atomics.store(flags, 0, 1)
  Atomics.notify(flags, 0)
}`

export type OutsideAnswer = {
  status_code: number
  content: Json
  content_type: string
  format: number
  headers: JsonObject
}

/** A call to another server that returns its answer: none of our credentials go with it. */
export const callOutside = (
  verb: string,
  url: string,
  payload: unknown,
  { headers, parameters }: JsonObject,
): OutsideAnswer => {
  const target = new URL(url)
  for (const [name, value] of Object.entries((parameters ?? {}) as JsonObject))
    target.searchParams.set(name, String(value))
  const isText = typeof payload === 'string'
  const shared = new SharedArrayBuffer(limitBytes + 8)
  const flags = new Int32Array(shared, 0, 2)
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, { type: 'module' })
  worker.postMessage({
    url: target.href,
    init: {
      method: verb,
      headers: {
        ...(payload !== undefined && !isText && { 'content-type': 'application/json' }),
        ...(headers as object | undefined),
      },
      ...(payload !== undefined && { body: isText ? payload : JSON.stringify(payload) }),
    },
    shared,
  })
  Atomics.wait(flags, 0, 0)
  worker.terminate()
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(shared, 8, flags[1]).slice()))
  if (answer.error !== undefined) return failed(502, answer.error)
  const type = String(answer.headers['content-type'] ?? '')
  return {
    status_code: answer.status,
    content: /\bjson\b/u.test(type) ? parsed(answer.text) : answer.text,
    content_type: type,
    format: 201,
    headers: answer.headers,
  }
}

export const failed = (status: number, message: string): OutsideAnswer => ({
  status_code: status,
  content: { error: { code: status, message } },
  content_type: 'application/json',
  format: 201,
  headers: {},
})

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
