import { systemActor } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { getSettings } from '#core/settings/settings.ts'

/** A setting as it is until somebody changes it, and whether everybody may read it. */
type Setting<T extends boolean | number | string = boolean | number | string> = {
  value: T
  isPublic: boolean
  /** Whether a value of the same type makes sense. */
  fits?: (value: T) => boolean
}
type Fits<T> = (value: T) => boolean

const open = <T extends boolean | number | string>(value: T, fits?: Fits<T>): Setting<T> => ({
  value,
  isPublic: true,
  ...(fits && { fits }),
})
const hidden = <T extends boolean | number | string>(value: T, fits?: Fits<T>): Setting<T> => ({
  ...open(value, fits),
  isPublic: false,
})

const within =
  (least: number, most: number): Fits<number> =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most

const isPattern: Fits<string> = (text) => {
  try {
    new RegExp(`^(?:${text})$`)
    return true
  } catch {
    return false
  }
}

const isJsonObject: Fits<string> = (text) => {
  if (text.trim() === '') return true
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const yearInSeconds = 31_536_000

/** What the settings of the vendor's server mean here. @see specs: §5.10 of the Rocket.Chat dialect */
export const settingTable = {
  Site_Name: open<string>('Rolecall'),
  Accounts_RequireNameForSignUp: open<boolean>(true),
  UTF8_User_Names_Validation: open<string>('[0-9a-zA-Z-_.]+', isPattern),
  Accounts_SystemBlockedUsernameList: hidden<string>('admin,administrator,system,user'),
  Accounts_BlockedUsernameList: hidden<string>(''),
  Accounts_BlockedDomainsList: hidden<string>(''),
  Accounts_Password_Policy_Enabled: open<boolean>(false),
  Accounts_Password_Policy_MinLength: open<number>(7, within(-1, 1000)),
  Accounts_Password_Policy_MaxLength: open<number>(-1, within(-1, 10_000)),
  Accounts_Password_Policy_ForbidRepeatingCharacters: open<boolean>(true),
  Accounts_Password_Policy_ForbidRepeatingCharactersCount: open<number>(3, within(1, 1000)),
  Accounts_Password_Policy_AtLeastOneLowercase: open<boolean>(true),
  Accounts_Password_Policy_AtLeastOneUppercase: open<boolean>(true),
  Accounts_Password_Policy_AtLeastOneNumber: open<boolean>(true),
  Accounts_Password_Policy_AtLeastOneSpecialCharacter: open<boolean>(true),
  Accounts_AllowUserProfileChange: open<boolean>(true),
  Accounts_AllowRealNameChange: open<boolean>(true),
  Accounts_AllowUsernameChange: open<boolean>(true),
  Accounts_AllowEmailChange: open<boolean>(true),
  Accounts_AllowPasswordChange: open<boolean>(true),
  Accounts_AllowUserStatusMessageChange: open<boolean>(true),
  Accounts_AllowDeleteOwnAccount: open<boolean>(false),
  Accounts_PasswordReset: open<boolean>(true),
  Accounts_CustomFields: open<string>('', isJsonObject),
  Accounts_AllowAnonymousRead: open<boolean>(false),
  Accounts_AllowAnonymousWrite: open<boolean>(false),
  Accounts_LoginExpiration: hidden<number>(90, within(1, 36_500)),
  Accounts_TwoFactorAuthentication_Enabled: open<boolean>(true),
  Accounts_TwoFactorAuthentication_Enforce_Password_Fallback: hidden<boolean>(false),
  Accounts_TwoFactorAuthentication_RememberFor: open<number>(1800, within(0, yearInSeconds)),
  API_Default_Count: hidden<number>(50, within(1, 1_000_000)),
  API_Upper_Count_Limit: hidden<number>(100, within(1, 1_000_000)),
  API_Allow_Infinite_Count: hidden<boolean>(true),
  API_Enable_Rate_Limiter: hidden<boolean>(true),
  API_Enable_Rate_Limiter_Limit_Calls_Default: hidden<number>(10, within(1, 1_000_000)),
  API_Enable_Rate_Limiter_Limit_Time_Default: hidden<number>(60_000, within(1, 1000 * yearInSeconds)),
  Rate_Limiter_Limit_RegisterUser: hidden<number>(1, within(0, 1_000_000)),
  'API_Apply_permission_view-outside-room_on_users-list': hidden<boolean>(false),
  API_Enable_CORS: hidden<boolean>(false),
  API_CORS_Origin: hidden<string>('*'),
  UI_DisplayRoles: open<boolean>(true),
  UI_Use_Real_Name: open<boolean>(false),
} as const

export type SettingId = keyof typeof settingTable
export type Settings = { -readonly [Id in SettingId]: (typeof settingTable)[Id]['value'] }

/** The name that the workspace keeps them under. */
export const settingsName = 'rocketchat'

export type ReadSettings = () => Promise<Settings>

const defaults = Object.fromEntries(
  Object.entries(settingTable).map(([id, { value }]) => [id, value]),
) as Settings

export const isSettingId = (id: string): id is SettingId => Object.hasOwn(settingTable, id)

/** Whether it could be the setting's value. */
export const fitsSetting = (id: SettingId, value: unknown): boolean => {
  const { value: usual, fits }: { value: unknown; fits?: (value: never) => boolean } = settingTable[id]
  return typeof value === typeof usual && (fits === undefined || fits(value as never))
}

/** What is stored over what holds otherwise; what could not be the setting's value counts for nothing. */
export const withDefaults = (stored: JsonObject): Settings => {
  const own = Object.entries(stored).filter(([id, value]) => isSettingId(id) && fitsSetting(id, value))
  return own.length === 0 ? defaults : { ...defaults, ...Object.fromEntries(own) }
}

/** The door itself goes by them, whoever asks. */
export const createReadSettings =
  (run: Run): ReadSettings =>
  async () =>
    withDefaults(await run(getSettings, { name: settingsName }, systemActor('rocketchat')))
