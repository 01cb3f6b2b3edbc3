import { LRUCache } from 'lru-cache'
import type { Application } from '#core/applications/application.ts'
import { secretContext } from '#core/applications/application.ts'
import type { Sealer } from '#crypto/sealing.ts'
import { confidentialGrantTypes, grantTypes } from './grants.ts'

export const clientAuthMethods = ['client_secret_post', 'client_secret_basic', 'none'] as const

export type OpenSecret = (applicationId: string, sealedSecret: string) => string

const openedLimit = 1000

/** Opens secrets of applications, each once: the provider keeps its latest clients with their secrets anyway. */
export const createSecretOpener = (sealer: Pick<Sealer, 'open'>): OpenSecret => {
  const opened = new LRUCache<string, string>({ max: openedLimit })
  return (applicationId, sealedSecret) => {
    const key = `${applicationId} ${sealedSecret}`
    let secret = opened.get(key)
    if (secret === undefined) {
      secret = sealer.open(sealedSecret, secretContext(applicationId))
      opened.set(key, secret)
    }
    return secret
  }
}

/** @see OpenID Connect Dynamic Client Registration 1.0 §2 */
export type ClientMetadata = {
  client_id: string
  client_secret?: string
  token_endpoint_auth_method: string
  grant_types: string[]
  response_types: string[]
  redirect_uris: string[]
}

/**
 * An application in the provider's terms; undefined when it has no way to authenticate that we know. The provider
 * refuses one that should have a secret and has none.
 *
 * NOTE: Callbacks stay out until people sign in through it: the provider refuses a client for one it doesn't like.
 */
export const clientMetadata = (
  { id, sealedSecret, tokenEndpointAuthMethod: method, ...application }: Application,
  openSecret: OpenSecret,
): ClientMetadata | undefined => {
  const isPublic = method === 'none'
  if (!clientAuthMethods.some((known) => known === method)) return undefined
  return {
    client_id: id,
    ...(!isPublic && sealedSecret !== undefined && { client_secret: openSecret(id, sealedSecret) }),
    token_endpoint_auth_method: method,
    grant_types: application.grantTypes.filter(
      (grantType) => grantTypes.has(grantType) && !(isPublic && confidentialGrantTypes.has(grantType)),
    ),
    response_types: [],
    redirect_uris: [],
  }
}
