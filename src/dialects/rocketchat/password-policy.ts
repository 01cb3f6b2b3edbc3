import { refuse, thrown } from './errors.ts'
import type { Settings } from './settings.table.ts'

type Rule = { code: string; text: string; breaks: (password: string, settings: Settings) => boolean }

const lacks =
  (setting: keyof Settings, wanted: RegExp): Rule['breaks'] =>
  (password, settings) =>
    settings[setting] === true && !wanted.test(password)

const needs = (code: string, what: string, breaks: Rule['breaks']): Rule => ({
  code,
  text: `The password does not meet the policy of at least one ${what} character.`,
  breaks,
})

const repeats = (password: string, most: number): boolean => {
  let [run, last] = [0, '']
  for (const letter of password) {
    run = letter === last ? run + 1 : 1
    last = letter
    if (run > most) return true
  }
  return false
}

/** In the vendor's order; the first that is broken is told. */
const rules: readonly Rule[] = [
  {
    code: 'minLength',
    text: 'The password does not meet the minimum length password policy.',
    breaks: (password, { Accounts_Password_Policy_MinLength: least }) => least > 0 && password.length < least,
  },
  {
    code: 'maxLength',
    text: 'The password does not meet the maximum length password policy.',
    breaks: (password, { Accounts_Password_Policy_MaxLength: most }) => most > 0 && password.length > most,
  },
  {
    code: 'repeatingCharacters',
    text: 'The password contains repeating characters which is against the password policy.',
    breaks: (password, settings) =>
      settings.Accounts_Password_Policy_ForbidRepeatingCharacters &&
      repeats(password, Math.max(1, settings.Accounts_Password_Policy_ForbidRepeatingCharactersCount)),
  },
  needs('oneLowercase', 'lowercase', lacks('Accounts_Password_Policy_AtLeastOneLowercase', /[a-z]/u)),
  needs('oneUppercase', 'uppercase', lacks('Accounts_Password_Policy_AtLeastOneUppercase', /[A-Z]/u)),
  needs('oneNumber', 'numerical', lacks('Accounts_Password_Policy_AtLeastOneNumber', /[0-9]/u)),
  needs(
    'oneSpecial',
    'special',
    lacks('Accounts_Password_Policy_AtLeastOneSpecialCharacter', /[^A-Za-z0-9 ]/u),
  ),
]

/**
 * Asks of a password that somebody chooses what the settings ask, once they do. Who makes a user gives him any.
 * @see specs: §5.3 and §5.10 of the Rocket.Chat dialect
 * @throws WireError
 */
export const requirePassword = (password: string, settings: Settings): void => {
  if (!settings.Accounts_Password_Policy_Enabled) return
  const broken = rules.find(({ breaks }) => breaks(password, settings))
  if (broken) refuse(thrown(`error-password-policy-not-met-${broken.code}`, broken.text))
}

/**
 * The vendor asks nothing of a password until its policy is switched on. Once an administrator has chosen a policy for
 * the connection, that holds in every door.
 */
export const anyLength = { leastPasswordLength: 1 } as const
