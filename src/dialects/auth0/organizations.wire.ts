import Type, { type Static } from 'typebox'
import type { Organization } from '#core/organizations/organization.ts'
import { encodeOrganizationId } from './ids.ts'

const Anything = Type.Object({}, { additionalProperties: true })

export const OrganizationParams = Type.Object({
  id: Type.String({ description: 'Organization identifier.' }),
})

/** @see specs: §1.13 of the Auth0 dialect */
export const WireOrganization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  display_name: Type.String(),
  branding: Type.Optional(Anything),
  metadata: Type.Optional(Anything),
  third_party_client_access: Type.Optional(Type.String()),
  is_app_entitlement_active: Type.Optional(Type.Boolean()),
})

export const encodeOrganization = (organization: Organization): Static<typeof WireOrganization> => {
  const { id, name, displayName, metadata, extensions } = organization
  return {
    ...extensions.auth0,
    id: encodeOrganizationId(id),
    name,
    display_name: displayName,
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}
