import type { Json, JsonObject } from '#core/json.ts'
import type { TicketMail } from '#core/tickets/mail.ts'
import type { CreateUser } from '#core/users/create.ts'
import type { UserGroup } from '#core/users/group.ts'
import type { Part, UserWithParts } from '#core/users/parts.ts'
import type { CreateUserWithParts, UpdateUserWithParts } from '#core/users/save.ts'
import type { User } from '#core/users/user.ts'
import { encodeApp } from './apps.wire.ts'
import { type Columns, extension, instant, integer, opposite, orElse, shown, text } from './columns.ts'
import { decodeId, encodeMaybe, type Fields, isFields } from './envelope.ts'
import { type FieldMessages, invalidData, WireError } from './errors.ts'
import { isTrue } from './options.ts'
import {
  decodeAssignmentRows,
  decodeLookupRows,
  encodeAssignment,
  encodeLookup,
  encodeOwnStamps,
  rowsOf,
  stampOf,
  stampRelations,
} from './relations.ts'
import type { Shape } from './results.ts'
import { encodeRole } from './roles.wire.ts'

export const userColumns: Columns = {
  id: integer('number'),
  name: text('name'),
  username: orElse(text('username'), text('email')),
  ldap_username: extension('text', 'ldapUsername'),
  first_name: text('givenName'),
  last_name: text('familyName'),
  email: text('email'),
  is_active: opposite('isBlocked'),
  phone: text('phone'),
  security_question: extension('text', 'securityQuestion'),
  default_app_id: extension('integer', 'defaultAppId'),
  adldap: extension('text', 'adldap'),
  oauth_provider: extension('text', 'oauthProvider'),
  saml: extension('text', 'saml'),
  last_login_date: instant('lastLoginAt'),
  created_date: instant('createdAt'),
  last_modified_date: instant('updatedAt'),
  created_by_id: extension('integer', 'createdBy'),
  last_modified_by_id: extension('integer', 'updatedBy'),
  confirmed: shown('flag'),
  expired: shown('flag'),
}

/** What only this dialect keeps of a user, by its column. */
const extensionColumns = {
  ldap_username: 'ldapUsername',
  security_question: 'securityQuestion',
  default_app_id: 'defaultAppId',
  adldap: 'adldap',
  oauth_provider: 'oauthProvider',
  saml: 'saml',
} as const

export const displayName = ({ name, givenName, familyName, email, username }: User): string =>
  name ?? ([givenName, familyName].filter(Boolean).join(' ') || email?.split('@', 1)[0] || username || '')

/** Whether a code is pending is known from the stored user, whichever fields are shown. */
const confirmation = (user: User, at: number): { confirmed: boolean; expired: boolean } => {
  const { pendingUntil, invitedAt } = user.extensions.dreamfactory ?? {}
  // Signing in with a password of one's own confirms as well as the code does.
  const isInvited = typeof invitedAt === 'number' && (user.lastLoginAt ?? 0) < invitedAt
  const confirmed = user.isEmailVerified || !(user.needsConfirmedEmail || isInvited)
  // Not kept: it follows from the clock whenever somebody looks.
  return { confirmed, expired: !confirmed && typeof pendingUntil === 'number' && pendingUntil <= at }
}

/** @param at now, in milliseconds since 1970 */
export const encodeUser = (user: User, at: number): Fields => {
  const own = user.extensions.dreamfactory ?? {}
  return {
    id: user.number,
    name: displayName(user),
    username: user.username ?? user.email ?? null,
    ldap_username: own.ldapUsername ?? null,
    first_name: user.givenName ?? null,
    last_name: user.familyName ?? null,
    last_login_date: encodeMaybe(user.lastLoginAt),
    email: user.email ?? null,
    is_active: user.isBlocked !== true,
    phone: user.phone ?? null,
    security_question: own.securityQuestion ?? null,
    default_app_id: own.defaultAppId ?? null,
    adldap: own.adldap ?? null,
    oauth_provider: own.oauthProvider ?? null,
    saml: own.saml ?? null,
    ...encodeOwnStamps(user.createdAt, user.updatedAt, own),
    ...confirmation(user, at),
  }
}

