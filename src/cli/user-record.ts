import type { Json, JsonObject } from '#core/json.ts'
import type { Role } from '#core/roles/role.ts'
import type { ImportedUser, ImportRecord, RecordFault } from '#core/users/import.ts'
import type { ListedUser } from '#core/users/read.ts'
import type { FileRecord } from './user-file.ts'

/**
 * A user as files hold him: Auth0's names of the fields, and `roles` by name or id beside them. What is written can be
 * read again; password hashes are read, but only a backup holds them.
 * @see specs: §1.6 and §1.14 of the Auth0 dialect
 */
type Field = 'text' | 'boolean' | 'object' | 'texts'

const fields = {
  user_id: 'text',
  email: 'text',
  email_verified: 'boolean',
  username: 'text',
  blocked: 'boolean',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  nickname: 'text',
  picture: 'text',
  user_metadata: 'object',
  app_metadata: 'object',
  roles: 'texts',
  password_hash: 'text',
  custom_password_hash: 'object',
} as const satisfies Record<string, Field>

type FieldName = keyof typeof fields

/** The fields of a CSV file, in order. */
export const writtenFields = (Object.keys(fields) as FieldName[]).filter(
  (name) => !name.endsWith('password_hash'),
)

/** What the vendor writes about users that comes about by itself. */
const passedOver: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'identities',
  'last_ip',
  'last_login',
  'last_password_reset',
  'logins_count',
  'multifactor',
])

const bcryptPattern = /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/u
const ownPrefix = 'auth0|'

/** Finds a role by what a file calls it. */
export type FindRole = (text: string) => Role | 'several' | undefined

/** By id, with or without the vendor's prefix, or by a name that only one role has. */
export const roleFinder = (roles: readonly Role[]): FindRole => {
  const byId = new Map(roles.map((role) => [role.id, role]))
  const byName = Map.groupBy(roles, ({ name }) => name.toLowerCase())
  return (text) => {
    const named = byName.get(text.toLowerCase()) ?? []
    const [first, second] = named
    return byId.get(text) ?? byId.get(text.replace(/^rol_/u, '')) ?? (second ? 'several' : first)
  }
}

/** The record for `importUsers`; the report shows its line and who it is, never what it holds. */
export const decodeRecord = (record: FileRecord, findRole: FindRole): ImportRecord => {
  const item: JsonObject = { line: record.line }
  if ('fault' in record) return { item, fault: fault('invalid', record.fault) }
  for (const name of ['user_id', 'email', 'username'] as const) {
    const value = record.fields[name]
    if (typeof value === 'string') item[name] = value
  }
  const problem = findProblem(record.fields)
  if (problem) return { item, fault: problem }
  // Just these fields of just these types, as was looked at above.
  const given = record.fields as { [Name in FieldName]?: Decoded<(typeof fields)[Name]> }
  const roles = decodeRoles(given.roles ?? [], findRole)
  return 'code' in roles ? { item, fault: roles } : { item, user: { ...decodeUser(given), ...roles } }
}

type Decoded<Type extends Field> = {
  text: string
  boolean: boolean
  object: JsonObject
  texts: string[]
}[Type]

const fault = (code: string, message: string, path = ''): RecordFault => ({ code, message, path })

const findProblem = (given: Record<string, unknown>): RecordFault | undefined => {
  for (const [name, value] of Object.entries(given)) {
    if (passedOver.has(name) || value === null) continue
    if (!isFieldName(name)) return fault('unknown_field', 'There is no such field.', name)
    if (!isOfType(value, fields[name]))
      return fault('invalid', `It must be ${described[fields[name]]}.`, name)
  }
  const { user_id: id, password_hash: hash } = given
  if (typeof id === 'string' && !/^[^\s|]{1,255}$/u.test(withoutPrefix(id))) {
    return fault('invalid', 'Users of other providers come with their first sign-in.', 'user_id')
  }
  if (typeof hash === 'string' && !bcryptPattern.test(hash)) {
    return fault('invalid', 'It must be a bcrypt hash.', 'password_hash')
  }
  return undefined
}

const isFieldName = (name: string): name is FieldName => Object.hasOwn(fields, name)

const described: Readonly<Record<Field, string>> = {
  text: 'text',
  boolean: 'true or false',
  object: 'an object',
  texts: 'a list of texts',
}

const isOfType = (value: unknown, type: Field): boolean => {
  if (type === 'text') return typeof value === 'string'
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'texts') return Array.isArray(value) && value.every((each) => typeof each === 'string')
  return typeof value === 'object' && !Array.isArray(value)
}

const withoutPrefix = (id: string): string => (id.startsWith(ownPrefix) ? id.slice(ownPrefix.length) : id)

const decodeUser = (given: { [Name in FieldName]?: Decoded<(typeof fields)[Name]> | null }): ImportedUser => {
  const { user_id: id, password_hash: bcrypt, custom_password_hash: custom } = given
  const password = bcrypt ? { bcrypt } : custom ? { custom } : undefined
  const user = {
    id: id ? withoutPrefix(id) : undefined,
    email: given.email,
    isEmailVerified: given.email_verified,
    username: given.username,
    isBlocked: given.blocked,
    name: given.name,
    givenName: given.given_name,
    familyName: given.family_name,
    nickname: given.nickname,
    picture: given.picture,
    userMetadata: given.user_metadata,
    appMetadata: given.app_metadata,
    password,
  }
  const known = Object.entries(user).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(known) as ImportedUser
}

const decodeRoles = (names: readonly string[], findRole: FindRole): { roleIds?: string[] } | RecordFault => {
  const roleIds: string[] = []
  for (const name of names) {
    const role = findRole(name)
    if (!role) return fault('not_found', `There is no role ${name}.`, 'roles')
    if (role === 'several')
      return fault('ambiguous', `Several roles are called ${name}: name the id.`, 'roles')
    roleIds.push(role.id)
  }
  return roleIds.length > 0 ? { roleIds } : {}
}

/** Roles by name, where that finds them again. */
export const encodeRecord = (user: ListedUser, findRole: FindRole): JsonObject => {
  const { userMetadata, appMetadata, roles = [], connectionId, id } = user
  const named = roles.map((role) => {
    const known = findRole(role.name)
    const isFoundByName = known !== 'several' && known?.id === role.id && !role.name.includes(';')
    return isFoundByName ? role.name : role.id
  })
  const record: { [Name in FieldName]?: Json | undefined } = {
    user_id: connectionId === undefined ? id : `${ownPrefix}${id}`,
    email: user.email,
    email_verified: user.email === undefined ? undefined : user.isEmailVerified,
    username: user.username,
    blocked: user.isBlocked,
    name: user.name,
    given_name: user.givenName,
    family_name: user.familyName,
    nickname: user.nickname,
    picture: user.picture,
    user_metadata: hasAny(userMetadata) ? userMetadata : undefined,
    app_metadata: hasAny(appMetadata) ? appMetadata : undefined,
    roles: named.length > 0 ? named : undefined,
  }
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as JsonObject
}

const hasAny = (object: JsonObject): boolean => Object.keys(object).length > 0

/** A record as the cells of a CSV row. */
export const encodeCells = (record: JsonObject): string[] =>
  writtenFields.map((name) => {
    const value = record[name]
    if (value === undefined) return ''
    if (Array.isArray(value)) return value.join(';')
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
