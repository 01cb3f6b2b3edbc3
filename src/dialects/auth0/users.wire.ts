import Type, { type Static } from 'typebox'
import { defaultConnectionName } from '#core/connections/connection.ts'
import type { JsonObject } from '#core/json.ts'
import type { Filter } from '#core/listing.ts'
import type { CreateUser } from '#core/users/create.ts'
import type { ListedUser } from '#core/users/read.ts'
import type { UpdateUser } from '#core/users/update.ts'
import { WireError } from './errors.ts'
import { decodeUserId, encodeUserId } from './ids.ts'
import { encodeProfile, namesOf } from './profiles.wire.ts'
import { encodeRole, WireRole } from './roles.wire.ts'

const Metadata = Type.Object({}, { additionalProperties: true })

export const WireIdentity = Type.Object({
  connection: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
  isSocial: Type.Optional(Type.Boolean()),
  profileData: Type.Optional(Metadata),
})

/** All optional, because clients may ask for some fields only. @see specs: §1.5 of the Auth0 dialect */
export const WireUser = Type.Object({
  user_id: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  email_verified: Type.Optional(Type.Boolean()),
  username: Type.Optional(Type.String()),
  phone_number: Type.Optional(Type.String()),
  phone_verified: Type.Optional(Type.Boolean()),
  created_at: Type.Optional(Type.String()),
  updated_at: Type.Optional(Type.String()),
  identities: Type.Optional(Type.Array(WireIdentity)),
  app_metadata: Type.Optional(Metadata),
  user_metadata: Type.Optional(Metadata),
  picture: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  nickname: Type.Optional(Type.String()),
  given_name: Type.Optional(Type.String()),
  family_name: Type.Optional(Type.String()),
  last_ip: Type.Optional(Type.String()),
  last_login: Type.Optional(Type.String()),
  last_password_reset: Type.Optional(Type.String()),
  logins_count: Type.Optional(Type.Integer()),
  blocked: Type.Optional(Type.Boolean()),
  roles: Type.Optional(Type.Array(WireRole, { description: 'Extension: with `include_roles` only.' })),
})

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const email = Type.String({ format: 'email', description: "The user's email." })
const phoneNumber = Type.String({
  pattern: '^\\+[0-9]{1,15}$',
  description: "The user's phone number, following the E.164 recommendation.",
})
const part = Type.String({ minLength: 1, maxLength: 150 })
const whole = Type.String({ minLength: 1, maxLength: 300 })
const picture = Type.String({ format: 'uri', description: "A URI pointing to the user's picture." })
const username = Type.String({ minLength: 1, maxLength: 128, description: "The user's username." })
const password = Type.String({ minLength: 1, description: "The user's password." })
const flag = Type.Optional(Type.Boolean())

const common = {
  user_metadata: Type.Optional(Metadata),
  app_metadata: Type.Optional(Metadata),
  blocked: flag,
  email_verified: flag,
  phone_verified: flag,
  verify_email: flag,
}

export const NewUser = Type.Object(
  {
    ...common,
    connection: Type.String({
      minLength: 1,
      description: 'Name of the connection this user should be created in.',
    }),
    email: Type.Optional(email),
    phone_number: Type.Optional(phoneNumber),
    given_name: Type.Optional(part),
    family_name: Type.Optional(part),
    name: Type.Optional(whole),
    nickname: Type.Optional(whole),
    picture: Type.Optional(picture),
    user_id: Type.Optional(
      Type.String({ maxLength: 255, pattern: '^\\S*$', description: "The external user's id." }),
    ),
    password: Type.Optional(password),
    username: Type.Optional(username),
  },
  { additionalProperties: false },
)

export const UserChanges = Type.Object(
  {
    ...common,
    verify_phone_number: flag,
    connection: Type.Optional(
      Type.String({ minLength: 1, description: 'Name of the connection to target.' }),
    ),
    client_id: Type.Optional(Type.String({ minLength: 1 })),
    email: Type.Optional(nullable(email)),
    phone_number: Type.Optional(nullable(phoneNumber)),
    given_name: Type.Optional(nullable(part)),
    family_name: Type.Optional(nullable(part)),
    name: Type.Optional(nullable(whole)),
    nickname: Type.Optional(nullable(whole)),
    picture: Type.Optional(nullable(picture)),
    password: Type.Optional(nullable(password)),
    username: Type.Optional(nullable(username)),
  },
  { additionalProperties: false },
)

/** Ours by the wire's name, where a value goes over as it is. */
const fields = {
  email_verified: 'isEmailVerified',
  phone_number: 'phone',
  phone_verified: 'isPhoneVerified',
  given_name: 'givenName',
  family_name: 'familyName',
  name: 'name',
  nickname: 'nickname',
  picture: 'picture',
  username: 'username',
  blocked: 'isBlocked',
} as const

type Field = (typeof fields)[keyof typeof fields] | 'email'
type Decoded = { [Each in Field]?: CreateUser[Each] | undefined }

/** Addresses are kept in lower case, as the vendor does. */
const decodeFields = (body: Static<typeof NewUser> | Static<typeof UserChanges>): Decoded => {
  const decoded = Object.entries(fields).flatMap(([wire, field]) => {
    const value = body[wire as keyof typeof fields]
    return value === undefined ? [] : [[field, value ?? undefined] as const]
  })
  return {
    ...Object.fromEntries(decoded),
    ...(body.email !== undefined && { email: body.email?.toLowerCase() }),
  }
}

