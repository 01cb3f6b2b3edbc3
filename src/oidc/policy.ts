import { type Context, interactionPolicy } from 'oidc-provider'
import type { Run } from '#core/operation.ts'
import { type FoundSession, findSession } from '#core/sessions/read.ts'
import { somebody } from './actor.ts'
import { type Consents, coversAll } from './consents.ts'
import { decodeScope } from './grants.ts'
import type { Protocol } from './hooks.ts'
import { neededFactor } from './needed-factor.ts'
import { type SettleParts, settle } from './settle.ts'
import type { SignInRecords } from './sign-in-record.ts'
import { decodeSubject } from './subject.ts'

const { Check, Prompt, base } = interactionPolicy

/** Why somebody who is signed in has to sign in once more, with what a role of his asks for since. */
export const secondFactorReason = 'second_factor_missing'

export type PolicyParts = SettleParts & {
  records: SignInRecords
  consents: Consents
  now: () => number
}

/**
 * What has to be settled before somebody gets a code, in this order: that he signed in here and still is, that he lets
 * the application have what it asks for, and what scripts say about it.
 */
export const createPolicy = (parts: PolicyParts) => {
  const policy = base()
  const login = policy.get('login')
  // In the vendor's words; why exactly is nobody's business but ours.
  for (const check of login.checks) check.description = 'Login required'
  login.checks.add(
    new Check('no_browser_session', 'Login required', 'login_required', async (ctx) =>
      ctx.oidc!.session?.accountId === undefined ? false : (await sessionOf(parts.run, ctx)) === undefined,
    ),
  )
  login.checks.add(
    new Check(
      secondFactorReason,
      'Multifactor authentication required',
      'interaction_required',
      async (ctx) => {
        const found = await sessionOf(parts.run, ctx)
        if (!found) return false
        const { methods = [] } = dataOf(found)
        return (await neededFactor(parts.run, { userId: found.user.id, methods })) !== undefined
      },
    ),
  )
  return [
    login,
    new Prompt(
      { name: 'consent', requestable: true },
      new Check('not_consented', 'consent is required', 'consent_required', (ctx) =>
        needsConsent(parts.consents, ctx),
      ),
    ),
    new Prompt(
      { name: 'sign_in', requestable: false },
      new Check('not_settled', 'interaction is required', 'interaction_required', async (ctx) => {
        await finish(parts, ctx)
        return false
      }),
    ),
  ]
}

/** What the pages keep with a session of a browser. */
const dataOf = ({ session }: FoundSession) =>
  session.data as { methods?: { name: string; at: number }[]; connection?: string }

/** The session of this browser, if it is the one that the provider's cookie speaks of; undefined once it has ended. */
export const sessionOf = async (run: Run, ctx: Context): Promise<FoundSession | undefined> => {
  const { sessionSecret: secret } = ctx.state
  const subject = ctx.oidc!.session?.accountId
  if (typeof secret !== 'string' || subject === undefined) return undefined
  ctx.state.foundSession ??= (await run(findSession, { secret }, somebody)) ?? null
  const found = ctx.state.foundSession as FoundSession | null
  return found?.user.id === decodeSubject(subject) ? found : undefined
}

const needsConsent = async (consents: Consents, ctx: Context): Promise<boolean> => {
  const { client, session, params } = ctx.oidc!
  if (client!.rolecall.isFirstParty) return false
  const given = await consents.find(session!.accountId!, client!.clientId)
  return !coversAll(given, { audience: params.resource, scopes: decodeScope(params.rolecall_scope) })
}

/** Keeps what was settled where the tokens find it: under the grant, which is one for each sign-in. */
const finish = async (parts: PolicyParts, ctx: Context): Promise<void> => {
  const { client, session, grant, params, prompts, route } = ctx.oidc!
  const found = await sessionOf(parts.run, ctx)
  const isDevice = /^(?:code|device)_/u.test(route)
  const { methods = [], connection } = found ? dataOf(found) : {}
  const wantsAuthTime = params.max_age !== undefined || prompts.has('login')
  const record = await settle(parts, ctx, {
    person: {
      userId: decodeSubject(session!.accountId!),
      methods,
      connectionName: connection,
      sessionId: found?.session.id,
      authTime: wantsAuthTime ? session!.loginTs : undefined,
      authenticatedAt: session!.loginTs,
    },
    protocol: isDevice ? 'oauth2-device-code' : protocolOf(params.response_type),
    gty: [],
    requested: decodeScope(params.rolecall_scope),
    organization: params.organization,
    parameters: parametersOf(params),
  })
  await grant!.save()
  const { lifetimeSeconds } = client!.rolecall.refreshTokens
  await parts.records.put(grant!.jti, record, parts.now() + lifetimeSeconds * 1000)
  ctx.state.record = record
}

const protocolOf = (responseType = 'code'): Protocol =>
  responseType === 'code'
    ? 'oidc-basic-profile'
    : responseType.includes('code')
      ? 'oidc-hybrid-profile'
      : 'oidc-implicit-profile'

const told = [
  'login_hint',
  'ui_locales',
  'acr_values',
  'prompt',
  'redirect_uri',
  'response_mode',
  'response_type',
  'state',
  'screen_hint',
  'connection',
] as const

const parametersOf = (params: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(told.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])))
