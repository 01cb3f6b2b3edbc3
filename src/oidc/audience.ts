import { managementApiId } from '#core/apis/built-in.ts'
import { managementApiIdentifier } from '#core/bootstrap.ts'

/**
 * What Auth0's clients call `audience` is a `resource` to the provider, which insists on a URI (RFC 8707 §2) where an
 * API may be known by any text. So audiences travel as URNs.
 */
const prefix = 'urn:rolecall:audience:'

export const resourceOf = (audience: string): string => `${prefix}${encodeURIComponent(audience)}`

export const audienceOf = (resource: string): string => decodeURIComponent(resource.slice(prefix.length))

const managementPath = 'api/v2/'

/** How the API of an audience is found. The Management API is known by each of our own names. */
export const apiOf = (
  audience: string,
  issuers: ReadonlySet<string>,
): { id: string } | { identifier: string } | undefined => {
  const isManagement =
    audience.endsWith(managementPath) && issuers.has(audience.slice(0, -managementPath.length))
  if (isManagement) return { id: managementApiId }
  // The stored identifier only keeps others from taking it; no token is ever for it.
  return audience === managementApiIdentifier ? undefined : { identifier: audience }
}
