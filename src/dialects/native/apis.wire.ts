import Type, { type Static } from 'typebox'
import type { Api, ApiPermission, ApiWithPermissions } from '#core/apis/api.ts'
import type { CreateApi } from '#core/apis/create.ts'
import type { UpdateApi } from '#core/apis/update.ts'
import { equal, every, type Listing, searchIn } from '#core/listing.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Lifetime = Type.Integer({ minimum: 0, maximum: 2_592_000 })

const algorithms: Api['signingAlgorithm'][] = ['RS256', 'RS512', 'PS256', 'ES256', 'HS256']
const tokenDialects: NonNullable<Api['tokenDialect']>[] = [
  'access_token',
  'access_token_authz',
  'rfc9068_profile',
  'rfc9068_profile_authz',
]

const settings = {
  name: Type.String({ minLength: 1, maxLength: 600 }),
  signingAlgorithm: Type.Enum(algorithms),
  tokenLifetimeSeconds: Lifetime,
  webTokenLifetimeSeconds: Lifetime,
  allowsOfflineAccess: Type.Boolean(),
}
const undecided = {
  enforcesPermissions: Type.Boolean({
    description: 'Whether tokens carry only the scopes that the permissions of their user cover.',
  }),
  tokenDialect: Type.Enum(tokenDialects),
}

const PermissionName = Type.String({ minLength: 1, maxLength: 280 })
const Description = Type.String({ maxLength: 1000 })
const Permissions = Type.Array(
  Type.Object(
    { name: PermissionName, description: Type.Optional(Description) },
    { additionalProperties: false },
  ),
  { maxItems: 1000 },
)

export const NewApi = Type.Object(
  {
    ...Type.Partial(Type.Object({ ...settings, ...undecided })).properties,
    identifier: Type.String({ minLength: 1, maxLength: 600, description: 'The `aud` of its tokens.' }),
    permissions: Type.Optional(Permissions),
  },
  { additionalProperties: false },
)

export const ApiChanges = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    enforcesPermissions: Type.Optional(Type.Union([undecided.enforcesPermissions, Type.Null()])),
    tokenDialect: Type.Optional(Type.Union([undecided.tokenDialect, Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1, description: '`null` goes back to undecided.' },
)

const WirePermission = Type.Object({ name: Type.String(), description: Type.String() })

export const WireApi = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  identifier: Type.String(),
  ...settings,
  ...Type.Partial(Type.Object(undecided)).properties,
  isBuiltIn: Type.Boolean(),
  permissions: Type.Array(WirePermission),
  createdAt: Instant,
  updatedAt: Instant,
})

export const WireApiPermission = Type.Object({ apiId: Type.String(), ...WirePermission.properties })

export const ApiQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or identifier.' })),
  builtIn: Type.Optional(Type.Boolean()),
  ...orderBy('createdAt', 'name', 'updatedAt'),
})

export const ApiPermissionQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or description.' })),
  ...orderBy('name'),
})

export const ApiPermissionBody = Type.Object(
  { description: Type.Optional(Description) },
  { additionalProperties: false },
)

export const decodeApiQuery = (query: Static<typeof ApiQuery>): Listing => {
  const filter = every(
    searchIn(['name', 'identifier'], query.search),
    query.builtIn === undefined ? undefined : equal('isBuiltIn', query.builtIn),
  )
  return { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
}

export const decodeApiPermissionQuery = (query: Static<typeof ApiPermissionQuery>): Listing => {
  const filter = searchIn(['name', 'description'], query.search)
  return { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
}

export const decodeNewApi = (body: Static<typeof NewApi>): CreateApi => body

export const decodeApiChanges = (
  api: string,
  { enforcesPermissions, tokenDialect, ...changes }: Static<typeof ApiChanges>,
): UpdateApi => ({
  api,
  changes: {
    ...changes,
    ...(enforcesPermissions !== undefined && { enforcesPermissions: enforcesPermissions ?? undefined }),
    ...(tokenDialect !== undefined && { tokenDialect: tokenDialect ?? undefined }),
  },
})

export const encodeApi = ({ permissions, ...api }: ApiWithPermissions): Static<typeof WireApi> => ({
  ...api,
  permissions: permissions.map(({ name, description }) => ({ name, description })),
  createdAt: encodeInstant(api.createdAt),
  updatedAt: encodeInstant(api.updatedAt),
})

export const encodeApiPermission = ({
  apiId,
  name,
  description,
}: ApiPermission): Static<typeof WireApiPermission> => ({ apiId, name, description })
