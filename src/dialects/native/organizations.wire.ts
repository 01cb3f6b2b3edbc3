import Type, { type Static } from 'typebox'
import { type Listing, searchIn } from '#core/listing.ts'
import type { EnabledConnection } from '#core/organizations/connections.ts'
import type { CreateOrganization } from '#core/organizations/create.ts'
import type { Organization } from '#core/organizations/organization.ts'
import type { UpdateOrganization } from '#core/organizations/update.ts'
import { encodeInstant, Instant } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const fields = {
  name: Type.String({ pattern: '^[a-z0-9_-]{1,50}$' }),
  displayName: Type.String({ minLength: 1, maxLength: 255 }),
  metadata: Metadata,
}

export const ConnectionSettings = Type.Partial(
  Type.Object({
    assignsMembershipOnLogin: Type.Boolean({ description: 'Who signs in this way becomes a member.' }),
    isSignupEnabled: Type.Boolean({ description: 'People may register this way.' }),
    showsAsButton: Type.Boolean(),
  }),
  { additionalProperties: false },
)

export const NewOrganization = Type.Object(
  {
    ...Type.Partial(Type.Object(fields)).properties,
    name: fields.name,
    connections: Type.Optional(
      Type.Array(
        Type.Object(
          { connectionId: Type.String({ minLength: 1, maxLength: 300 }), ...ConnectionSettings.properties },
          { additionalProperties: false },
        ),
        { maxItems: 100 },
      ),
    ),
  },
  { additionalProperties: false },
)

export const OrganizationChanges = Type.Partial(Type.Object(fields), {
  additionalProperties: false,
  minProperties: 1,
  description: 'Metadata is replaced whole.',
})

export const WireOrganization = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  name: Type.String(),
  displayName: Type.String(),
  metadata: Metadata,
  createdAt: Instant,
  updatedAt: Instant,
})

export const WireOrganizationConnection = Type.Object({
  connectionId: Type.String(),
  name: Type.String(),
  strategy: Type.String(),
  assignsMembershipOnLogin: Type.Boolean(),
  isSignupEnabled: Type.Boolean(),
  showsAsButton: Type.Boolean(),
})

export const OrganizationQuery = Type.Object({
  ...PageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or display name.' })),
  ...orderBy('createdAt', 'name', 'displayName', 'updatedAt'),
})

export const decodeOrganizationQuery = (query: Static<typeof OrganizationQuery>): Listing => {
  const filter = searchIn(['name', 'displayName'], query.search)
  return { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
}

export const decodeNewOrganization = (body: Static<typeof NewOrganization>): CreateOrganization => body

export const decodeOrganizationChanges = (
  organizationId: string,
  changes: Static<typeof OrganizationChanges>,
): UpdateOrganization => ({ organizationId, changes })

export const encodeOrganization = (organization: Organization): Static<typeof WireOrganization> => ({
  ...organization,
  createdAt: encodeInstant(organization.createdAt),
  updatedAt: encodeInstant(organization.updatedAt),
})

export const encodeOrganizationConnection = ({
  connection,
  connectionId,
  assignsMembershipOnLogin,
  isSignupEnabled,
  showsAsButton,
}: EnabledConnection): Static<typeof WireOrganizationConnection> => ({
  connectionId,
  name: connection.name,
  strategy: connection.strategy,
  assignsMembershipOnLogin,
  isSignupEnabled,
  showsAsButton,
})
