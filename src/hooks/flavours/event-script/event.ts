import type { Json, JsonObject } from '../../../core/json.ts'
import type { EventGiven } from './payload.ts'

type Changes = { hasReturned?: { value: unknown } }

/** Members of a response itself; any other is looked for in its content. */
const responseMembers = ['status_code', 'content', 'content_type', 'format', 'headers', 'content_changed']

/**
 * `event` as scripts of either generation know it. In the first, `event.response` was the content of the response; in
 * the second it is an object that has `content`. Both read `event.response.success`.
 */
export const createEvent = (given: EventGiven) => {
  const changes: Changes = {}
  const own: EventOfScript = {
    name: given.name,
    request: structuredClone(given.request),
    resource: given.resource ?? null,
    stop_propagation: false,
    ...(given.response && { response: readingThrough(structuredClone(given.response)) }),
  }
  // The helpers of the Node.js flavour, whose callbacks run after the script's own end.
  const helpers = {
    setRequest: (request: JsonObject) => {
      event.request = request
    },
    setResponse: (content: Json, status = 200, contentType = 'application/json') => {
      event.response = { content, status_code: status, content_type: contentType }
    },
    setReturn: (value: unknown) => {
      changes.hasReturned = { value }
    },
  }
  for (const [name, value] of Object.entries(helpers)) Object.defineProperty(own, name, { value })
  const event: EventOfScript = new Proxy(own, {
    set: (target, key, value) =>
      Reflect.set(
        target,
        key,
        key === 'response' && isObject(value) && 'content' in value
          ? readingThrough(value as JsonObject)
          : value,
      ),
  })
  return { event, changes }
}

type EventOfScript = {
  name: string
  request: JsonObject
  resource: string | number | null
  stop_propagation: unknown
  response?: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readingThrough = (response: JsonObject): JsonObject =>
  new Proxy(response, {
    get: (target, key, receiver) => {
      const { content } = target
      if (
        Reflect.has(target, key) ||
        typeof key !== 'string' ||
        responseMembers.includes(key) ||
        !isObject(content)
      )
        return Reflect.get(target, key, receiver)
      return Object.hasOwn(content, key) ? content[key] : undefined
    },
  })

/** What the script left of the event, and the value it returned; the caller decides what of it counts. */
export const outcomeOf = (
  given: EventGiven,
  event: EventOfScript,
  { hasReturned }: Changes,
  returned: unknown,
): JsonObject => {
  const value = hasReturned ? hasReturned.value : returned
  if (isObject(value) && value.error !== undefined && Object.keys(value).length === 1)
    throw refusal(value.error)
  const response = responseOf(event.response) ?? null
  return {
    request: event.request as Json as JsonObject,
    response,
    hasResponse: response !== null,
    responseChanged: JSON.stringify(response) !== JSON.stringify(given.response ?? null),
    requestChanged: JSON.stringify(event.request) !== JSON.stringify(given.request),
    stopPropagation: event.stop_propagation === true,
    ...(isReturned(value) && { returned: returnedOf(value) }),
  }
}

const refusal = (error: unknown): Error => {
  if (!isObject(error)) return new Error(String(error))
  return Object.assign(new Error(String(error.message ?? 'The script answered an error')), {
    ...(typeof error.status_code === 'number' && { status_code: error.status_code }),
    ...(typeof error.code === 'number' && { code: error.code }),
  })
}

/** Nothing, an empty text and an empty object are no answer: scripts end with all of these by accident. */
const isReturned = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === false || typeof value === 'function')
    return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

const returnedOf = (value: unknown): JsonObject => {
  if (isObject(value) && isObject(value.response)) return responseOf(value.response) as JsonObject
  if (isObject(value) && ('content' in value || 'status_code' in value))
    return responseOf(value) as JsonObject
  return { content: value as Json, status_code: 200 }
}

/** A value that isn't of a response's form is its content. */
const responseOf = (value: unknown): JsonObject | undefined => {
  if (value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0))
    return undefined
  if (!isObject(value) || !('content' in value || 'status_code' in value))
    return { content: value as Json, status_code: 200 }
  const { content_changed: _, ...response } = value
  return { ...response, status_code: response.status_code ?? 200 } as unknown as JsonObject
}
