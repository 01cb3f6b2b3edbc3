import type { Application } from '#core/applications/application.ts'
import type { Connection } from '#core/connections/connection.ts'
import type { Event } from '#core/events.ts'
import type { JsonObject } from '#core/json.ts'
import type { Organization } from '#core/organizations/organization.ts'
import type { Role } from '#core/roles/role.ts'
import type { Occasion } from '#core/triggers.ts'
import type { UserWithIdentities } from '#core/users/read.ts'

/** Writes a user as the Management API does, under an issuer. */
export type EncodeUser = (user: UserWithIdentities, issuer: string) => object

/** What the OpenID provider knows of a sign-in; it hands over just this. */
export type LoginContext = {
  user: UserWithIdentities
  application: { id: string; name: string; kind: string; metadata: JsonObject }
  connectionName?: string | undefined
  organization?: Organization | undefined
  api?: { id: string; identifier: string } | undefined
  protocol: string
  requestedScopes: readonly string[]
  methods: readonly { name: string; at: number }[]
  sessionId?: string | undefined
  request: {
    ip?: string | undefined
    userAgent?: string | undefined
    hostname: string
    method: string
    query: Readonly<Record<string, string>>
  }
  parameters: Readonly<Record<string, string>>
}

export type ExchangeContext = {
  application: { id: string; name: string; metadata: JsonObject }
  api: { id: string; identifier: string }
  scopes: readonly string[]
  requestedScopes: readonly string[]
  request: LoginContext['request']
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter((word) => word !== '')

const clientOf = ({ id, name, metadata }: Pick<Application, 'id' | 'name' | 'metadata'>): JsonObject => ({
  client_id: id,
  name,
  metadata,
})

const connectionOf = (connection: Connection | undefined, name = connection?.name ?? ''): JsonObject => ({
  id: connection ? `con_${connection.id}` : '',
  name,
  strategy: connection?.strategy ?? '',
})

const requestOf = (request: LoginContext['request'] | undefined): JsonObject => ({
  ip: request?.ip ?? '',
  method: request?.method ?? 'POST',
  query: { ...request?.query },
  body: {},
  geoip: {},
  ...(request && { hostname: request.hostname }),
  ...(request?.userAgent !== undefined && { user_agent: request.userAgent }),
})

const tenantOf = (issuer: string): JsonObject => ({ id: new URL(issuer).hostname })

/** Metadata are always there for scripts, which reach into them without looking. */
const userOf = (user: UserWithIdentities, issuer: string, encode: EncodeUser): JsonObject => ({
  app_metadata: {},
  user_metadata: {},
  ...(JSON.parse(JSON.stringify(encode(user, issuer))) as JsonObject),
})

/** @see specs: §4.4 of the Auth0 dialect */
export const postLoginEvent = (
  context: LoginContext,
  { roles, connection }: { roles: readonly Role[]; connection?: Connection | undefined },
  { issuer, transactionId, encodeUser }: { issuer: string; transactionId: string; encodeUser: EncodeUser },
): JsonObject => {
  const { user, organization, api, parameters, request, sessionId } = context
  const {
    logins_count: _count,
    last_ip: _ip,
    last_login: _login,
    ...person
  } = userOf(user, issuer, encodeUser)
  return {
    client: clientOf(context.application),
    connection: connectionOf(connection, context.connectionName),
    request: requestOf(request),
    stats: { logins_count: user.loginsCount },
    tenant: tenantOf(issuer),
    user: person,
    transaction: {
      id: transactionId,
      protocol: context.protocol,
      requested_scopes: [...context.requestedScopes],
      acr_values: words(parameters.acr_values),
      ui_locales: words(parameters.ui_locales),
      locale: words(parameters.ui_locales)[0] ?? 'en',
      prompt: words(parameters.prompt),
      response_type: words(parameters.response_type),
      ...textsOf(parameters, ['login_hint', 'redirect_uri', 'response_mode', 'state']),
      metadata: {},
    },
    authentication: {
      methods: context.methods.map(({ name, at }) => ({ name, timestamp: instant(at) })),
    },
    authorization: { roles: roles.map(({ name }) => name) },
    ...(organization && {
      organization: {
        id: `org_${organization.id}`,
        name: organization.name,
        display_name: organization.displayName,
        metadata: organization.metadata,
      },
    }),
    ...(api && { resource_server: { identifier: api.identifier } }),
    ...(sessionId !== undefined && { session: { id: sessionId } }),
  }
}

const textsOf = (from: Readonly<Record<string, string>>, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])))

