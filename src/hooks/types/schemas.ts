import Type from 'typebox'

/** What Actions are told, by trigger. The declarations for authors are made of these, and events are held to them. */

const optional = Type.Optional
const text = Type.String()
const Metadata = Type.Record(Type.String(), Type.Any())
const Secrets = Type.Record(Type.String(), Type.String())

const User = Type.Object({
  user_id: text,
  email: optional(text),
  email_verified: optional(Type.Boolean()),
  username: optional(text),
  phone_number: optional(text),
  phone_verified: optional(Type.Boolean()),
  name: optional(text),
  nickname: optional(text),
  given_name: optional(text),
  family_name: optional(text),
  picture: optional(text),
  created_at: text,
  updated_at: text,
  last_password_reset: optional(text),
  blocked: optional(Type.Boolean()),
  app_metadata: Metadata,
  user_metadata: Metadata,
  identities: Type.Array(
    Type.Object({
      connection: optional(text),
      provider: optional(text),
      user_id: optional(text),
      isSocial: optional(Type.Boolean()),
      profileData: optional(Metadata),
    }),
  ),
})

const Client = Type.Object({ client_id: text, name: text, metadata: Metadata })
const Connection = Type.Object({ id: text, name: text, strategy: text })
const Tenant = Type.Object({ id: text })
const Request = Type.Object({
  ip: text,
  method: text,
  query: Type.Record(Type.String(), Type.String()),
  body: Metadata,
  geoip: Metadata,
  hostname: optional(text),
  user_agent: optional(text),
})

const PostLogin = Type.Object({
  client: Client,
  connection: Connection,
  request: Request,
  secrets: Secrets,
  stats: Type.Object({ logins_count: Type.Integer() }),
  tenant: Tenant,
  user: User,
  transaction: Type.Object({
    id: text,
    protocol: text,
    requested_scopes: Type.Array(text),
    acr_values: Type.Array(text),
    ui_locales: Type.Array(text),
    locale: text,
    prompt: Type.Array(text),
    response_type: Type.Array(text),
    login_hint: optional(text),
    redirect_uri: optional(text),
    response_mode: optional(text),
    state: optional(text),
    metadata: Metadata,
  }),
  authentication: Type.Object({ methods: Type.Array(Type.Object({ name: text, timestamp: text })) }),
  authorization: Type.Object({ roles: Type.Array(text) }),
  organization: optional(Type.Object({ id: text, name: text, display_name: text, metadata: Metadata })),
  resource_server: optional(Type.Object({ identifier: text })),
  session: optional(Type.Object({ id: text })),
})

const CredentialsExchange = Type.Object({
  accessToken: Type.Object({ customClaims: Metadata, scope: Type.Array(text) }),
  client: Client,
  request: Request,
  resource_server: Type.Object({ identifier: text }),
  secrets: Secrets,
  tenant: Tenant,
  transaction: Type.Object({ requested_scopes: Type.Array(text), target_scopes: Type.Array(text) }),
})

const PreUserRegistration = Type.Object({
  client: optional(Client),
  connection: Connection,
  request: Request,
  secrets: Secrets,
  tenant: Tenant,
  user: Type.Object({
    email: optional(text),
    email_verified: optional(Type.Boolean()),
    username: optional(text),
    phone_number: optional(text),
    phone_verified: optional(Type.Boolean()),
    name: optional(text),
    nickname: optional(text),
    given_name: optional(text),
    family_name: optional(text),
    picture: optional(text),
    user_metadata: Metadata,
    app_metadata: Metadata,
  }),
})

const Afterwards = Type.Object({
  connection: Connection,
  request: Request,
  secrets: Secrets,
  tenant: Tenant,
  user: User,
})

const PreRoleAssignment = Type.Object({
  actor: Type.Object({ kind: text, id: text }),
  userIds: Type.Array(text),
  roleIds: Type.Array(text),
  scope: text,
  expiresAt: optional(Type.Integer()),
  reason: optional(text),
  secrets: Secrets,
  tenant: Tenant,
})

export const actionEvents = {
  PostLogin,
  CredentialsExchange,
  PreUserRegistration,
  PostUserRegistration: Afterwards,
  PostChangePassword: Afterwards,
  PreRoleAssignment,
} as const

export const EventScriptEvent = Type.Object({
  name: text,
  request: Type.Object({
    api_version: optional(text),
    method: optional(text),
    parameters: optional(Metadata),
    headers: optional(Type.Record(Type.String(), Type.String())),
    payload: optional(Type.Any()),
    content: optional(Type.Any()),
    content_type: optional(text),
    uri: optional(text),
    service: optional(text),
    resource: optional(text),
  }),
  response: optional(
    Type.Object({
      status_code: optional(Type.Integer()),
      content: optional(Type.Any()),
      content_type: optional(text),
      format: optional(Type.Integer()),
      headers: optional(Metadata),
    }),
  ),
  resource: optional(text),
  stop_propagation: optional(Type.Boolean()),
})
