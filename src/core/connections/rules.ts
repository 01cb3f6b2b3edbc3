import type { Json, JsonObject } from '../json.ts'
import { DomainError, foundAll } from '../refusals.ts'
import type { Reader } from '../store.ts'
import { isPasswordPolicy, passwordPolicies } from '../users/password-policy.ts'
import { type Connection, databaseStrategy } from './connection.ts'

/** Names are part of identities and of realms, so that they keep to what every dialect can spell. @throws invalid, taken */
export const requireConnectionName = async (
  { connections }: Pick<Reader, 'connections'>,
  name: string,
): Promise<void> => {
  if (name.length > 128 || !/^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/u.test(name)) {
    const reason = 'A connection name has 1 to 128 letters, digits and single hyphens between them.'
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  }
  if (await connections.findBy({ name })) {
    throw new DomainError({ code: 'taken', kind: 'connection', field: 'name', value: name })
  }
}

/** Names of options that hold a secret of another identity provider. */
const secretOption = /(?:^|_|[a-z])secret$|private_?key$|twilio_token$/iu

/**
 * The first option that holds such a secret, at any depth. `configuration` is what database scripts get, and the
 * vendor counts all of it as secret.
 */
const findSecret = (options: JsonObject): string | undefined => {
  const rest: [name: string, value: Json, isSecret: boolean][] = [['options', options, false]]
  for (const [name, value, isSecret] of rest) {
    if (isSecret && typeof value === 'string' && value !== '') return name
    if (typeof value !== 'object' || value === null) continue
    const inSecret = isSecret || name === 'configuration'
    for (const [key, item] of Object.entries(value)) {
      rest.push([key, item, inSecret || (typeof item === 'string' && secretOption.test(key))])
    }
  }
  return undefined
}

/**
 * What holds for the options of a strategy whenever they are written. They are stored as they come, so that a secret
 * is refused: nothing here signs in elsewhere yet, and a secret that is kept for nothing can only leak.
 * @throws invalid, unsupported
 */
export const requireOptions = (strategy: string, options: JsonObject): void => {
  const secret = findSecret(options)
  if (secret !== undefined)
    throw new DomainError({ code: 'unsupported', what: `the secret option ${secret}` })
  const { passwordPolicy } = options
  if (strategy !== databaseStrategy || passwordPolicy === undefined || passwordPolicy === null) return
  if (isPasswordPolicy(passwordPolicy)) return
  const reason = `The password policy is one of ${passwordPolicies.join(', ')}.`
  throw new DomainError({ code: 'invalid', field: 'options', reason })
}

/** Each id once. @throws not_found */
export const requireApplications = async (
  { applications }: Pick<Reader, 'applications'>,
  applicationIds: readonly string[],
): Promise<string[]> => {
  const unique = [...new Set(applicationIds)]
  foundAll(await applications.findMany(unique), 'application', unique)
  return unique
}

export const isDatabase = ({ strategy }: Pick<Connection, 'strategy'>): boolean =>
  strategy === databaseStrategy
