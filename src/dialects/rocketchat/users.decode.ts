import Type, { type Static } from 'typebox'
import { defaultConnectionName } from '#core/connections/connection.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { CreatePerson, UpdatePerson } from '#core/users/administer.ts'
import { requireCustomFields } from './custom-fields.ts'
import { plain, refuse, thrown } from './errors.ts'
import { anyLength, requirePassword } from './password-policy.ts'
import type { Settings } from './settings.table.ts'
import { isPlainName, isUsername, requireNotReserved } from './username-rules.ts'

const Fields = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })
const flag = Type.Optional(Type.Boolean())
const text = Type.Optional(Type.String())

/** @see specs: §5.2 of the Rocket.Chat dialect */
export const NewUser = Type.Object(
  {
    email: Type.String(),
    name: Type.String(),
    password: Type.String(),
    username: Type.String(),
    active: flag,
    bio: text,
    nickname: text,
    statusText: text,
    roles: Type.Optional(Type.Array(Type.String())),
    joinDefaultChannels: flag,
    requirePasswordChange: flag,
    setRandomPassword: flag,
    sendWelcomeEmail: flag,
    verified: flag,
    customFields: Type.Optional(Fields),
    fields: text,
    freeSwitchExtension: text,
  },
  { additionalProperties: false },
)

/** @see specs: §5.7 of the Rocket.Chat dialect */
export const ChangedUser = Type.Object(
  {
    userId: Type.String({ minLength: 1 }),
    confirmRelinquish: flag,
    data: Type.Object(
      {
        email: text,
        name: text,
        password: text,
        username: text,
        bio: text,
        nickname: text,
        statusText: text,
        status: text,
        active: flag,
        roles: Type.Optional(Type.Array(Type.String())),
        requirePasswordChange: flag,
        setRandomPassword: flag,
        sendWelcomeEmail: flag,
        verified: flag,
        customFields: Type.Optional(Fields),
        freeSwitchExtension: text,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const bioLimit = 260
const nicknameLimit = 120

export const requireLengths = ({ bio, nickname }: { bio?: string; nickname?: string }): void => {
  if (bio !== undefined && bio.length > bioLimit) {
    refuse(thrown('error-bio-size-exceeded', `Bio size exceeds ${bioLimit} characters`))
  }
  if (nickname !== undefined && nickname.length > nicknameLimit) {
    refuse(thrown('error-nickname-size-exceeded', `Nickname size exceeds ${nicknameLimit} characters`))
  }
}

const required = (field: 'Name' | 'Username' | 'Password') =>
  refuse(
    thrown('error-the-field-is-required', `The field ${field} is required`, {
      method: 'insertOrUpdateUser',
      field,
    }),
  )

export const requirePlainName = (name: string | undefined): void => {
  if (name !== undefined && !isPlainName(name)) refuse(plain('Name contains invalid characters'))
}

const requireFitting = (username: string, settings: Settings): void => {
  if (!isUsername(username, settings)) {
    refuse(
      thrown('error-input-is-not-a-valid-field', `${username} is not a valid username`, {
        method: 'insertOrUpdateUser',
        input: username,
        field: 'Username',
      }),
    )
  }
  requireNotReserved(username, settings)
}

/** What the dialect keeps beside the model; `null` removes. */
const kept = (fields: Record<string, Json | undefined>): { extensions?: { rocketchat: JsonObject } } => {
  const present = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return present.length === 0 ? {} : { extensions: { rocketchat: Object.fromEntries(present) } }
}

/** @throws WireError for what the vendor's rules refuse, in their order */
export const decodeNewUser = (body: Static<typeof NewUser>, settings: Settings): CreatePerson => {
  const [name, username, email] = [body.name.trim(), body.username.trim(), body.email.trim()]
  if (name === '' && settings.Accounts_RequireNameForSignUp) required('Name')
  if (username === '') required('Username')
  if (body.password.trim() === '' && !body.setRandomPassword) required('Password')
  requireFitting(username, settings)
  requireLengths(body)
  const customFields = body.customFields && requireCustomFields(body.customFields, settings)
  return {
    connectionName: defaultConnectionName,
    anyPassword: true,
    username,
    password: body.password,
    ...(email !== '' && { email }),
    ...(name !== '' && { name }),
    ...(body.nickname && { nickname: body.nickname }),
    isEmailVerified: body.verified === true,
    ...(body.active === undefined ? { waitsForApproval: true } : { isBlocked: !body.active }),
    joinsDefaultRooms: body.joinDefaultChannels !== false,
    ...(body.sendWelcomeEmail && { isWelcomed: true }),
    ...(body.setRandomPassword && { hasRandomPassword: true }),
    ...(body.roles && { roleIds: body.roles }),
    ...kept({
      bio: body.bio || undefined,
      statusText: body.statusText || undefined,
      requirePasswordChange: body.requirePasswordChange || body.setRandomPassword || undefined,
      customFields,
    }),
  }
}

/** Only what was sent is changed, but biography and nickname are cleared when they were not, as the vendor does. */
export const decodeChangedUser = (
  { userId, data }: Static<typeof ChangedUser>,
  settings: Settings,
  { maySetPassword }: { maySetPassword: boolean },
): UpdatePerson => {
  requireLengths(data)
  const username = data.username?.trim()
  if (username !== undefined && username !== '') requireFitting(username, settings)
  const email = data.email?.trim()
  const password = maySetPassword && data.password ? data.password : undefined
  if (password !== undefined) requirePassword(password, settings)
  return {
    userId,
    ...anyLength,
    connectionName: defaultConnectionName,
    ...(password !== undefined && { password }),
    ...(data.roles && { roleIds: data.roles }),
    changes: {
      ...(email && { email }),
      ...(username && { username }),
      ...(data.name?.trim() && { name: data.name.trim() }),
      nickname: data.nickname || undefined,
      ...(data.active !== undefined && { isBlocked: !data.active }),
      ...(data.verified !== undefined && { isEmailVerified: data.verified }),
      ...kept({
        bio: data.bio || null,
        statusText: data.statusText,
        requirePasswordChange: data.requirePasswordChange,
        customFields: data.customFields && requireCustomFields(data.customFields, settings),
      }),
    },
  }
}
