import type { Context, Provider } from 'oidc-provider'
import { findConnectionForSignIn } from '#core/connections/for-sign-in.ts'
import { DomainError } from '#core/refusals.ts'
import type { GivenFactor } from '#core/second-factors/second-factor.ts'
import { checkSecondFactor } from '#core/second-factors/step-up.ts'
import { getSettings } from '#core/settings/settings.ts'
import { verifySignInCode } from '#core/sign-in/code.ts'
import { signIn } from '#core/sign-in/sign-in.ts'
import { randomToken } from '#crypto/digests.ts'
import { me, somebody } from './actor.ts'
import { missingParameter, OAuthRefusal, refusedSignIn, secondFactorNeeded } from './errors.ts'
import {
  baseScope,
  decodeScope,
  emailCodeGrant,
  encodeScope,
  offlineScope,
  otpGrant,
  passwordRealmGrant,
  recoveryCodeGrant,
} from './grants.ts'
import type { Protocol } from './hooks.ts'
import {
  askForSecondFactor,
  factorShown,
  forgetMfaToken,
  recallAsked,
  unknownMfaToken,
} from './mfa-grants.ts'
import { neededFactor } from './needed-factor.ts'
import type { InnerParts } from './parts.ts'
import type { PendingRefresh } from './pending-sign-in.ts'
import { type Audience, defaultResource, mayRefresh, resourceServer } from './resources.ts'
import { type ProvenPerson, type RequestFacts, settle } from './settle.ts'
import { encodeSubject } from './subject.ts'

/** Who it is, by what came with the request. */
type Prove = (parts: InnerParts, ctx: Context) => Promise<ProvenPerson>

type DirectGrant = {
  name: string
  gty: string
  protocol: Protocol
  parameters: readonly string[]
  /** Where what is asked for came with an earlier request. */
  recall?: (parts: InnerParts, ctx: Context) => Promise<unknown>
  prove: Prove
}

const byPassword: Prove = async (parts, ctx) => {
  const { username, password, realm } = ctx.oidc!.params
  if (!username) throw missingParameter('username')
  if (!password) throw missingParameter('password')
  const connectionName = realm ?? (await defaultDirectory(parts.run))
  return checkPassword(parts, ctx, { login: username, password, connectionName })
}

/** The password that waited and the code together, as the domain wants them. */
const bySecondFactor =
  (kind: 'totp' | 'recovery-code'): Prove =>
  async (parts, ctx) => {
    const secondFactor = factorShown(ctx, kind)
    const waiting = await recallAsked(parts, ctx)
    const person = await ('password' in waiting
      ? checkPassword(parts, ctx, { ...waiting, ...waiting.asked, secondFactor })
      : checkFactor(parts, waiting, secondFactor))
    await forgetMfaToken(parts, ctx.oidc!.params.mfa_token!)
    return { ...person, methods: [...person.methods, { name: 'mfa', at: parts.now() }] }
  }

/** Of somebody whose refresh token waits for it. */
const checkFactor = async (
  { run }: InnerParts,
  { userId, person }: PendingRefresh,
  secondFactor: GivenFactor,
): Promise<ProvenPerson> => {
  const shown = await run(checkSecondFactor, { userId, secondFactor }, me)
  if (shown === 'none') throw unknownMfaToken()
  if (shown !== 'shown') throw refusedSignIn(shown)
  return { userId, ...person }
}

type ShownPassword = {
  login: string
  password: string
  connectionName: string
  secondFactor?: GivenFactor
}

const checkPassword = async (
  parts: InnerParts,
  ctx: Context,
  { login, password, connectionName, secondFactor }: ShownPassword,
): Promise<ProvenPerson> => {
  const { run, now } = parts
  const applicationId = ctx.oidc!.client!.clientId
  const { ip, userAgent } = ctx.state.request as RequestFacts
  if (!(await run(findConnectionForSignIn, { name: connectionName, applicationId }, me))) {
    throw new OAuthRefusal(403, 'access_denied', `unknown or disabled connection: ${connectionName}`)
  }
  const result = await run(
    signIn,
    {
      login: { emailOrUsername: login },
      password,
      connectionName,
      applicationId,
      ...(secondFactor && { secondFactor }),
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
    },
    somebody,
  )
  if (result.ok) {
    return { userId: result.user.id, connectionName, methods: [{ name: 'pwd', at: now() }] }
  }
  const { refusal } = result
  if (refusal.code !== 'second_factor_required') throw refusedSignIn(refusal)
  const { resource, organization } = ctx.oidc!.params
  const scope = ctx.state.requestedScope as string | undefined
  throw await askForSecondFactor(parts, {
    userId: refusal.userId,
    login,
    password,
    kinds: [...refusal.kinds],
    asked: {
      clientId: applicationId,
      connectionName,
      ...(resource !== undefined && { resource }),
      ...(organization !== undefined && { organization }),
      ...(scope !== undefined && { scope }),
    },
  })
}