const assignmentNames = ['user_to_app_to_role_by_user_id', 'user_to_app_to_role']
const lookupNames = ['lookup_by_user_id', 'user_lookup_by_user_id']

const unique = <T extends { number: number }>(things: readonly T[]): T[] => [
  ...new Map(things.map((thing) => [thing.number, thing])).values(),
]

const relations: Readonly<Record<string, { part: Part; read: (thing: UserWithParts) => unknown }>> = {
  ...Object.fromEntries(
    assignmentNames.map((name) => [
      name,
      {
        part: 'assignments' as const,
        read: ({ parts }: UserWithParts) => (parts.assignments ?? []).map(encodeAssignment),
      },
    ]),
  ),
  ...Object.fromEntries(
    lookupNames.map((name) => [
      name,
      {
        part: 'lookups' as const,
        read: ({ user, parts }: UserWithParts) =>
          (parts.lookups ?? []).map((entry) =>
            encodeLookup(entry, { column: 'user_id', number: user.number }),
          ),
      },
    ]),
  ),
  user_custom_by_user_id: {
    part: 'customs',
    read: ({ user, parts }) =>
      (parts.customs ?? []).map((entry) => ({
        id: entry.number,
        user_id: user.number,
        name: entry.name,
        value: entry.data.value ?? null,
      })),
  },
  app_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }) =>
      unique((parts.assignments ?? []).map(({ application }) => application)).map((application) =>
        encodeApp({ application, parts: {} }),
      ),
  },
  role_by_user_to_app_to_role: {
    part: 'assignments',
    read: ({ parts }) => unique((parts.assignments ?? []).map(({ role }) => role)).map(encodeRole),
  },
}

export const userShape = (now: () => number): Shape<UserWithParts> => ({
  primaryKey: 'id',
  encode: ({ user }) => encodeUser(user, now()),
  computed: ['confirmed', 'expired'],
  relation: (name) => {
    if ((stampRelations as readonly string[]).includes(name)) {
      return ({ user }) => stampOf(name, user.extensions.dreamfactory)
    }
    return Object.hasOwn(relations, name) ? relations[name]!.read : undefined
  },
})

export const userParts = (related: readonly string[]): Part[] => [
  ...new Set(related.flatMap((name) => (Object.hasOwn(relations, name) ? [relations[name]!.part] : []))),
]

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

/** The messages for the fields of a user that break a rule of this dialect. */
export const userMessages = (record: Fields, leastPassword: number, isNew: boolean): FieldMessages => {
  const messages: Record<string, string[]> = {}
  const say = (field: string, message: string) => {
    messages[field] = [...(messages[field] ?? []), message]
  }
  const { email, name, username, phone, password } = record
  const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''
  if (isGiven(email)) {
    const isAddress =
      typeof email === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@[^\s@.]+$/u.test(email)
    if (!isAddress) say('email', 'The email must be a valid email address.')
    else if (email.length > 255) say('email', 'The email may not be greater than 255 characters.')
  } else if (isNew || email !== undefined) say('email', 'The email field is required.')
  if (isGiven(name) && (typeof name !== 'string' || name.length > 255)) {
    say('name', 'The name may not be greater than 255 characters.')
  }
  if (isGiven(username)) {
    if (typeof username !== 'string' || /\s/u.test(username))
      say('username', 'The username format is invalid.')
    else if (username.length < 6) say('username', 'The username must be at least 6 characters.')
  }
  if (isGiven(phone) && (textOf(phone) ?? '').length > 32) {
    say('phone', 'The phone may not be greater than 32 characters.')
  }
  if (isGiven(password)) {
    if (typeof password !== 'string') say('password', 'The password must be a string.')
    else if ([...password].length < leastPassword) {
      say('password', `The password must be at least ${leastPassword} characters.`)
    }
  }
  for (const field of ['first_name', 'last_name'] as const) {
    const value = record[field]
    if (isGiven(value) && textOf(value) === undefined)
      say(field, `The ${field.replace('_', ' ')} must be a string.`)
  }
  return messages
}

