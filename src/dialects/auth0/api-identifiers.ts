import type { Api } from '#core/apis/api.ts'
import { managementApiId } from '#core/apis/built-in.ts'
import { managementApiIdentifier } from '#core/bootstrap.ts'

export type Issuers = ReadonlySet<string>

const managementPath = 'api/v2/'

/** The Management API is known by the host that is asked; every other API by what it was given. */
export const encodeApiIdentifier = (api: Pick<Api, 'id' | 'identifier'>, issuer: string): string =>
  api.id === managementApiId ? `${issuer}${managementPath}` : api.identifier

/** The identifier as it is stored: any of our own names means the one Management API. */
export const decodeApiIdentifier = (identifier: string, issuers: Issuers): string =>
  isManagementIdentifier(identifier, issuers) ? managementApiIdentifier : identifier

export const isManagementIdentifier = (identifier: string, issuers: Issuers): boolean =>
  identifier.endsWith(managementPath) && issuers.has(identifier.slice(0, -managementPath.length))
