import Type, { type Static } from 'typebox'
import type { Connection } from '#core/connections/connection.ts'
import type { CreateConnection } from '#core/connections/create.ts'
import type { UpdateConnection } from '#core/connections/update.ts'
import type { JsonObject } from '#core/json.ts'
import { contains, equal, every, type Listing } from '#core/listing.ts'
import { encodeInstant, Instant } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Word = Type.String({ minLength: 1, maxLength: 128 })
const DisplayName = Type.String({ minLength: 1, maxLength: 128 })
const ApplicationIds = Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 1000 })

export const NewConnection = Type.Object(
  {
    name: Word,
    strategy: Type.String({ minLength: 1, maxLength: 64, description: '`auth0` keeps passwords here.' }),
    displayName: Type.Optional(DisplayName),
    options: Type.Optional(Metadata),
    applicationIds: Type.Optional(ApplicationIds),
  },
  { additionalProperties: false },
)

export const ConnectionChanges = Type.Object(
  {
    displayName: Type.Optional(Type.Union([DisplayName, Type.Null()])),
    options: Type.Optional(Metadata),
    applicationIds: Type.Optional(ApplicationIds),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: '`options` and `applicationIds` replace what is there.',
  },
)

export const WireConnection = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  name: Type.String(),
  displayName: Type.Optional(Type.String()),
  strategy: Type.String(),
  options: Type.Unsafe<JsonObject>({ ...Metadata, description: 'Without the secrets among them.' }),
  applicationIds: Type.Array(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
})

export const ConnectionQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name.' })),
  strategy: Type.Optional(Type.String({ maxLength: 64 })),
  applicationId: Type.Optional(
    Type.String({ maxLength: 300, description: 'That this application may use.' }),
  ),
  ...orderBy('createdAt', 'name', 'updatedAt'),
})

export const decodeConnectionQuery = (query: Static<typeof ConnectionQuery>): Listing => {
  const { search, strategy, applicationId } = query
  const filter = every(
    search === undefined || search === '' ? undefined : { ...contains('name', search), ignoreCase: true },
    strategy === undefined ? undefined : equal('strategy', strategy),
    applicationId === undefined ? undefined : equal('applicationIds', applicationId),
  )
  return { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
}

export const decodeNewConnection = (body: Static<typeof NewConnection>): CreateConnection => body

export const decodeConnectionChanges = (
  connectionId: string,
  { displayName, ...changes }: Static<typeof ConnectionChanges>,
): UpdateConnection => ({
  connectionId,
  changes: { ...changes, ...(displayName !== undefined && { displayName: displayName ?? undefined }) },
})

export const encodeConnection = (connection: Connection): Static<typeof WireConnection> => ({
  ...connection,
  options: withoutSecrets(connection.options),
  applicationIds: [...connection.applicationIds],
  createdAt: encodeInstant(connection.createdAt),
  updatedAt: encodeInstant(connection.updatedAt),
})

/** Options are whatever the other provider needs. Its secrets are refused by now; what was kept is not shown. */
const withoutSecrets = (options: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      if (/secret|credential|private_?key|^password$|token$/iu.test(name)) return []
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return [[name, isObject ? withoutSecrets(value) : value]]
    }),
  )
