import { runInNewContext } from 'node:vm'
import { refuse, thrown } from './errors.ts'
import { type Settings, settingTable } from './settings.table.ts'

/** Addressed to everybody in a room, so that nobody can be called so. */
const addressed = ['all', 'here']

/** What a setting lists, in lower case. */
export const listed = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')

/** How long an administrator's pattern may take to look at a name: some never come to an end. */
const patternMilliseconds = 50

const usual = /^[0-9a-zA-Z\-_.]+$/u

/** Whether the name fits the pattern of the settings as a whole; one that is no pattern holds for nothing. */
export const isUsername = (name: string, { UTF8_User_Names_Validation: pattern }: Settings): boolean => {
  if (name.length > 255) return false
  if (pattern === settingTable.UTF8_User_Names_Validation.value) return usual.test(name)
  try {
    const source = `new RegExp(${JSON.stringify(`^(?:${pattern})$`)}).test(${JSON.stringify(name)})`
    return runInNewContext(source, {}, { timeout: patternMilliseconds }) === true
  } catch {
    return usual.test(name)
  }
}

export const isReserved = (name: string, settings: Settings): boolean =>
  [
    ...addressed,
    ...listed(settings.Accounts_SystemBlockedUsernameList),
    ...listed(settings.Accounts_BlockedUsernameList),
  ].includes(name.toLowerCase())

/** @throws WireError */
export const requireNotReserved = (name: string, settings: Settings): void => {
  if (!isReserved(name, settings)) return
  refuse(
    thrown('error-blocked-username', `${name} is blocked and can't be used!`, {
      method: 'createUser',
      field: name,
    }),
  )
}

/** What would break the pages that show it. */
export const isPlainName = (name: string): boolean => !/[<>/\\]/u.test(name)
