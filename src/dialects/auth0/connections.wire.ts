import Type, { type Static } from 'typebox'
import { type Connection, databaseStrategy } from '#core/connections/connection.ts'
import type { CreateConnection } from '#core/connections/create.ts'
import type { EnableConnection, UpdateConnection } from '#core/connections/update.ts'
import type { JsonObject } from '#core/json.ts'
import { decodeCursor, encodeCursor, equal, every, type Filter } from '#core/listing.ts'
import { present } from './extensions.ts'
import { FieldsQuery } from './fields.ts'
import { encodeConnectionId } from './ids.ts'
import { CheckpointQuery } from './paging.ts'

const Anything = Type.Object({}, { additionalProperties: true })
const nullable = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const Ids = Type.Array(Type.String({ minLength: 1 }), { maxItems: 10_000 })

/** What this dialect alone knows of a connection. */
const stored = {
  is_domain_connection: Type.Optional(Type.Boolean()),
  show_as_button: Type.Optional(Type.Boolean()),
  realms: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 10 })),
  metadata: Type.Optional(
    Type.Object({}, { maxProperties: 10, additionalProperties: Type.String({ maxLength: 255 }) }),
  ),
  authentication: Type.Optional(Anything),
  connected_accounts: Type.Optional(Anything),
  cross_app_access_requesting_app: Type.Optional(Anything),
  cross_app_access_resource_app: nullable(Anything),
}
type StoredField = keyof typeof stored

export const NewConnection = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: '^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$',
      description: 'The name of the connection.',
    }),
    strategy: Type.String({ minLength: 1, maxLength: 64, description: 'The identity provider identifier.' }),
    display_name: Type.Optional(Type.String({ maxLength: 128 })),
    options: Type.Optional(Anything),
    enabled_clients: Type.Optional(Ids),
    ...stored,
  },
  { additionalProperties: false },
)

export const ConnectionChanges = Type.Object(
  {
    display_name: nullable(Type.String({ maxLength: 128 })),
    options: nullable(Anything),
    enabled_clients: nullable(Ids),
    ...stored,
  },
  { additionalProperties: false },
)

/** All optional, because clients may ask for some fields only. @see specs: §1.10 of the Auth0 dialect */
export const WireConnection = Type.Object({
  id: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  display_name: Type.Optional(Type.String()),
  strategy: Type.Optional(Type.String()),
  options: Type.Optional(Anything),
  enabled_clients: Type.Optional(Type.Array(Type.String())),
  ...stored,
})

export const ConnectionQuery = Type.Object({
  ...CheckpointQuery,
  ...FieldsQuery,
  strategy: Type.Optional(Type.Array(Type.String(), { maxItems: 100, description: 'Strategies to list.' })),
  name: Type.Optional(Type.String({ description: 'The name of the connection to retrieve.' })),
})

export const connectionFilter = ({ strategy, name }: Static<typeof ConnectionQuery>): Filter | undefined =>
  every(strategy && { field: 'strategy', in: strategy }, name === undefined ? undefined : equal('name', name))

const decodeStored = (body: { [Field in StoredField]?: unknown }): JsonObject =>
  Object.fromEntries(
    Object.keys(stored).flatMap((field) => {
      const value = body[field as StoredField]
      return value === undefined ? [] : [[field, value]]
    }),
  ) as JsonObject

export const decodeNewConnection = (body: Static<typeof NewConnection>): CreateConnection => ({
  name: body.name,
  strategy: body.strategy,
  ...(body.display_name !== undefined && { displayName: body.display_name }),
  ...(body.options !== undefined && { options: body.options as JsonObject }),
  ...(body.enabled_clients !== undefined && { applicationIds: body.enabled_clients }),
  extensions: { auth0: present(decodeStored(body)) },
})

export const decodeConnectionChanges = (
  connectionId: string,
  body: Static<typeof ConnectionChanges>,
): UpdateConnection => ({
  connectionId,
  changes: {
    ...(body.display_name !== undefined && { displayName: body.display_name ?? undefined }),
    ...(body.options && { options: body.options as JsonObject }),
    ...(body.enabled_clients !== undefined && { applicationIds: body.enabled_clients ?? [] }),
    extensions: { auth0: decodeStored(body) },
  },
})

/** What the deploy CLI takes for granted, and so writes back. */
const databaseDefaults = { disable_self_service_change_password: false }

export const encodeConnection = (connection: Connection): Static<typeof WireConnection> => ({
  is_domain_connection: false,
  realms: [connection.name],
  authentication: { active: true },
  connected_accounts: { active: false },
  ...connection.extensions.auth0,
  id: encodeConnectionId(connection.id),
  name: connection.name,
  ...(connection.displayName !== undefined && { display_name: connection.displayName }),
  strategy: connection.strategy,
  options: { ...(connection.strategy === databaseStrategy && databaseDefaults), ...connection.options },
  enabled_clients: [...connection.applicationIds],
})

export const EnabledClientsQuery = Type.Object({
  take: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  from: Type.Optional(Type.String()),
})

export const EnabledClients = Type.Object({
  clients: Type.Array(Type.Object({ client_id: Type.String() })),
  next: Type.Optional(Type.String()),
})

/** The ids are a list of their own, so that a checkpoint is a place in it. @throws invalid_cursor */
export const encodeEnabledClients = (
  { applicationIds }: Connection,
  { take = 50, from }: Static<typeof EnabledClientsQuery>,
): Static<typeof EnabledClients> => {
  const [start = 0] = from ? (decodeCursor(from, ['number']) as number[]) : []
  const end = Math.max(start, 0) + take
  return {
    clients: applicationIds.slice(Math.max(start, 0), end).map((client_id) => ({ client_id })),
    ...(end < applicationIds.length && { next: encodeCursor([end]) }),
  }
}

export const EnabledClientChanges = Type.Array(
  Type.Object(
    { client_id: Type.String({ minLength: 1 }), status: Type.Boolean() },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 50 },
)

export const decodeEnabledClients = (
  connectionId: string,
  changes: Static<typeof EnabledClientChanges>,
): EnableConnection => ({
  connectionId,
  applications: changes.map(({ client_id, status }) => ({ applicationId: client_id, isEnabled: status })),
})
