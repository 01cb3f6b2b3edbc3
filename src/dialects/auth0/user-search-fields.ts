import { type Comparison, equal, every, type Filter, type Scalar } from '#core/listing.ts'
import { scopeOf } from '#core/scope.ts'
import { decodeOrganizationId, decodeRoleId, decodeUserId } from './ids.ts'
import type { Bound } from './user-search-tokens.ts'

/** What a query may ask of a field. What is absent can't be asked of it. */
export type SearchField = {
  /** What its values are, for the refusal of others: `a whole number`. */
  expects: string
  /** Undefined when the text is no value of this field. */
  matches(text: string): Filter | undefined
  like?(parts: readonly string[]): Filter
  /** At least one bound is not open. Undefined when the other is no value of this field. */
  range?(from: Bound, to: Bound): Filter | undefined
  exists: Filter
  /** The name in `core` by which a list can be ordered. */
  sortsBy?: string
}

type Range = NonNullable<SearchField['range']>

const exists = (field: string): Filter => ({ field, exists: true })
const not = (filter: Filter): Filter => ({ not: filter })
const compare = (field: string, is: Comparison, value: Scalar): Filter => ({ field, is, value })

export const text = (field: string, { ignoreCase = false, isColumn = true } = {}): SearchField => ({
  expects: 'text',
  matches: (value) => ({ ...equal(field, value), ...(ignoreCase && { ignoreCase }) }),
  like: (like) => ({ field, like, ...(ignoreCase && { ignoreCase }) }),
  exists: exists(field),
  ...(isColumn && { sortsBy: field }),
})

const foldedText = (field: string): SearchField => text(field, { ignoreCase: true })

/** @param isAbsentFalse a user without the field is found by `false` */
const flag = (field: string, isAbsentFalse = false): SearchField => ({
  expects: 'true or false',
  matches: (value) => {
    if (value !== 'true' && value !== 'false') return undefined
    return value === 'false' && isAbsentFalse ? not(equal(field, true)) : equal(field, value === 'true')
  },
  exists: exists(field),
  sortsBy: field,
})

/** A stretch of values, both ends included: a day is one, and so is a single number. */
type Span = { first: Scalar; last: Scalar }

/** The values between two bounds, not both open. A bound that is a whole day is in or out as a whole. */
const between =
  (field: string, read: (text: string) => Span | undefined): Range =>
  (from, to) => {
    const [low, high] = [from, to].map(({ text }) => (text === undefined ? 'open' : read(text)))
    if (!low || !high) return undefined
    const lower = from.isInclusive
      ? (span: Span) => compare(field, 'atLeast', span.first)
      : (span: Span) => compare(field, 'more', span.last)
    const upper = to.isInclusive
      ? (span: Span) => compare(field, 'atMost', span.last)
      : (span: Span) => compare(field, 'less', span.first)
    return every(low === 'open' ? undefined : lower(low), high === 'open' ? undefined : upper(high))
  }

const integer = (field: string, presence = exists(field)): SearchField => ({
  expects: 'a whole number',
  matches: (value) => {
    const number = readInteger(value)
    return number && equal(field, number.first)
  },
  range: between(field, readInteger),
  exists: presence,
  sortsBy: field,
})

const readInteger = (text: string): Span | undefined => {
  const number = Number(text)
  return /^-?\d{1,16}$/u.test(text) && Number.isSafeInteger(number)
    ? { first: number, last: number }
    : undefined
}

export const instant = (field: string): SearchField => ({
  expects: 'a date such as 2025-12-01 or 2025-12-01T00:00:00.000Z',
  matches: (value) => {
    const span = readInstant(value)
    if (!span) return undefined
    const { first, last } = span
    return first === last
      ? equal(field, first)
      : { all: [compare(field, 'atLeast', first), compare(field, 'atMost', last)] }
  },
  range: between(field, readInstant),
  exists: exists(field),
  sortsBy: field,
})

const isoDate = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/u

/** What a date leaves open it covers: a day all its milliseconds, a minute its seconds. Without a zone it is UTC. */
const readInstant = (text: string): Span | undefined => {
  const [matched, day, minutes = '00:00', seconds = '00', fraction, sign, hour, minute] =
    isoDate.exec(text) ?? []
  if (matched === undefined) return undefined
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0')
  const local = `${day}T${minutes}:${seconds}.${milliseconds}Z`
  const at = Date.parse(local)
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== local) return undefined
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59) return undefined
  const offset = (Number(hour ?? 0) * 60 + Number(minute ?? 0)) * 60_000 * (sign === '-' ? -1 : 1)
  const first = at - offset
  return { first, last: first + spanOf(text, fraction) - 1 }
}

const spanOf = (text: string, fraction: string | undefined): number => {
  if (fraction !== undefined) return fraction.length > 2 ? 1 : 10 ** (3 - fraction.length)
  if (!text.includes('T')) return 86_400_000
  return /T\d\d:\d\d:/u.test(text) ? 1000 : 60_000
}

/** A path into a JSON value: compared as text, between numbers as a number. */
const json = (field: string, isPlain: boolean): SearchField => ({
  ...text(field, { isColumn: false }),
  ...(isPlain ? { like: undefined } : { range: betweenScalars(field) }),
})

const betweenScalars =
  (field: string): Range =>
  (from, to) => {
    const areNumbers = [from, to].every(({ text }) => text === undefined || decimal.test(text))
    return between(field, (text) => {
      const value = areNumbers ? Number(text) : text
      return { first: value, last: value }
    })(from, to)
  }

const decimal = /^-?\d{1,20}(?:\.\d{1,20})?$/u

const ownPrefix = 'auth0|'
const isOwn = exists('connectionId')

