import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import type { Order } from '#core/listing.ts'
import type { CreateOrganization } from '#core/organizations/create.ts'
import type { UpdateOrganization } from '#core/organizations/update.ts'
import { WireError } from './errors.ts'
import { present } from './extensions.ts'
import { requireOrganizationId } from './ids.ts'
import { decodeEnabledConnection, NewEnabledConnection } from './organization-connections.wire.ts'

/** What clients write of an organization. @see specs: §1.13 of the Auth0 dialect */

const colour = Type.Optional(Type.String({ maxLength: 100 }))

/** What this dialect alone knows of an organization. */
const stored = {
  branding: Type.Optional(
    Type.Object(
      {
        logo_url: Type.Optional(Type.String({ format: 'uri', maxLength: 2048 })),
        colors: Type.Optional(
          Type.Object({ primary: colour, page_background: colour }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
  ),
  third_party_client_access: Type.Optional(Type.Union([Type.Literal('block'), Type.Literal('allow')])),
  is_app_entitlement_active: Type.Optional(Type.Boolean()),
}

const fields = {
  name: Type.String({
    minLength: 1,
    maxLength: 50,
    pattern: '^[a-z0-9_-]+$',
    description: 'The name of this organization.',
  }),
  display_name: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'Friendly name of this organization.',
  }),
  metadata: Type.Object(
    {},
    {
      maxProperties: 25,
      additionalProperties: Type.Union([Type.String({ maxLength: 255 }), Type.Null()]),
      description: 'Metadata of the organization: 25 texts at most, each of 255 characters at most.',
    },
  ),
}

export const NewOrganization = Type.Object(
  {
    name: fields.name,
    display_name: Type.Optional(fields.display_name),
    metadata: Type.Optional(fields.metadata),
    enabled_connections: Type.Optional(Type.Array(NewEnabledConnection, { maxItems: 100 })),
    ...stored,
  },
  { additionalProperties: false },
)

export const OrganizationChanges = Type.Object(
  { ...Type.Partial(Type.Object(fields)).properties, ...stored },
  { additionalProperties: false },
)

const decodeStored = (body: { [Field in keyof typeof stored]?: unknown }): JsonObject =>
  Object.fromEntries(
    (Object.keys(stored) as (keyof typeof stored)[]).flatMap((field) => {
      const value = body[field]
      return value === undefined ? [] : [[field, value]]
    }),
  ) as JsonObject

export const decodeNewOrganization = (body: Static<typeof NewOrganization>): CreateOrganization => ({
  name: body.name,
  ...(body.display_name !== undefined && { displayName: body.display_name }),
  ...(body.metadata && { metadata: present(body.metadata as JsonObject) }),
  ...(body.enabled_connections && { connections: body.enabled_connections.map(decodeEnabledConnection) }),
  extensions: { auth0: decodeStored(body) },
})

export const decodeOrganizationChanges = (
  wireId: string,
  body: Static<typeof OrganizationChanges>,
): UpdateOrganization => ({
  organizationId: requireOrganizationId(wireId),
  changes: {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.display_name !== undefined && { displayName: body.display_name }),
    ...(body.metadata && { metadata: present(body.metadata as JsonObject) }),
    extensions: { auth0: decodeStored(body) },
  },
})

const sortable: Readonly<Record<string, string>> = {
  name: 'name',
  display_name: 'displayName',
  created_at: 'createdAt',
}

/** Reads `name:1` and the like; the oldest first when nothing is asked for. */
export const decodeOrganizationSort = (sort: string | undefined): { order?: Order[] } => {
  if (sort === undefined) return {}
  const [, name = '', direction] = /^([a-z_]{1,20}):(-?1)$/u.exec(sort) ?? []
  const field = Object.hasOwn(sortable, name) ? sortable[name] : undefined
  if (field === undefined) {
    const message = "Query validation error: 'Expected name:1 or name:-1' on property sort."
    throw new WireError(400, message, 'invalid_query_string')
  }
  return { order: [{ field, direction: direction === '1' ? 'ascending' : 'descending' }] }
}
