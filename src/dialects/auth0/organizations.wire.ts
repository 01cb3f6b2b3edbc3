import Type, { type Static } from 'typebox'
import type { Organization } from '#core/organizations/organization.ts'
import { encodeOrganizationId } from './ids.ts'

const Anything = Type.Object({}, { additionalProperties: true })

/** @see specs: §1.13 of the Auth0 dialect */
export const WireOrganization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  display_name: Type.String(),
  branding: Type.Optional(Anything),
  metadata: Type.Optional(Anything),
})

export const encodeOrganization = (organization: Organization): Static<typeof WireOrganization> => {
  const { id, name, displayName, metadata, extensions } = organization
  const branding = extensions.auth0?.branding
  return {
    id: encodeOrganizationId(id),
    name,
    display_name: displayName,
    ...(typeof branding === 'object' && branding !== null && { branding }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}