const byEmailCode: Prove = async ({ run, now }, ctx) => {
  const { params, client } = ctx.oidc!
  const { username: email, otp, realm = 'email' } = params
  if (!email) throw missingParameter('username')
  if (!otp) throw missingParameter('otp')
  if (realm !== 'email') throw new OAuthRefusal(403, 'invalid_request', `unknown realm: ${realm}`)
  const { ip, userAgent } = ctx.state.request as RequestFacts
  const result = await run(
    verifySignInCode,
    {
      email,
      secret: otp,
      applicationId: client!.clientId,
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
    },
    somebody,
  )
  if (!result.ok) throw refusedSignIn(result.refusal)
  return { userId: result.user.id, connectionName: 'email', methods: [{ name: 'email', at: now() }] }
}

/** @throws server_error when the workspace names none */
const defaultDirectory = async (run: InnerParts['run']): Promise<string> => {
  const { default_directory: name } = await run(getSettings, { name: 'auth0-tenant' }, me)
  if (typeof name === 'string' && name !== '') return name
  throw new OAuthRefusal(500, 'server_error', 'Authorization server not configured with default connection.')
}

const directGrants: readonly DirectGrant[] = [
  {
    name: 'password',
    gty: 'password',
    protocol: 'oauth2-password',
    parameters: ['username', 'password'],
    prove: byPassword,
  },
  {
    name: passwordRealmGrant,
    gty: 'password',
    protocol: 'oauth2-password',
    parameters: ['username', 'password', 'realm'],
    prove: async (parts, ctx) => {
      if (!ctx.oidc!.params.realm) throw missingParameter('realm')
      return byPassword(parts, ctx)
    },
  },
  {
    name: emailCodeGrant,
    gty: 'passwordless',
    protocol: 'oauth2-passwordless',
    parameters: ['username', 'otp', 'realm'],
    prove: byEmailCode,
  },
  {
    name: otpGrant,
    gty: 'password',
    protocol: 'oauth2-password',
    parameters: ['mfa_token', 'otp'],
    recall: recallAsked,
    prove: bySecondFactor('totp'),
  },
  {
    name: recoveryCodeGrant,
    gty: 'password',
    protocol: 'oauth2-password',
    parameters: ['mfa_token', 'recovery_code'],
    recall: recallAsked,
    prove: bySecondFactor('recovery-code'),
  },
]

/** Grants where what proves somebody comes with the very request for tokens. */
export const registerPasswordGrants = (provider: Provider, parts: InnerParts, issuer: string): void => {
  for (const grant of directGrants) {
    const parameters = new Set([...grant.parameters, 'scope', 'resource', 'organization'])
    provider.registerGrantType(grant.name, (ctx) => answer(provider, parts, issuer, grant, ctx), parameters)
  }
}

const answer = async (
  provider: Provider,
  parts: InnerParts,
  issuer: string,
  { gty, protocol, recall, prove }: DirectGrant,
  ctx: Context,
): Promise<void> => {
  const { client, params } = ctx.oidc!
  await recall?.(parts, ctx)
  const resource = params.resource ?? (await defaultResource(parts, issuer)(ctx))
  // Before the password is looked at: what can't be had does not count as somebody's sign-in.
  const info = await resourceServer(parts, await parts.keyRing.signingKeys())(ctx, resource)
  const person = await prove(parts, ctx)
  // A rule may have given him a role that asks for one, by this very sign-in.
  if (await neededFactor(parts.run, person)) throw secondFactorNeeded()
  const requested = decodeScope(ctx.state.requestedScope as string | undefined)
  const record = await settle(parts, ctx, {
    person,
    protocol,
    gty: [gty],
    requested,
    organization: params.organization,
  })
  ctx.state.record = record
  const accountId = encodeSubject(person.userId)
  const grant = new provider.Grant({ accountId, clientId: client!.clientId })
  grant.jti = randomToken()
  const scope = encodeScope(requested.join(' '))
  grant.addOIDCScope(scope)
  await grant.save()
  const { lifetimeSeconds } = client!.rolecall.refreshTokens
  await parts.signIns.put(grant.jti, record, parts.now() + lifetimeSeconds * 1000)
  ctx.oidc!.entity('Grant', grant)

  const common = { accountId, client, grantId: grant.jti, gty }
  const token = new provider.AccessToken(common)
  token.resourceServer = new provider.ResourceServer(resource, info)
  token.scope = baseScope
  const accessToken = await token.save()
  const mayRepeat = requested.includes('offline_access') && mayRefresh(ctx, ctx.state.audience as Audience)
  const refreshToken = mayRepeat
    ? await new provider.RefreshToken({
        ...common,
        resource,
        rotations: 0,
        scope: `${scope.includes(offlineScope) ? scope : `${scope} ${offlineScope}`}`,
      }).save()
    : undefined
  ctx.body = {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(requested.includes('openid') && {
      id_token: await idToken(provider, parts, ctx, accountId, requested),
    }),
    expires_in: token.expiration,
    token_type: 'Bearer',
  }
}

const idToken = async (
  provider: Provider,
  parts: InnerParts,
  ctx: Context,
  accountId: string,
  requested: readonly string[],
): Promise<string> => {
  const account = await parts.findAccount(ctx, accountId)
  if (!account) throw new DomainError({ code: 'not_found', kind: 'user', id: accountId })
  const available = await account.claims('id_token', requested.join(' '))
  return new provider.IdToken(available, { ctx }).issue({ use: 'idtoken' })
}