/**
 * What is left of a pattern when it has matched a prefix; several when a hole may end at several places.
 * The parts between the ends are never empty, so that there are at most a few.
 */
const behindPrefix = (parts: readonly string[], prefix: string): (readonly string[])[] => {
  const [head = '', ...rest] = parts
  if (head.length >= prefix.length)
    return head.startsWith(prefix) ? [[head.slice(prefix.length), ...rest]] : []
  if (rest.length === 0 || !prefix.startsWith(head)) return []
  const swallowed = prefix.slice(head.length)
  const endsWithin = [...swallowed].flatMap((_, at) => behindPrefix(rest, swallowed.slice(at)))
  return [...endsWithin, ['', ...rest]]
}

/** Compared with the id as the wire has it, whose prefix we don't store. */
const userId: SearchField = {
  ...text('id'),
  matches: (value) => equal('id', decodeUserId(value)),
  like: (like) => {
    const foreign: Filter = { field: 'id', like: ['', '|', ''] }
    const own = behindPrefix(like, ownPrefix).map(
      (rest): Filter => ({ all: [not(foreign), { field: 'id', like: rest }] }),
    )
    return { any: [{ all: [foreign, { field: 'id', like }] }, ...own] }
  },
}

/** The provider of the people who sign in with a password of ours, who have no identity of their own in `core`. */
const identityProvider: SearchField = {
  expects: 'text',
  matches: (value) => {
    const provided = equal('identities.provider', value)
    return value === 'auth0' ? { any: [provided, isOwn] } : provided
  },
  like: (like) => {
    const provided: Filter = { field: 'identities.provider', like }
    const matchesOwn = behindPrefix(like, 'auth0').some((rest) => rest.every((part) => part === ''))
    return matchesOwn ? { any: [provided, isOwn] } : provided
  },
  exists: { any: [exists('identities.provider'), isOwn] },
}

/** The one whose password somebody has, or one that an identity came by. */
const identityConnection: SearchField = {
  expects: 'text',
  matches: (value) => ({ any: [equal('identities.connectionName', value), equal('connectionName', value)] }),
  like: (like) => ({
    any: [
      { field: 'identities.connectionName', like },
      { field: 'connectionName', like },
    ],
  }),
  exists: { any: [exists('identities.connectionName'), isOwn] },
}

const identitySubject: SearchField = {
  expects: 'text',
  matches: (value) => ({ any: [equal('identities.subject', value), { all: [isOwn, equal('id', value)] }] }),
  like: (like) => ({ any: [{ field: 'identities.subject', like }, { all: [isOwn, { field: 'id', like }] }] }),
  exists: { any: [exists('identities.subject'), isOwn] },
}

const organizationId: SearchField = {
  expects: 'an organization id, org_…',
  matches: (value) => {
    const id = decodeOrganizationId(value)
    return id === undefined ? undefined : equal('memberships.scope', scopeOf('organization', id))
  },
  exists: { field: 'memberships.scope', like: [scopeOf('organization', ''), ''] },
}

const roleId: SearchField = {
  expects: 'a role id, rol_…',
  matches: (value) => {
    const id = decodeRoleId(value)
    return id === undefined ? undefined : equal('assignedRoles.id', id)
  },
  exists: exists('assignedRoles.id'),
}

/** @see specs: §1.5.1 of the Auth0 dialect; `roles` and `role.name` are ours */
const fields: ReadonlyMap<string, SearchField> = new Map([
  ['user_id', userId],
  ['email', foldedText('email')],
  ['email.domain', text('emailDomain', { ignoreCase: true, isColumn: false })],
  ['email_verified', flag('isEmailVerified')],
  ['name', foldedText('name')],
  ['given_name', foldedText('givenName')],
  ['family_name', foldedText('familyName')],
  ['nickname', foldedText('nickname')],
  ['username', text('username')],
  ['picture', text('picture')],
  ['phone_number', text('phone')],
  ['phone_verified', flag('isPhoneVerified')],
  ['blocked', flag('isBlocked', true)],
  // The wire leaves it out until the first login.
  ['logins_count', integer('loginsCount', compare('loginsCount', 'more', 0))],
  ['created_at', instant('createdAt')],
  ['updated_at', instant('updatedAt')],
  ['last_login', instant('lastLoginAt')],
  ['last_password_reset', instant('passwordChangedAt')],
  ['last_ip', text('lastIp')],
  ['identities.connection', identityConnection],
  ['identities.provider', identityProvider],
  ['identities.user_id', identitySubject],
  ['organization_id', organizationId],
  ['roles', roleId],
  ['role.name', text('assignedRoles.name', { isColumn: false })],
])

/** What a term without a field is looked for in. */
export const bareFields: readonly SearchField[] = [
  'name',
  'email',
  'nickname',
  'given_name',
  'family_name',
  'username',
  'phone_number',
].map((name) => fields.get(name)!)

const paths = [
  { prefix: 'identities.profileData.', field: 'identities.profile.', isPlain: false },
  { prefix: 'app_metadata.', field: 'appMetadata.', isPlain: false },
  { prefix: 'user_metadata.', field: 'userMetadata.', isPlain: true },
] as const

/** Keys that hold neither what a JSON path quotes with nor control characters, ten levels at most. */
const jsonPath = /^[^."\\\p{Cc}]+(?:\.[^."\\\p{Cc}]+){0,9}$/u

/** The field that the wire knows by this name; undefined when there is none. */
export const findSearchField = (name: string): SearchField | undefined => {
  const known = fields.get(name)
  if (known) return known
  const path = paths.find(({ prefix }) => name.startsWith(prefix))
  if (!path) return undefined
  const rest = name.slice(path.prefix.length)
  return jsonPath.test(rest) ? json(`${path.field}${rest}`, path.isPlain) : undefined
}
