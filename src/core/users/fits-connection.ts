import { type Connection, databaseStrategy } from '../connections/connection.ts'
import { DomainError } from '../refusals.ts'

type SignIn = { email?: string; phone?: string; username?: string; password?: string }

/**
 * Refuses a user whom the connection could not sign in, or who brings what it does not ask for.
 * @throws invalid, unsupported for connections whose users only their provider can bring
 */
export const requireFitsConnection = (connection: Connection, user: SignIn): void => {
  const { strategy, options } = connection
  if (strategy === databaseStrategy) {
    // Flexible identifiers say of each attribute on its own whether it is asked for.
    const isFlexible = isObject(options.attributes)
    if (user.username !== undefined && options.requires_username !== true && !isFlexible) {
      refuse('username', 'Cannot set username for connection without requires_username.')
    }
    if (user.email === undefined && !isFlexible) refuse('email', 'Missing required property: email')
    if (user.password === undefined) refuse('password', 'Missing required property: password')
    return
  }
  if (strategy !== 'email' && strategy !== 'sms') {
    throw new DomainError({ code: 'unsupported', what: `users of a connection with strategy ${strategy}` })
  }
  if (user.password !== undefined) refuse('password', 'This connection has no passwords.')
  if (strategy === 'email' && user.email === undefined) refuse('email', 'Missing required property: email')
  if (strategy === 'sms' && user.phone === undefined) {
    refuse('phoneNumber', 'Missing required property: phone_number')
  }
}

const refuse = (field: string, reason: string): never => {
  throw new DomainError({ code: 'invalid', field, reason })
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
