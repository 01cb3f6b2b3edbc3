import { type Kysely, sql } from 'kysely'
import type { Collection, UserReads, UserWrites } from '#core/store.ts'
import { caseKey, type Identity, parseAssignedUntil, type User } from '#core/users/user.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { columnField, type Field } from './filter.ts'
import { createCodec, createCollection, jsonField, type Row, type Table } from './table.ts'
import type { Tables } from './tables.ts'

/** Fields of rows that belong to a user, for filters: `identities.provider`, `assignedRoles.name`, … */
const userFields = (engine: Engine, name: string): Field | undefined => {
  const held = parseAssignedUntil(name)
  if (held) return assignedUntilField(held)
  const [head, ...path] = name.split('.')
  if (head === 'identities') return identityField(engine, path)
  if (name === 'assignedRoles.id') return within(sql`assignments as held`, sql`held.role_id`)
  if (name === 'assignedRoles.name') {
    return within(sql`assignments as held join roles on roles.id = held.role_id`, sql`roles.name`)
  }
  if (name === 'memberships.scope') return within(sql`memberships as held`, sql`held.scope`)
  if (name === 'emailDomain') {
    const at = engine.name === 'sqlite' ? sql`instr(users.email_key, '@')` : sql`strpos(users.email_key, '@')`
    return columnField('text', sql`substr(users.email_key, ${at} + 1)`)
  }
  return undefined
}

const within = (from: Sql, value: Sql): Field => ({
  type: 'text',
  test: (condition) =>
    sql`exists (select 1 from ${from} where held.user_id = users.id and ${condition({ text: value, number: value })})`,
})

const assignedUntilField = ({ roleId, scope }: NonNullable<ReturnType<typeof parseAssignedUntil>>): Field => {
  const until = sql`coalesce(held.expires_at, ${Number.MAX_SAFE_INTEGER})`
  return {
    type: 'integer',
    test: (condition) =>
      sql`exists (select 1 from assignments as held
        join roles on roles.id = held.role_id and roles.is_active = 1
        where held.user_id = users.id ${roleId === undefined ? sql`` : sql`and held.role_id = ${roleId}`}
        ${scope === undefined ? sql`` : sql`and held.scope = ${scope}`}
        and ${condition({ text: until, number: until })})`,
  }
}

const identityField = (engine: Engine, [part, ...path]: string[]): Field | undefined => {
  if (part === 'provider' || part === 'subject')
    return within(sql`identities as held`, sql.ref(`held.${part}`))
  if (part === 'connectionName') return within(sql`identities as held`, sql`held.connection_name`)
  if (part !== 'profile' || path.length === 0) return undefined
  const profile = jsonField(engine, sql`held.profile`, path)
  return {
    type: 'json',
    test: (condition) =>
      sql`exists (select 1 from identities as held where held.user_id = users.id and ${profile.test(condition)})`,
  }
}

export const userTable: Table<User> = {
  name: 'users',
  secrets: ['passwordHash'],
  columns: {
    number: 'integer',
    id: 'text',
    kind: 'text',
    username: 'text',
    email: 'text',
    isEmailVerified: 'flag',
    phone: 'text',
    isPhoneVerified: 'flag',
    name: 'text',
    givenName: 'text',
    familyName: 'text',
    nickname: 'text',
    picture: 'text',
    isBlocked: 'flag',
    connectionId: 'text',
    passwordHash: 'text',
    passwordChangedAt: 'integer',
    userMetadata: 'json',
    appMetadata: 'json',
    rolesVersion: 'integer',
    loginsCount: 'integer',
    lastLoginAt: 'integer',
    lastIp: 'text',
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
    userId: 'text',
    provider: 'text',
    subject: 'text',
    connectionName: 'text',
    isSocial: 'flag',
    profile: 'json',
    createdAt: 'integer',
  },
}

export const createUsers = (
  engine: Engine,
  db: Kysely<Tables>,
): Collection<User> & UserReads & UserWrites => {
  const identityCodec = createCodec(identityTable)
  const { decode } = createCodec(userTable)
  const one = async (from: Sql): Promise<User | undefined> => {
    const [row] = (await sql<Row>`select users.* from ${from}`.execute(db)).rows
    return row && decode(row)
  }
  return {
    ...createCollection(engine, db, userTable),
    findByEmail: (email) => one(sql`users where email_key = ${caseKey(email)}`),
    findByUsername: (username) => one(sql`users where username_key = ${caseKey(username)}`),
    findByIdentity: (provider, subject) =>
      one(sql`users join identities on identities.user_id = users.id
        where identities.provider = ${provider} and identities.subject = ${subject}`),
    identities: async (userIds) => {
      if (userIds.length === 0) return []
      const rows = await db
        .selectFrom('identities')
        .selectAll()
        .where('user_id', 'in', userIds)
        .orderBy('created_at')
        .orderBy('provider')
        .orderBy('subject')
        .execute()
      return rows.map((row) => identityCodec.decode(row))
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
