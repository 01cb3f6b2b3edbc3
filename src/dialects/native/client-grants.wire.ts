import Type, { type Static } from 'typebox'
import type {
  ClientGrantOfApi,
  CreateClientGrant,
  ListClientGrants,
  UpdateClientGrant,
} from '#core/applications/grants.ts'
import { equal, every } from '#core/listing.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Id = Type.String({ minLength: 1, maxLength: 600 })
const SubjectType = Type.Enum(['client', 'user'], {
  description: 'Whether it holds for the application itself or for people who use it.',
})
const reach = {
  permissions: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 280 }), { maxItems: 1000, description: 'Complete.' }),
  ),
  allowsAll: Type.Optional(Type.Boolean({ description: 'All permissions, those added later included.' })),
}

export const NewClientGrant = Type.Object(
  {
    applicationId: Id,
    api: Type.String({ minLength: 1, maxLength: 600, description: 'The id or the identifier of the API.' }),
    ...reach,
    subjectType: Type.Optional(SubjectType),
  },
  { additionalProperties: false },
)

export const ClientGrantChanges = Type.Object(reach, { additionalProperties: false, minProperties: 1 })

export const WireClientGrant = Type.Object({
  id: Type.String(),
  applicationId: Type.String(),
  apiId: Type.String(),
  apiIdentifier: Type.String(),
  permissions: Type.Array(Type.String()),
  allowsAll: Type.Boolean(),
  subjectType: SubjectType,
  createdAt: Instant,
  updatedAt: Instant,
})

export const ClientGrantQuery = Type.Object({
  ...PageQuery,
  applicationId: Type.Optional(Id),
  api: Type.Optional(Id),
  subjectType: Type.Optional(SubjectType),
  ...orderBy('createdAt', 'updatedAt'),
})

export const decodeClientGrantQuery = (query: Static<typeof ClientGrantQuery>): ListClientGrants => {
  const { applicationId, api, subjectType } = query
  const filter = every(
    applicationId === undefined ? undefined : equal('applicationId', applicationId),
    subjectType === undefined ? undefined : equal('subjectType', subjectType),
  )
  const listing = { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
  return { listing, ...(api !== undefined && { api }) }
}

export const decodeNewClientGrant = (body: Static<typeof NewClientGrant>): CreateClientGrant => body

export const decodeClientGrantChanges = (
  grantId: string,
  changes: Static<typeof ClientGrantChanges>,
): UpdateClientGrant => ({ grantId, changes })

export const encodeClientGrant = ({ api, ...grant }: ClientGrantOfApi): Static<typeof WireClientGrant> => ({
  ...grant,
  apiIdentifier: api.identifier,
  permissions: [...grant.permissions],
  createdAt: encodeInstant(grant.createdAt),
  updatedAt: encodeInstant(grant.updatedAt),
})