const requireUser = (record: unknown, leastPassword: number, isNew: boolean): Fields => {
  if (!isFields(record)) throw new WireError(400, 'Invalid data supplied. A record must be an object.')
  const messages = userMessages(record, leastPassword, isNew)
  if (Object.keys(messages).length > 0) throw invalidData(messages)
  return record
}

const extensionOf = (record: Fields): JsonObject => {
  const own: JsonObject = {}
  for (const [column, field] of Object.entries(extensionColumns)) {
    const value = record[column]
    if (value === undefined) continue
    own[field] =
      column === 'default_app_id' ? (decodeId(value) ?? null) : value === '' ? null : (value as Json)
  }
  return own
}

const partsOf = (record: Fields) => {
  const assignments = decodeAssignmentRows(rowsOf(record, ...assignmentNames))
  const lookups = decodeLookupRows(rowsOf(record, ...lookupNames), 'user_id')
  return { ...(assignments && { assignments }), ...(lookups && { lookups }) }
}

/** How this door writes users; `by` is the number of who does. */
export type UserWriting = {
  group: UserGroup
  leastPassword: number
  replacesHeld: boolean
  by: number | undefined
  parts: readonly Part[]
  invite?: TicketMail
}

/** @throws WireError */
export const decodeNewUser = (given: unknown, writing: UserWriting): CreateUserWithParts => {
  const { group, leastPassword, replacesHeld, by, parts, invite } = writing
  const record = requireUser(given, leastPassword, true)
  const email = textOf(record.email)!
  const [givenName, familyName] = [textOf(record.first_name), textOf(record.last_name)]
  const names = [givenName, familyName].filter(Boolean).join(' ')
  const username = textOf(record.username)
  const password = textOf(record.password)
  const user: CreateUser = {
    email,
    name: textOf(record.name) || names || email.split('@', 1)[0]!,
    ...(givenName && { givenName }),
    ...(familyName && { familyName }),
    ...(username && username !== email && { username }),
    ...(textOf(record.phone) && { phone: textOf(record.phone)! }),
    ...(isInactive(record) && { isBlocked: true }),
    ...(password && { password, leastPasswordLength: leastPassword }),
    connectionName: 'Username-Password-Authentication',
    extensions: {
      dreamfactory: {
        ...withoutNulls(extensionOf(record)),
        ...(by !== undefined && { createdBy: by, updatedBy: by }),
      },
    },
  }
  return {
    group,
    user,
    ...partsOf(record),
    ...(replacesHeld && { replacesHeld }),
    parts,
    ...(invite && { invite }),
  }
}

const withoutNulls = (own: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null))

/** A new user is active unless the body says no in clear words. */
const isInactive = ({ is_active: value }: Fields): boolean =>
  value === false ||
  value === 0 ||
  value === '0' ||
  (typeof value === 'string' && /^(?:false|no|off)$/iu.test(value))

/** @throws WireError */
export const decodeUserChanges = (
  given: unknown,
  number: number,
  writing: UserWriting,
): UpdateUserWithParts => {
  const { group, leastPassword, replacesHeld, by, parts, invite } = writing
  const record = requireUser(given, leastPassword, false)
  const changes: NonNullable<UpdateUserWithParts['changes']> = {}
  const columns = { name: 'name', first_name: 'givenName', last_name: 'familyName', phone: 'phone' } as const
  for (const [column, field] of Object.entries(columns)) {
    if (record[column] !== undefined) changes[field] = textOf(record[column]) || undefined
  }
  const [email, username, password] = [textOf(record.email), textOf(record.username), textOf(record.password)]
  if (email) changes.email = email
  if (username && username !== (email ?? record.email)) changes.username = username
  if (record.is_active !== undefined && record.is_active !== null) {
    changes.isBlocked = !isTrue(record.is_active)
  }
  const own = extensionOf(record)
  const touches = Object.keys(changes).length + Object.keys(own).length > 0 || Boolean(password)
  if (touches) {
    changes.extensions = { dreamfactory: { ...own, ...(by !== undefined && { updatedBy: by }) } }
  }
  return {
    ref: { number },
    group,
    changes,
    ...(password && { password, leastPasswordLength: leastPassword }),
    ...partsOf(record),
    ...(replacesHeld && { replacesHeld }),
    parts,
    ...(invite && { invite }),
  }
}
