/** Bodies as the specification of this door has them. */

export const thrown = (code: string, text?: string, details?: unknown) => ({
  success: false,
  error: text === undefined ? `[${code}]` : `${text} [${code}]`,
  errorType: code,
  ...(details !== undefined && { details }),
})

export const plain = (error: string, errorType?: string) => ({
  success: false,
  error,
  ...(errorType !== undefined && { errorType }),
})

export const missingPermission = plain(
  'User does not have the permissions required for this action [error-unauthorized]',
)

export const notSignedIn = { status: 'error', message: 'You must be logged in to do this.' }
export const invalidRole = thrown('error-invalid-role-properties', 'The role properties are invalid.')
export const notAllowed = thrown('error-action-not-allowed', 'Accessing permissions is not allowed')