export const decodeNewUser = (body: Static<typeof NewUser>): CreateUser => {
  const decoded = decodeFields(body)
  return {
    ...namesOf(decoded),
    ...decoded,
    connectionName: body.connection,
    fitsConnection: true,
    ...(body.verify_email && { asksToConfirm: true }),
    ...(body.user_id && { id: decodeUserId(`auth0|${body.user_id}`) }),
    ...(body.password !== undefined && { password: body.password }),
    ...(body.user_metadata && { userMetadata: body.user_metadata as JsonObject }),
    ...(body.app_metadata && { appMetadata: body.app_metadata as JsonObject }),
  }
}

/** Pairs the vendor changes in separate calls only. */
const apart = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['username', 'password'],
] as const

/**
 * What a change is about: just the metadata that callers without the right to change users may change, or anything.
 */
export type UserChange =
  | { of: 'app metadata'; input: { userId: string; appMetadata: JsonObject } }
  | { of: 'user metadata'; input: { userId: string; userMetadata: JsonObject } }
  | { of: 'user'; input: UpdateUser }

export const decodeUserChange = (wireId: string, body: Static<typeof UserChanges>): UserChange => {
  for (const [one, other] of apart) {
    if (body[one] !== undefined && body[other] !== undefined) {
      throw new WireError(400, `Cannot update ${one} and ${other} simultaneously.`, 'invalid_body')
    }
  }
  const userId = decodeUserId(wireId)
  const {
    app_metadata: appMetadata,
    user_metadata: userMetadata,
    ...rest
  } = body as {
    app_metadata?: JsonObject
    user_metadata?: JsonObject
  }
  if (Object.keys(rest).length === 0) {
    if (appMetadata && !userMetadata) return { of: 'app metadata', input: { userId, appMetadata } }
    if (userMetadata && !appMetadata) return { of: 'user metadata', input: { userId, userMetadata } }
  }
  const input: UpdateUser = {
    userId,
    changes: decodeFields(body),
    ownSignInOnly: true,
    ...(body.password != null && { password: body.password }),
    ...(body.connection !== undefined && { connectionName: body.connection }),
    ...(body.verify_email && {
      asksToConfirm: { ...(body.client_id !== undefined && { applicationId: body.client_id }) },
    }),
    ...(appMetadata && { appMetadata }),
    ...(userMetadata && { userMetadata }),
  }
  return { of: 'user', input }
}

/** An address in lower case finds whoever has it in any case, since the vendor keeps none other; one that is not, just itself. */
export const decodeEmailFilter = (email: string): Filter => ({
  field: 'email',
  is: 'equal',
  value: email,
  ignoreCase: email === email.toLowerCase(),
})

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

type Encodable = Omit<ListedUser, 'number'>

/** @param body the request that is answered: metadata it emptied is told as empty, while nobody else sees it */
export const encodeUser = (
  user: Encodable,
  issuer: string,
  body: { user_metadata?: object } = {},
): Static<typeof WireUser> => {
  const showsMetadata = Object.keys(user.userMetadata).length > 0 || body.user_metadata !== undefined
  const { passwordChangedAt: resetAt } = user
  return {
    user_id: encodeUserId(user.id),
    ...(user.email !== undefined && { email: user.email, email_verified: user.isEmailVerified }),
    ...(user.username !== undefined && { username: user.username }),
    ...(user.phone !== undefined && {
      phone_number: user.phone,
      phone_verified: user.isPhoneVerified ?? false,
    }),
    created_at: instant(user.createdAt),
    updated_at: instant(user.updatedAt),
    identities: encodeIdentities(user),
    ...(Object.keys(user.appMetadata).length > 0 && { app_metadata: user.appMetadata }),
    ...(showsMetadata && { user_metadata: user.userMetadata }),
    ...encodeProfile(user, issuer),
    ...(user.givenName !== undefined && { given_name: user.givenName }),
    ...(user.familyName !== undefined && { family_name: user.familyName }),
    ...(user.lastIp !== undefined && { last_ip: user.lastIp }),
    ...(user.lastLoginAt !== undefined && { last_login: instant(user.lastLoginAt) }),
    ...(resetAt !== undefined && resetAt > user.createdAt && { last_password_reset: instant(resetAt) }),
    ...(user.loginsCount > 0 && { logins_count: user.loginsCount }),
    ...(user.isBlocked !== undefined && { blocked: user.isBlocked }),
    ...(user.roles && { roles: user.roles.map(encodeRole) }),
  }
}

/** The user's own identity first, which his id names; then those that were linked to it. */
export const encodeIdentities = (
  user: Pick<Encodable, 'id' | 'identities' | 'connectionId' | 'connectionName' | 'passwordHash'>,
): Static<typeof WireIdentity>[] => {
  const [, provider, subject] = /^([^|]*)\|(.*)$/su.exec(encodeUserId(user.id)) as unknown as [
    string,
    string,
    string,
  ]
  const own = user.identities.find((each) => each.provider === provider && each.subject === subject)
  const linked = user.identities.filter((each) => each !== own)
  const signsInHere = user.connectionId !== undefined || user.passwordHash !== undefined
  const first = {
    connection: own?.connectionName ?? user.connectionName ?? defaultConnectionName,
    user_id: subject,
    provider,
    isSocial: own?.isSocial ?? false,
  }
  return [
    ...(own || signsInHere || linked.length === 0 ? [first] : []),
    ...linked.map((each) => ({
      connection: each.connectionName,
      user_id: each.subject,
      provider: each.provider,
      isSocial: each.isSocial,
      profileData: each.profile,
    })),
  ]
}
