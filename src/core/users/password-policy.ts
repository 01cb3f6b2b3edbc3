import type { Connection } from '../connections/connection.ts'
import { DomainError } from '../refusals.ts'

/**
 * How strong the passwords of a connection must be, in the words of its option `passwordPolicy`.
 * @see Auth0's documentation of password strength (read 2026-11): each level adds to what stands before it
 */
export const passwordPolicies = ['none', 'low', 'fair', 'good', 'excellent'] as const
export type PasswordPolicy = (typeof passwordPolicies)[number]

export const isPasswordPolicy = (value: unknown): value is PasswordPolicy =>
  (passwordPolicies as readonly unknown[]).includes(value)

/** What a password can lack. */
export type PasswordFault =
  | 'too_short'
  | 'no_lower_case'
  | 'no_upper_case'
  | 'no_digit'
  | 'too_few_character_classes'
  | 'too_many_identical_in_a_row'

const leastLengths: Readonly<Record<PasswordPolicy, number>> = {
  none: 1,
  low: 6,
  fair: 8,
  good: 8,
  excellent: 10,
}

const classes = {
  no_lower_case: /\p{Ll}/u,
  no_upper_case: /\p{Lu}/u,
  no_digit: /\p{Nd}/u,
  other: /[^\p{Ll}\p{Lu}\p{Nd}]/u,
} as const
const leastClasses = 3

/** What the password lacks for the policy; empty when it is strong enough. Length is counted in characters. */
export const passwordFaults = (
  password: string,
  policy: PasswordPolicy,
  leastLength = leastLengths[policy],
): PasswordFault[] => {
  const faults: PasswordFault[] = []
  if ([...password].length < Math.max(1, leastLength)) faults.push('too_short')
  if (policy === 'fair') {
    for (const fault of ['no_lower_case', 'no_upper_case', 'no_digit'] as const) {
      if (!classes[fault].test(password)) faults.push(fault)
    }
  }
  if (policy === 'good' || policy === 'excellent') {
    const present = Object.values(classes).filter((pattern) => pattern.test(password))
    if (present.length < leastClasses) faults.push('too_few_character_classes')
  }
  if (policy === 'excellent' && /(.)\1\1/su.test(password)) faults.push('too_many_identical_in_a_row')
  return faults
}

/** The policy of a connection; one that names none asks for nothing but a password. */
export const policyOf = ({ options }: Pick<Connection, 'options'>): PasswordPolicy =>
  isPasswordPolicy(options.passwordPolicy) ? options.passwordPolicy : 'none'

/**
 * @param leastLength all that a dialect asks by itself, as long as nobody has chosen a policy for the connection
 * @throws weak_password
 */
export const requireStrongPassword = (
  password: string,
  connection: Pick<Connection, 'options'> & Partial<Pick<Connection, 'createdAt' | 'updatedAt'>>,
  leastLength?: number,
): void => {
  const isUndecided = connection.createdAt !== undefined && connection.updatedAt === connection.createdAt
  if (leastLength !== undefined && isUndecided) {
    const faults = passwordFaults(password, 'low', leastLength)
    if (faults.length > 0) throw new DomainError({ code: 'weak_password', policy: 'low', faults })
    return
  }
  const policy = policyOf(connection)
  const faults = passwordFaults(password, policy, leastLengthOf(connection) ?? leastLengths[policy])
  if (faults.length > 0) throw new DomainError({ code: 'weak_password', policy, faults })
}

/** A length of the connection's own, which stands above that of its policy. */
const leastLengthOf = ({ options }: Pick<Connection, 'options'>): number | undefined => {
  const { password_complexity_options: complexity } = options
  if (typeof complexity !== 'object' || complexity === null || Array.isArray(complexity)) return undefined
  return Number.isSafeInteger(complexity.min_length) ? (complexity.min_length as number) : undefined
}
