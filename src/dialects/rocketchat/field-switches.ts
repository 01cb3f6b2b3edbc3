import { type Failure, refuse, thrown } from './errors.ts'
import type { Settings } from './settings.table.ts'

type Field = 'username' | 'name' | 'email' | 'statusText' | 'newPassword'
type Given = { readonly [F in Field]?: string | undefined }

/** What people may change of themselves, a setting each, and what the vendor calls it. */
const switches: readonly (readonly [Field, keyof Settings, string])[] = [
  ['username', 'Accounts_AllowUsernameChange', 'username'],
  ['statusText', 'Accounts_AllowUserStatusMessageChange', 'user status'],
  ['name', 'Accounts_AllowRealNameChange', 'user real name'],
  ['email', 'Accounts_AllowEmailChange', 'user email'],
  ['newPassword', 'Accounts_AllowPasswordChange', 'user password'],
]

/** The first of the given fields that the settings do not let people change of themselves, by its name there. */
const firstOff = (given: Given, settings: Settings): string | undefined =>
  switches.find(([field, setting]) => given[field] !== undefined && settings[setting] === false)?.[2]

/** @throws WireError `notAllowed` for what the settings do not let people change of themselves */
export const requireChangeable = (given: Given, settings: Settings, notAllowed: Failure): void => {
  if (!settings.Accounts_AllowUserProfileChange || firstOff(given, settings) !== undefined) refuse(notAllowed)
}

const editing = (what: string): Failure =>
  thrown('error-action-not-allowed', `Edit ${what} is not allowed`, {
    method: 'insertOrUpdateUser',
    action: 'Update_user',
  })

type Editor = { isSelf: boolean; mayEditOthers: boolean; maySetPassword: boolean }

/**
 * The same for who changes a user by his id. It holds for others than oneself only where the editor lacks the right to
 * change them, of which he is told by the operation.
 * @see specs: §5.7 of the Rocket.Chat dialect
 * @throws WireError
 */
export const requireMayChange = (
  { username, name, email, statusText, password }: Omit<Given, 'newPassword'> & { password?: string },
  settings: Settings,
  { isSelf, mayEditOthers, maySetPassword }: Editor,
): void => {
  if (!isSelf) return
  if (!settings.Accounts_AllowUserProfileChange && !mayEditOthers && !maySetPassword) {
    refuse(editing('user profile'))
  }
  // A password that he may not set is passed over, not refused.
  const newPassword = maySetPassword ? password : undefined
  const what = firstOff({ username, name, email, statusText, newPassword }, settings)
  if (what !== undefined) refuse(editing(what))
}
