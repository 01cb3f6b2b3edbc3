import { systemActor } from '#core/actor.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { getSettings } from '#core/settings/settings.ts'

/** A setting as it is until somebody changes it, and whether everybody may read it. */
type Setting<T extends boolean | number | string = boolean | number | string> = {
  value: T
  isPublic: boolean
}

const open = <T extends boolean | number | string>(value: T): Setting<T> => ({ value, isPublic: true })
const hidden = <T extends boolean | number | string>(value: T): Setting<T> => ({ value, isPublic: false })

/** What the settings of the vendor's server mean here. @see specs: §5.10 of the Rocket.Chat dialect */
export const settingTable = {
  Site_Name: open<string>('Rolecall'),
  Accounts_RequireNameForSignUp: open<boolean>(true),
  UTF8_User_Names_Validation: open<string>('[0-9a-zA-Z-_.]+'),
  Accounts_SystemBlockedUsernameList: hidden<string>('admin,administrator,system,user'),
  Accounts_BlockedUsernameList: hidden<string>(''),
  Accounts_BlockedDomainsList: hidden<string>(''),
  Accounts_Password_Policy_Enabled: open<boolean>(false),
  Accounts_Password_Policy_MinLength: open<number>(7),
  Accounts_Password_Policy_MaxLength: open<number>(-1),
  Accounts_Password_Policy_ForbidRepeatingCharacters: open<boolean>(true),
  Accounts_Password_Policy_ForbidRepeatingCharactersCount: open<number>(3),
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
  Accounts_CustomFields: open<string>(''),
  Accounts_AllowAnonymousRead: open<boolean>(false),
  Accounts_AllowAnonymousWrite: open<boolean>(false),
  Accounts_LoginExpiration: hidden<number>(90),
  Accounts_TwoFactorAuthentication_Enabled: open<boolean>(true),
  Accounts_TwoFactorAuthentication_Enforce_Password_Fallback: hidden<boolean>(false),
  Accounts_TwoFactorAuthentication_RememberFor: open<number>(1800),
  API_Default_Count: hidden<number>(50),
  API_Upper_Count_Limit: hidden<number>(100),
  API_Allow_Infinite_Count: hidden<boolean>(true),
  API_Enable_Rate_Limiter: hidden<boolean>(true),
  API_Enable_Rate_Limiter_Limit_Calls_Default: hidden<number>(10),
  API_Enable_Rate_Limiter_Limit_Time_Default: hidden<number>(60_000),
  Rate_Limiter_Limit_RegisterUser: hidden<number>(1),
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

/** What is stored over what holds otherwise; a stored value of another type counts for nothing. */
export const withDefaults = (stored: JsonObject): Settings => {
  const own = Object.entries(stored).filter(
    ([id, value]) => isSettingId(id) && typeof value === typeof settingTable[id].value,
  )
  return own.length === 0 ? defaults : { ...defaults, ...Object.fromEntries(own) }
}

/** The door itself goes by them, whoever asks. */
export const createReadSettings =
  (run: Run): ReadSettings =>
  async () =>
    withDefaults(await run(getSettings, { name: settingsName }, systemActor('rocketchat')))