/** @see specs: §4.6 of the Auth0 dialect */
export const credentialsExchangeEvent = (
  { application, api, scopes, requestedScopes, request }: ExchangeContext,
  issuer: string,
): JsonObject => ({
  accessToken: { customClaims: {}, scope: [...scopes] },
  client: clientOf(application),
  request: requestOf(request),
  resource_server: { identifier: api.identifier },
  tenant: tenantOf(issuer),
  transaction: { requested_scopes: [...requestedScopes], target_scopes: [...scopes] },
})

const wireFields: Readonly<Record<string, string>> = {
  email: 'email',
  isEmailVerified: 'email_verified',
  username: 'username',
  phone: 'phone_number',
  isPhoneVerified: 'phone_verified',
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  nickname: 'nickname',
  picture: 'picture',
  userMetadata: 'user_metadata',
  appMetadata: 'app_metadata',
}

/** @see specs: §4.6 of the Auth0 dialect. There is no user yet, so that he has no id. */
export const preRegisterEvent = (
  { data, connectionName }: Occasion,
  { application, connection }: { application?: Application; connection?: Connection },
  issuer: string,
): JsonObject => ({
  ...(application && { client: clientOf(application) }),
  connection: connectionOf(connection, connectionName),
  request: requestOf(undefined),
  tenant: tenantOf(issuer),
  user: {
    user_metadata: {},
    app_metadata: {},
    ...Object.fromEntries(
      Object.entries(wireFields).flatMap(([ours, wire]) =>
        data[ours] === undefined ? [] : [[wire, data[ours]]],
      ),
    ),
  },
})

/** Ours alone: which roles are about to be given to whom, where, and by whom. */
export const preAssignEvent = (
  { data }: Occasion,
  actor: { kind: string; id: string },
  issuer: string,
): JsonObject => ({
  tenant: tenantOf(issuer),
  actor: { kind: actor.kind, id: actor.id },
  ...data,
})

/** @see specs: §4.6 of the Auth0 dialect; post-user-registration and post-change-password are told alike */
export const afterwardsEvent = (
  user: UserWithIdentities,
  connection: Connection | undefined,
  { issuer, encodeUser }: { issuer: string; encodeUser: EncodeUser },
): JsonObject => ({
  connection: connectionOf(connection, user.connectionName),
  request: requestOf(undefined),
  tenant: tenantOf(issuer),
  user: userOf(user, issuer, encodeUser),
})

/** Ours alone: any event, as the native API shows it, with the user it is about. */
export const plainEvent = (
  { type, at, userId, roleId, scope, target, data, door, actor, id }: Event,
  user: UserWithIdentities | undefined,
  { issuer, encodeUser }: { issuer: string; encodeUser: EncodeUser },
): JsonObject => ({
  id,
  type,
  at: instant(at),
  door,
  actor: { kind: actor.kind, id: actor.id },
  ...(userId !== undefined && { userId }),
  ...(roleId !== undefined && { roleId }),
  ...(scope !== undefined && { scope }),
  ...(target && { target: { kind: target.kind, id: target.id } }),
  ...(data && { data }),
  ...(user && { user: userOf(user, issuer, encodeUser) }),
  tenant: tenantOf(issuer),
})
