import type { Connection } from '../connections/connection.ts'
import type { JsonObject } from '../json.ts'
import { DomainError } from '../refusals.ts'
import { caseKey, type User } from './user.ts'

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
  /** Among those that people choose most, or that the connection rules out. */
  | 'too_common'
  | 'personal'
  /** The person has it, or had it lately. */
  | 'used_before'

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
 * @param leastLength all that a dialect asks by itself, as long as nobody has decided on the connection's policy
 * @throws weak_password
 */
export const requireStrongPassword = (
  password: string,
  connection: Pick<Connection, 'options' | 'policyChosenAt'>,
  leastLength?: number,
  against: Against = {},
): void => {
  if (leastLength !== undefined && connection.policyChosenAt === undefined) {
    const faults = passwordFaults(password, 'low', leastLength)
    if (faults.length > 0) throw new DomainError({ code: 'weak_password', policy: 'low', faults })
    return
  }
  const policy = policyOf(connection)
  const faults = passwordFaults(password, policy, leastLengthOf(connection) ?? leastLengths[policy])
  // Said only of one that would do otherwise: its letters are easier to mend.
  if (faults.length === 0 && isRuledOut(password, policy, connection, against)) faults.push('too_common')
  if (isEnabled(connection, 'password_no_personal_info') && isPersonal(password, against.person)) {
    faults.push('personal')
  }
  if (against.isFormer) faults.push('used_before')
  if (faults.length > 0) throw new DomainError({ code: 'weak_password', policy, faults })
}

/** What a password is compared with, beside the rules for its letters. */
export type Against = {
  isCommon?: (password: string) => boolean
  /** Whether it is among those that the person had: see `password-history.ts`. */
  isFormer?: boolean
  /** Whose password it will be. */
  person?: Partial<
    Pick<User, 'email' | 'username' | 'name' | 'givenName' | 'familyName' | 'nickname' | 'phone'>
  >
}

type Options = Pick<Connection, 'options'>

export const optionOf = ({ options }: Options, name: string): JsonObject => {
  const option = options[name]
  return typeof option === 'object' && option !== null && !Array.isArray(option) ? option : {}
}

const isEnabled = (connection: Options, name: string): boolean => optionOf(connection, name).enable === true

/** From `fair` on nobody takes what everybody takes, unless the connection says so; before, only where it does. */
const isRuledOut = (
  password: string,
  policy: PasswordPolicy,
  connection: Options,
  { isCommon = () => false }: Against,
): boolean => {
  const { enable, dictionary } = optionOf(connection, 'password_dictionary')
  const isAsked = enable === true || (enable !== false && policy !== 'none' && policy !== 'low')
  if (!isAsked) return false
  const folded = caseKey(password)
  const own = Array.isArray(dictionary) ? dictionary : []
  return own.some((word) => typeof word === 'string' && caseKey(word) === folded) || isCommon(password)
}

/** Shorter parts of a name stand in too many good passwords. */
const leastPartLength = 4

const isPersonal = (password: string, person: Against['person'] = {}): boolean => {
  const { email, username, name, givenName, familyName, nickname, phone } = person
  const folded = caseKey(password)
  return [email?.split('@')[0], username, name, givenName, familyName, nickname, phone]
    .flatMap((text) => (text === undefined ? [] : [text, ...text.split(/[\s.,_-]+/u)]))
    .some((part) => [...part].length >= leastPartLength && folded.includes(caseKey(part)))
}

/** A length of the connection's own, which stands above that of its policy. */
const leastLengthOf = ({ options }: Pick<Connection, 'options'>): number | undefined => {
  const { password_complexity_options: complexity } = options
  if (typeof complexity !== 'object' || complexity === null || Array.isArray(complexity)) return undefined
  return Number.isSafeInteger(complexity.min_length) ? (complexity.min_length as number) : undefined
}
