import type { Context } from 'oidc-provider'
import { findPerson, userIsBlocked } from './account.ts'
import { unknownRefreshToken } from './errors.ts'
import type { InnerParts } from './parts.ts'
import { audienceOfResource } from './resources.ts'
import { settle } from './settle.ts'
import { recordOf } from './sign-in-record.ts'

/**
 * The last look before a refresh token is used: scripts run again, as at Auth0, and a password that was changed since
 * ends what was granted before. Nothing is used up when the answer is no.
 * @returns whether the token is replaced by a new one
 */
export const checkRefresh = async (parts: InnerParts, ctx: Context): Promise<boolean> => {
  const { entities, client } = ctx.oidc!
  const { grantId, resource } = entities.RefreshToken!
  const record = await recordOf(parts, ctx, grantId)
  if (!record) throw unknownRefreshToken()
  const user = await findPerson(parts.run, record.userId)
  if (!user) throw unknownRefreshToken()
  if (user.isBlocked) throw userIsBlocked()
  const { provenAt } = record
  if (user.passwordChangedAt !== undefined && user.passwordChangedAt > provenAt) throw unknownRefreshToken()
  // Scripts are told what the token is for, which the provider finds out later.
  ctx.state.audience = resource && (await audienceOfResource(parts, ctx, resource))
  const settled = await settle(parts, ctx, {
    person: {
      userId: record.userId,
      methods: record.methods,
      connectionName: record.connectionName,
      sessionId: record.sessionId,
      authTime: record.authTime,
      authenticatedAt: record.authenticatedAt,
    },
    protocol: 'oauth2-refresh-token',
    gty: record.gty,
    requested: record.requested,
    organization: record.organization?.id,
    parameters: record.parameters,
    provenAt,
  })
  ctx.state.record = settled
  return client!.rolecall.refreshTokens.isRotating
}
