import type { Provider } from 'oidc-provider'
import type { JsonObject } from '#core/json.ts'
import { allowedClaims } from './claims.ts'
import type { SignInRecord } from './sign-in-record.ts'

/**
 * Gives ID tokens what the sign-in settled: claims of scripts, the organization, the session. The provider's own way
 * lets through only claims that its configuration names, and scripts choose theirs as they like.
 * @see specs: §2.3 of the Auth0 dialect
 */
export const tailorIdTokens = (provider: Provider): void => {
  provider.IdToken.prototype.payload = async function () {
    const record = this.ctx?.state.record as SignInRecord | undefined
    const { acr: _acr, amr: _amr, auth_time: _time, ...claims } = this.available
    const { sid: _sid, ...extra } = this.extra
    return defined({
      ...(record && allowedClaims(record.changes.idTokenClaims)),
      ...claims,
      ...(record?.organization && {
        org_id: record.organization.id,
        org_name: record.organization.name,
      }),
      ...(record?.sessionId !== undefined && { sid: record.sessionId }),
      ...(record?.authTime !== undefined && { auth_time: record.authTime }),
      ...extra,
    })
  }
}

const defined = (claims: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
