import Type, { type Static } from 'typebox'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { equal, every, searchIn } from '#core/listing.ts'
import type { CreateUser } from '#core/users/create.ts'
import type { SourcedPermission } from '#core/users/permissions.ts'
import type { ListedUser, ListUsers } from '#core/users/read.ts'
import type { UpdateUser } from '#core/users/update.ts'
import type { Identity, User } from '#core/users/user.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { RoleSummary, summarizeRole } from './roles.wire.ts'
import { decodeScope, ScopeText } from './scopes.ts'

const Text = (maxLength = 300) => Type.String({ minLength: 1, maxLength })
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const profile = {
  email: Type.String({ format: 'email', maxLength: 320 }),
  username: Text(255),
  phone: Text(50),
  name: Text(),
  givenName: Text(),
  familyName: Text(),
  nickname: Text(),
  picture: Type.String({ format: 'uri', maxLength: 2000 }),
}

const flags = { isEmailVerified: Type.Boolean(), isPhoneVerified: Type.Boolean(), isBlocked: Type.Boolean() }

const Password = Type.String({ minLength: 1, maxLength: 1000 })

export const NewUser = Type.Partial(
  Type.Object({
    kind: Type.Enum(['person', 'bot']),
    ...profile,
    ...flags,
    password: Password,
    connectionId: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'The connection whose password it is.',
    }),
    userMetadata: Metadata,
    appMetadata: Metadata,
  }),
  { additionalProperties: false },
)

export const UserChanges = Type.Partial(
  Type.Object({
    email: nullable(profile.email),
    username: nullable(profile.username),
    phone: nullable(profile.phone),
    name: nullable(profile.name),
    givenName: nullable(profile.givenName),
    familyName: nullable(profile.familyName),
    nickname: nullable(profile.nickname),
    picture: nullable(profile.picture),
    ...flags,
    password: Password,
    userMetadata: Metadata,
    appMetadata: Metadata,
  }),
  {
    additionalProperties: false,
    minProperties: 1,
    description: '`null` clears a field. Metadata is merged one level deep, where `null` removes a key.',
  },
)

const WireIdentity = Type.Object({
  provider: Type.String(),
  subject: Type.String(),
  connectionName: Type.String(),
  isSocial: Type.Boolean(),
  createdAt: Instant,
})

export const WireUser = Type.Object({
  id: Type.String(),
  number: Type.Integer({ description: 'The integer id of dialects that need one.' }),
  kind: Type.String(),
  username: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  isEmailVerified: Type.Boolean(),
  phone: Type.Optional(Type.String()),
  isPhoneVerified: Type.Boolean(),
  name: Type.Optional(Type.String()),
  givenName: Type.Optional(Type.String()),
  familyName: Type.Optional(Type.String()),
  nickname: Type.Optional(Type.String()),
  picture: Type.Optional(Type.String()),
  isBlocked: Type.Boolean(),
  approvalAskedAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'He registered then, and waits to be let in.' }),
  ),
  needsConfirmedEmail: Type.Optional(
    Type.Boolean({ description: 'He can not sign in before his address is confirmed.' }),
  ),
  hasPassword: Type.Boolean(),
  connectionId: Type.Optional(Type.String({ description: 'The connection whose password it is.' })),
  connectionName: Type.Optional(Type.String()),
  userMetadata: Metadata,
  appMetadata: Metadata,
  rolesVersion: Type.Integer({
    description: 'Moves with every change of the roles and permissions assigned.',
  }),
  loginsCount: Type.Integer(),
  lastLoginAt: Type.Optional(Instant),
  lastIp: Type.Optional(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
  identities: Type.Optional(Type.Array(WireIdentity)),
  roles: Type.Optional(
    Type.Array(RoleSummary, { description: 'Assigned in the workspace; in lists that ask for them.' }),
  ),
})

/** What lists of people in some role or place tell about each. */
export const UserSummary = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  username: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  picture: Type.Optional(Type.String()),
  isBlocked: Type.Boolean(),
})

