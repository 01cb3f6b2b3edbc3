import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Unpacked when somebody first chooses a password: most starts need none of it. */
const load = (): ReadonlySet<string> => {
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}

let known: ReadonlySet<string> | undefined

/** Whether a password, whatever its letter case, is among the fifty thousand that people choose most. */
export const isCommonPassword = (password: string): boolean => {
  known ??= load()
  return known.has(password.toLowerCase())
}
