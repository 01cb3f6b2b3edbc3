import type { TestServer } from '#test/harness/server.ts'

let made = 0

/** A name that no other scenario uses. */
export const unique = (word: string): string => `${word}-${++made}`

/** Makes something through the API, as its operator. */
export const make = async <T = Record<string, string>>(
  server: TestServer,
  path: string,
  body: unknown,
): Promise<T> => {
  const answer = await server.call('POST', `/api/v2/${path}`, { body, token: await server.token('every') })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body as T
}

export const read = async <T = Record<string, unknown>>(server: TestServer, path: string): Promise<T> => {
  const answer = await server.call('GET', `/api/v2/${path}`, { token: await server.token('every') })
  return answer.body as T
}

export const insufficient = (...scopes: string[]) => ({
  statusCode: 403,
  error: 'Forbidden',
  message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
  errorCode: 'insufficient_scope',
})

export const badBody = (fault: string | RegExp, where = '') => ({
  statusCode: 400,
  error: 'Bad Request',
  message: fault instanceof RegExp ? fault : `Payload validation error: '${fault}'${where}.`,
  errorCode: 'invalid_body',
})

export const badQuery = (message: RegExp) => ({
  statusCode: 400,
  error: 'Bad Request',
  message,
  errorCode: 'invalid_query_string',
})

export const notFound = (message: string, errorCode?: string) => ({
  statusCode: 404,
  error: 'Not Found',
  message,
  ...(errorCode !== undefined && { errorCode }),
})

export const conflict = (message: string) => ({
  statusCode: 409,
  error: 'Conflict',
  message,
  errorCode: 'conflict',
})

export const unsupported = (message: string) => ({
  statusCode: 400,
  error: 'Bad Request',
  message,
  errorCode: 'operation_not_supported',
})
