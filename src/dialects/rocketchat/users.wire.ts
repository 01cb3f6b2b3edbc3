import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import type { RoomHeld } from '#core/rooms/held.ts'
import type { Person } from '#core/users/people.ts'
import type { User } from '#core/users/user.ts'
import { publicCustomFields } from './custom-fields.ts'
import { instant } from './parts.ts'
import type { Settings } from './settings.table.ts'

export const WireEmails = Type.Array(Type.Object({ address: Type.String(), verified: Type.Boolean() }))

export const emailsOf = ({ email, isEmailVerified }: Pick<User, 'email' | 'isEmailVerified'>) =>
  email === undefined ? [] : [{ address: email, verified: isEmailVerified }]

const Json = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })
const text = Type.Optional(Type.String())
const flag = Type.Optional(Type.Boolean())

/** What everybody sees. @see specs: §5.4 of the Rocket.Chat dialect */
const publicFields = {
  _id: Type.String(),
  username: text,
  name: text,
  nickname: text,
  type: Type.Enum(['user', 'bot', 'app']),
  active: Type.Boolean(),
  status: Type.String(),
  utcOffset: Type.Optional(Type.Number()),
  bio: text,
  reason: text,
  statusText: text,
  avatarETag: text,
  customFields: Type.Optional(Json),
}

const details = {
  emails: Type.Optional(WireEmails),
  phone: text,
  roles: Type.Optional(Type.Array(Type.String())),
  createdAt: text,
  _updatedAt: text,
  lastLogin: text,
  statusConnection: text,
  statusDefault: text,
  requirePasswordChange: flag,
  requirePasswordChangeReason: text,
  language: text,
  settings: Type.Optional(Json),
}

export const WireUser = Type.Object({ ...publicFields, ...details })

/** A dialect's own fields as text, where that is what they are. */
const textsOf = (fields: JsonObject, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )

export const keptOf = ({ extensions }: Pick<User, 'extensions'>): JsonObject => extensions.rocketchat ?? {}

const typeOf = (person: Pick<User, 'kind' | 'extensions'>): 'user' | 'bot' | 'app' =>
  keptOf(person).type === 'app' ? 'app' : person.kind === 'bot' ? 'bot' : 'user'

/** A user as the caller may see him. Of fields of their own, strangers see those that the settings call public. */
export const encodePerson = (person: Person, settings: Settings): Static<typeof WireUser> => {
  const kept = keptOf(person)
  const own = person.details
  const fields = own || !isObject(kept.customFields) ? {} : publicCustomFields(kept.customFields, settings)
  return {
    _id: person.id,
    ...(person.username !== undefined && { username: person.username }),
    ...(person.name !== undefined && { name: person.name }),
    ...(person.nickname !== undefined && { nickname: person.nickname }),
    type: typeOf(person),
    active: person.isBlocked !== true && person.approvalAskedAt === undefined,
    status: 'offline',
    utcOffset: typeof kept.utcOffset === 'number' ? kept.utcOffset : 0,
    ...textsOf(kept, ['bio', 'reason', 'statusText', 'avatarETag']),
    ...(Object.keys(fields).length > 0 && { customFields: fields }),
    ...(own && encodeDetails(own)),
  }
}

const encodeDetails = (user: User & { roleIds: readonly string[] }) => {
  const kept = keptOf(user)
  const createdAt = instant(user.createdAt)
  return {
    emails: emailsOf(user),
    ...(user.phone !== undefined && { phone: user.phone }),
    roles: [...user.roleIds],
    createdAt,
    // Writing an instant takes longer than the rest; most people were never changed.
    _updatedAt: user.updatedAt === user.createdAt ? createdAt : instant(user.updatedAt),
    ...(user.lastLoginAt !== undefined && { lastLogin: instant(user.lastLoginAt) }),
    statusConnection: 'offline',
    statusDefault: 'online',
    ...(kept.requirePasswordChange === true && { requirePasswordChange: true }),
    ...textsOf(kept, ['requirePasswordChangeReason', 'language']),
    ...(isObject(kept.customFields) && { customFields: kept.customFields }),
    settings: { profile: {}, preferences: isObject(kept.preferences) ? kept.preferences : {} },
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A room that somebody is in, and the roles he holds there. */
export const HeldRoom = Type.Object({
  _id: Type.String(),
  rid: Type.String(),
  name: Type.String(),
  t: Type.String(),
  roles: Type.Optional(Type.Array(Type.String())),
  unread: Type.Integer(),
})

export const encodeHeldRoom = ({ room, membership, roleIds }: RoomHeld): Static<typeof HeldRoom> => ({
  _id: subscriptionId(membership),
  rid: room.id,
  name: room.name,
  t: room.kind === 'channel' ? 'c' : 'p',
  ...(roleIds.length > 0 && { roles: roleIds }),
  unread: 0,
})

/** Clients tell memberships apart by an id of 24 hex characters; ours is their number. */
export const subscriptionId = ({ number }: { number: number }): string =>
  number.toString(16).padStart(24, '0')

/** How somebody sees himself: all of the above, and whether he has a password and second factors. */
export const WireMe = Type.Object({
  ...WireUser.properties,
  email: text,
  avatarUrl: Type.String(),
  isOAuthUser: Type.Boolean(),
  services: Type.Object({
    password: Type.Object({ exists: Type.Boolean() }),
    email2fa: Type.Optional(Type.Object({ enabled: Type.Boolean() })),
    totp: Type.Optional(Type.Object({ enabled: Type.Boolean() })),
  }),
})

/** @param origin of this server, without a final slash */
export const encodeMe = (
  person: Person,
  origin: string,
  settings: Settings,
  hasApp: boolean,
): Static<typeof WireMe> => {
  const { details: own } = person
  const name = person.username ?? person.name ?? person.id
  return {
    ...encodePerson(person, settings),
    ...(own?.email !== undefined && own.isEmailVerified && { email: own.email }),
    avatarUrl: `${origin}/avatar/${encodeURIComponent(name)}`,
    isOAuthUser: false,
    services: {
      password: { exists: own?.passwordHash !== undefined },
      ...(hasApp && { totp: { enabled: true } }),
    },
  }
}
