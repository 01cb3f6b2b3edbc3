import { dictionary } from '@zxcvbn-ts/language-common'

let known: ReadonlySet<string> | undefined

/** Whether a password, whatever its letter case, is among the fifty thousand that people choose most. */
export const isCommonPassword = (password: string): boolean => {
  known ??= new Set(dictionary['passwords-common'])
  return known.has(password.toLowerCase())
}
