import type { Context } from 'oidc-provider'
import { findPerson, userIsBlocked } from './account.ts'
import { unknownRefreshToken } from './errors.ts'
import { askForSecondFactor } from './mfa-grants.ts'
import { neededFactor } from './needed-factor.ts'
import type { InnerParts } from './parts.ts'
import { audienceOfResource } from './resources.ts'
import { settle } from './settle.ts'
import { recordOf, type SignInRecord } from './sign-in-record.ts'

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
  await requireFactor(parts, ctx, record)
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
  if (client!.rolecall.refreshTokens.isRotating) return true
  await keepAwake(ctx)
  return false
}

/** @throws mfa_required where a role that was given since asks for a second factor */
const requireFactor = async (
  parts: Pick<InnerParts, 'run' | 'pending'>,
  ctx: Context,
  { userId, methods, connectionName, requested, organization }: SignInRecord,
): Promise<void> => {
  const kinds = await neededFactor(parts.run, { userId, methods })
  if (!kinds) return
  const { resource, clientId } = ctx.oidc!.entities.RefreshToken!
  throw await askForSecondFactor(parts, {
    userId,
    kinds: [...kinds],
    asked: {
      clientId,
      scope: requested.join(' '),
      ...(resource !== undefined && { resource }),
      ...(organization && { organization: organization.id }),
    },
    person: { methods, connectionName },
  })
}

/** A token that stays is good for as long again, though never longer than what was granted. */
const keepAwake = async (ctx: Context): Promise<void> => {
  const { client, entities } = ctx.oidc!
  const { idleSeconds, lifetimeSeconds } = client!.rolecall.refreshTokens
  if (idleSeconds >= lifetimeSeconds) return
  const token = entities.RefreshToken!
  const end = entities.Grant!.exp ?? token.exp
  token.exp = Math.min(end, Math.floor(Date.now() / 1000) + idleSeconds)
  await token.save()
}
