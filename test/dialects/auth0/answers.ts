/** What this dialect answers when it refuses, for the scenarios to compare with. */

export const insufficient = (...scopes: string[]) => ({
  statusCode: 403,
  error: 'Forbidden',
  message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
  errorCode: 'insufficient_scope',
})

export const insufficientOfAll = (...scopes: string[]) => ({
  ...insufficient(),
  message: `Insufficient scope, expected all of: ${scopes.join(',')}`,
})

/** @param errorCode undefined where the vendor has none */
export const badRequest = (message: string | RegExp, errorCode: string | undefined) => ({
  statusCode: 400,
  error: 'Bad Request',
  message,
  ...(errorCode !== undefined && { errorCode }),
})

export const badBody = (fault: string | RegExp, where = '') =>
  badRequest(
    fault instanceof RegExp ? fault : `Payload validation error: '${fault}'${where}.`,
    'invalid_body',
  )

export const badQuery = (message: RegExp) => badRequest(message, 'invalid_query_string')

export const unsupported = (message: string) => badRequest(message, 'operation_not_supported')

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

export const noUser = notFound('The user does not exist.', 'inexistent_user')
export const noRole = notFound('The role does not exist.', 'inexistent_role')
export const noApi = notFound('The resource server does not exist', 'inexistent_resource_server')
