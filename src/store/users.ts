import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Collection, UserReads, UserWrites } from '#core/store.ts'
import { caseKey, type Identity, parseAssignedUntil, type User } from '#core/users/user.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { columnField, type Field, jsonField, rowsField } from './filter.ts'
import { forgetful, type Memory } from './memory.ts'
import { createStatement } from './statement.ts'
import { createCodec, createCollection, type Row, type Table } from './table.ts'
import type { Tables } from './tables.ts'

/** Fields of rows that belong to a user, for filters: `identities.provider`, `assignedRoles.name`, … */
const userFields = (engine: Engine, name: string): Field | undefined => {
  const held = parseAssignedUntil(name)
  if (held) return assignedUntilField(engine, held)
  const within = (from: Sql, value: Sql) => rowsField(engine, 'text', from, ofUser, value)
  const [head, ...path] = name.split('.')
  if (head === 'identities') return identityField(engine, path)
  if (name === 'assignedRoles.id') return within(sql`assignments as held`, sql`held.role_id`)
  if (name === 'assignedRoles.name') {
    return within(sql`assignments as held join roles on roles.id = held.role_id`, sql`roles.name`)
  }
  if (name === 'connectionName') {
    const own = sql`held.id = users.connection_id`
    return rowsField(engine, 'text', sql`connections as held`, own, sql`held.name`)
  }
  if (name === 'memberships.scope') return within(sql`memberships as held`, sql`held.scope`)
  if (name === 'emailDomain') {
    const at = engine.name === 'sqlite' ? sql`instr(users.email_key, '@')` : sql`strpos(users.email_key, '@')`
    const domain = sql`substr(users.email_key, ${at} + 1)`
    return columnField(engine, 'text', domain, domain)
  }
  return undefined
}

/** Joins rows of another table to the user at hand. */
const ofUser = sql`held.user_id = users.id`

const assignedUntilField = (
  engine: Engine,
  { roleId, scope, scopeKind }: NonNullable<ReturnType<typeof parseAssignedUntil>>,
): Field =>
  rowsField(
    engine,
    'integer',
    sql`assignments as held join roles on roles.id = held.role_id and roles.is_active = 1`,
    sql`${ofUser} ${roleId === undefined ? sql`` : sql`and held.role_id = ${roleId}`}
      ${scope === undefined ? sql`` : sql`and held.scope = ${scope}`}
      ${scopeKind === undefined ? sql`` : sql`and held.scope like ${`${scopeKind}:%`}`}`,
    // One that does not expire lasts longer than any.
    sql`coalesce(held.expires_at, 9007199254740991)`,
  )

const identityField = (engine: Engine, [part, ...path]: string[]): Field | undefined => {
  const column = {
    provider: sql`held.provider`,
    subject: sql`held.subject`,
    connectionName: sql`held.connection_name`,
  }
  if (part === 'provider' || part === 'subject' || part === 'connectionName') {
    return rowsField(engine, 'text', sql`identities as held`, ofUser, column[part])
  }
  if (part !== 'profile' || path.length === 0) return undefined
  const profile = jsonField(engine, sql`held.profile`, path)
  return {
    type: 'json',
    test: (condition) =>
      sql`exists (select 1 from identities as held where ${ofUser} and ${profile.test(condition)})`,
  }
}

export const userTable: Table<User> = {
  name: 'users',
  secrets: ['passwordHash', 'formerPasswordHashes'],
  columns: {
    number: 'integer',
    id: 'id',
    kind: 'text',
    username: 'key?',
    email: 'key?',
    isEmailVerified: 'flag',
    phone: 'text?',
    isPhoneVerified: 'flag?',
    name: 'key?',
    givenName: 'text?',
    familyName: 'text?',
    nickname: 'text?',
    picture: 'text?',
    isBlocked: 'flag?',
    approvalAskedAt: 'integer?',
    needsConfirmedEmail: 'flag?',
    connectionId: 'id?',
    passwordHash: 'text?',
    passwordChangedAt: 'integer?',
    formerPasswordHashes: 'json?',
    userMetadata: 'json',
    appMetadata: 'json',
    rolesVersion: 'integer',
    loginsCount: 'integer',
    lastLoginAt: 'integer?',
    lastIp: 'text?',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  keys: { username: { column: 'username_key', of: caseKey }, email: { column: 'email_key', of: caseKey } },
  fields: userFields,
}

const identityTable: Table<Identity> = {
  name: 'identities',
  columns: {
    userId: 'id',
    provider: 'id',
    subject: 'id',
    connectionName: 'text',
    isSocial: 'flag',
    profile: 'json',
    createdAt: 'integer',
  },
}

export const createUsers = (
  engine: Engine,
  db: Kysely<Tables>,
  memory: Memory = forgetful,
): Collection<User> & UserReads & UserWrites => {
  const identityCodec = createCodec(identityTable)
  const { decode, selection } = createCodec(userTable)
  const one = ({ rows: [row] }: { rows: Row[] }): User | undefined => row && decode(row)
  const byEmail = createStatement(
    db,
    (slot) => sql`select ${selection} from users where email_key = ${slot('key')}`,
  )
  const byUsername = createStatement(
    db,
    (slot) => sql`select ${selection} from users where username_key = ${slot('key')}`,
  )
  const byIdentity = createStatement(
    db,
    (slot) => sql`select ${selection} from users join identities on identities.user_id = users.id
      where identities.provider = ${slot('provider')} and identities.subject = ${slot('subject')}`,
  )
  const standingOf = createStatement(
    db,
    (slot) => sql`select is_blocked, created_at, password_hash is not null as has_password
      from users where id = ${slot('userId')}`,
  )
  const versionOf = createStatement(
    db,
    (slot) => sql`select roles_version from users where id = ${slot('userId')}`,
  )
  return {
    ...createCollection(engine, db, userTable),
    findByEmail: async (email) => one(await byEmail({ key: caseKey(email) })),
    findByUsername: async (username) => one(await byUsername({ key: caseKey(username) })),
    findByIdentity: async (provider, subject) => one(await byIdentity({ provider, subject })),
    identities: async (userIds) => {
      if (userIds.length === 0) return []
      const rows = await db
        .selectFrom('identities')
        .selectAll()
        .where(engine.among(sql.ref('user_id'), 'text', userIds) as RawBuilder<boolean>)
        .orderBy('created_at')
        .orderBy('provider')
        .orderBy('subject')
        .execute()
      return rows.map((row) => identityCodec.decode(row))
    },
    standing: (userId) =>
      memory.recall(`standing ${userId}`, async () => {
        const [row] = (await standingOf({ userId })).rows
        return (
          row && {
            isBlocked: row.is_blocked === 1,
            createdAt: row.created_at as number,
            // A number on one engine, a truth value on the other.
            hasPassword: Boolean(row.has_password),
          }
        )
      }),
    rolesVersion: async (userId) => {
      const [row] = (await versionOf({ userId })).rows
      return row && (row.roles_version as number)
    },
    addIdentity: async (identity) => {
      const row = identityCodec.encode(identity) as Tables['identities']
      await db.insertInto('identities').values(row).execute()
    },
    removeIdentity: async (provider, subject) => {
      const removed = await db
        .deleteFrom('identities')
        .where('provider', '=', provider)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return removed.numDeletedRows === 1n
    },
  }
}