export const UserQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Part of a name, e-mail address or user name.' }),
  ),
  email: Type.Optional(Type.String({ maxLength: 320, description: 'Exactly, whatever its letter case.' })),
  username: Type.Optional(Type.String({ maxLength: 255, description: 'Exactly, whatever its letter case.' })),
  role: Type.Optional(Type.String({ maxLength: 300, description: 'The id of a role that they hold.' })),
  scope: Type.Optional(ScopeText),
  blocked: Type.Optional(Type.Boolean()),
  withRoles: Type.Optional(Type.Boolean({ description: 'Tell the workspace roles of each user too.' })),
  ...orderBy('createdAt', 'name', 'email', 'username', 'lastLoginAt', 'loginsCount', 'updatedAt'),
})

export const decodeUserQuery = (query: Static<typeof UserQuery>): ListUsers => {
  const { search, email, username, role, scope, blocked, withRoles = false } = query
  const filter = every(
    searchIn(searched, search),
    email === undefined ? undefined : { ...equal('email', email), ignoreCase: true },
    username === undefined ? undefined : { ...equal('username', username), ignoreCase: true },
    blocked === undefined
      ? undefined
      : blocked
        ? equal('isBlocked', true)
        : { not: equal('isBlocked', true) },
  )
  return {
    listing: { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) },
    withRoles,
    ...((role !== undefined || scope !== undefined) && {
      holding: {
        ...(role !== undefined && { roleId: role }),
        ...(scope !== undefined && { scope: decodeScope(scope) }),
      },
    }),
  }
}

const searched = ['name', 'email', 'username', 'nickname']

export const decodeNewUser = (body: Static<typeof NewUser>): CreateUser => {
  // A password is one of a connection: of the one that every workspace begins with, unless another is named.
  const isUnplaced = body.password !== undefined && body.connectionId === undefined
  return { ...body, ...(isUnplaced && { connectionName: defaultConnectionName }) }
}

export const decodeUserChanges = (userId: string, body: Static<typeof UserChanges>): UpdateUser => {
  const { password, userMetadata, appMetadata, ...fields } = body
  const changes = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value ?? undefined]),
  )
  return {
    userId,
    changes,
    ...(password !== undefined && { password }),
    ...(userMetadata !== undefined && { userMetadata }),
    ...(appMetadata !== undefined && { appMetadata }),
  }
}

export const encodeUser = (
  user: User & Partial<Pick<ListedUser, 'connectionName' | 'identities' | 'roles'>>,
): Static<typeof WireUser> => ({
  ...user,
  isPhoneVerified: user.isPhoneVerified ?? false,
  isBlocked: user.isBlocked ?? false,
  hasPassword: user.passwordHash !== undefined,
  approvalAskedAt: instantAt('approvalAskedAt', user.approvalAskedAt).approvalAskedAt,
  createdAt: encodeInstant(user.createdAt),
  updatedAt: encodeInstant(user.updatedAt),
  lastLoginAt: instantAt('lastLoginAt', user.lastLoginAt).lastLoginAt,
  identities: user.identities?.map(encodeIdentity),
  roles: user.roles?.map(summarizeRole),
})

const encodeIdentity = (identity: Identity): Static<typeof WireIdentity> => ({
  ...identity,
  createdAt: encodeInstant(identity.createdAt),
})

export const summarizeUser = ({ id, kind, username, email, name, picture, isBlocked }: User) => ({
  id,
  kind,
  username,
  email,
  name,
  picture,
  isBlocked: isBlocked ?? false,
})

export const WireUserPermission = Type.Object({
  apiId: Type.String(),
  apiIdentifier: Type.String(),
  apiName: Type.String(),
  name: Type.String(),
  description: Type.String(),
  isDirect: Type.Boolean({ description: 'Given to the user himself, beside what his roles carry.' }),
  roles: Type.Array(RoleSummary, { description: 'The roles that carry it.' }),
})

export const encodeUserPermission = ({
  api,
  name,
  description,
  isDirect,
  roles,
}: SourcedPermission): Static<typeof WireUserPermission> => ({
  apiId: api.id,
  apiIdentifier: api.identifier,
  apiName: api.name,
  name,
  description,
  isDirect,
  roles: roles.map(summarizeRole),
})
