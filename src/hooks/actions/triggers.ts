import { systemActor } from '#core/actor.ts'
import { readFacts } from '#core/hooks/facts.ts'
import { changeRolesByHook } from '#core/hooks/give-roles.ts'
import type { Runnable } from '#core/hooks/running.ts'
import { readBoundHooks } from '#core/hooks/running.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import type { Role } from '#core/roles/role.ts'
import type { Amendments, Before } from '#core/triggers.ts'
import { updateUser } from '#core/users/update.ts'
import type { Recorder } from '../recorder.ts'
import type { Handle } from '../sandbox/run-result.ts'
import type { CallScript } from '../scripts.ts'
import { type ChainOutcome, runChain } from './chain.ts'
import type { Cache, Effects } from './effects.ts'
import {
  credentialsExchangeEvent,
  type EncodeUser,
  type ExchangeContext,
  type LoginContext,
  postLoginEvent,
  preAssignEvent,
  preRegisterEvent,
} from './events.ts'

export type ActionParts = {
  run: Run
  call: CallScript
  recorder: Recorder
  encodeUser: EncodeUser
  /** The issuer that stands for the server where no request says which. */
  canonicalIssuer(): string
  now: () => number
  newId: () => string
  /** Whether what is asked for comes out of a script that is only tried: then no script is asked. */
  isTried(): boolean
}

const me = systemActor('system')

/** What a token takes from a sign-in's hooks. */
export type TokenChanges = {
  accessTokenClaims: JsonObject
  idTokenClaims: JsonObject
  addedScopes: string[]
  removedScopes: string[]
}
export type TriggerOutcome =
  | { ok: true; changes: TokenChanges }
  | { ok: false; reason: string; code?: string; revokesSession?: boolean }

const unchanged: TokenChanges = {
  accessTokenClaims: {},
  idTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
}

type Running = {
  trigger: string
  hooks: readonly Runnable[]
  event: JsonObject
  issuer: string
  runId: string
  userId?: string | undefined
  applicationId?: string | undefined
  apiId?: string | undefined
  handle?: Handle | undefined
}

/** Runs Actions where the server asks them, and does what they want and may have. */
export const createActionTriggers = (parts: ActionParts) => {
  const { run, recorder, encodeUser, canonicalIssuer, newId } = parts
  /** Kept for a day at most, in this process: what scripts put there is only ever a saving. */
  const caches = new Map<string, Cache>()
  const cacheOf = (trigger: string): Cache => {
    let cache = caches.get(trigger)
    if (!cache) {
      cache = new Map()
      caches.set(trigger, cache)
    }
    return cache
  }

  const perform = async (running: Running): Promise<ChainOutcome> => {
    const outcome = await runChain(parts, { ...running, cache: cacheOf(running.trigger) })
    recorder.add(outcome.executions)
    // Whoever is refused is told which execution to look at.
    if (outcome.failed || outcome.effects.denied) await recorder.flush()
    return outcome
  }

  /** Also when the sign-in was denied: what was asked for before that is kept. */
  const keep = async (userId: string, { userMetadata, appMetadata, rolesGiven, rolesTaken }: Effects) => {
    const hasUser = Object.keys(userMetadata).length > 0
    const hasApp = Object.keys(appMetadata).length > 0
    if (hasUser || hasApp) {
      await run(updateUser, { userId, ...(hasUser && { userMetadata }), ...(hasApp && { appMetadata }) }, me)
    }
    for (const hookId of new Set([...rolesGiven, ...rolesTaken].map((each) => each.hookId))) {
      const given = rolesGiven.filter((each) => each.hookId === hookId).map(({ role }) => role)
      const taken = rolesTaken.filter((each) => each.hookId === hookId).map(({ role }) => role)
      await run(changeRolesByHook, { userId, hookId, given, taken }, me)
    }
  }

  const outcomeOf = ({ effects, failed }: ChainOutcome): TriggerOutcome => {
    const { denied, revokesSession } = effects
    if (failed) return { ok: false, reason: failed.failure.message }
    if (denied) {
      const { reason, code } = denied
      return {
        ok: false,
        reason,
        ...(code !== undefined && { code }),
        ...(revokesSession && { revokesSession }),
      }
    }
    const { idTokenClaims, accessTokenClaims, addedScopes, removedScopes } = effects
    return { ok: true, changes: { idTokenClaims, accessTokenClaims, addedScopes, removedScopes } }
  }

  /** Between a sign-in and its tokens; also for refreshed tokens and silent sign-ins. */
  const runPostLogin = async (context: LoginContext): Promise<TriggerOutcome> => {
    const trigger = 'user.post-login'
    const { user, application, organization, api } = context
    const hooks = await run(readBoundHooks, { trigger, applicationId: application.id }, me)
    if (hooks.length === 0) return { ok: true, changes: unchanged }
    const runId = newId()
    const issuer = canonicalIssuer()
    const scope = organization ? (`organization:${organization.id}` as const) : undefined
    const facts = await run(readFacts, { userId: user.id, connectionName: context.connectionName, scope }, me)
    const event = postLoginEvent(context, facts, { issuer, transactionId: runId, encodeUser })
    const outcome = await perform({
      trigger,
      hooks,
      event,
      issuer,
      runId,
      userId: user.id,
      applicationId: application.id,
      apiId: api?.id,
      handle: rolesHandle(facts.roles),
    })
    await keep(user.id, outcome.effects)
    return outcomeOf(outcome)
  }

  /** Before an application gets a token for itself. */
  const runCredentialsExchange = async (context: ExchangeContext): Promise<TriggerOutcome> => {
    const trigger = 'token.pre-issue'
    const { application, api } = context
    if (parts.isTried()) return { ok: true, changes: unchanged }
    const hooks = await run(readBoundHooks, { trigger, applicationId: application.id }, me)
    if (hooks.length === 0) return { ok: true, changes: unchanged }
    const issuer = canonicalIssuer()
    const event = credentialsExchangeEvent(context, issuer)
    const running = { trigger, hooks, event, issuer, runId: newId() }
    return outcomeOf(await perform({ ...running, applicationId: application.id, apiId: api.id }))
  }

  const before: Before = async (trigger, occasion, actor): Promise<Amendments> => {
    const { applicationId, userId, connectionName } = occasion
    const input = { trigger, ...(applicationId !== undefined && { applicationId }) }
    const hooks = await run(readBoundHooks, input, me)
    if (hooks.length === 0) return {}
    const issuer = canonicalIssuer()
    const facts = await run(readFacts, { applicationId, connectionName }, me)
    const event =
      trigger === 'user.pre-register'
        ? preRegisterEvent(occasion, facts, issuer)
        : preAssignEvent(occasion, actor, issuer)
    const outcome = await perform({ trigger, hooks, event, issuer, runId: newId(), userId, applicationId })
    refuse(outcome)
    const { userMetadata, appMetadata } = outcome.effects
    return {
      ...(Object.keys(userMetadata).length > 0 && { userMetadata }),
      ...(Object.keys(appMetadata).length > 0 && { appMetadata }),
    }
  }

  return { runPostLogin, runCredentialsExchange, before, cacheOf, keep }
}

/** @throws denied_by_hook, hook_failed */
const refuse = ({ effects: { denied }, failed }: ChainOutcome): void => {
  if (failed) {
    const { executionId, failure } = failed
    throw new DomainError({ code: 'hook_failed', executionId, reason: failure.message })
  }
  if (!denied) return
  const { reason, userMessage } = denied
  throw new DomainError({ code: 'denied_by_hook', reason, ...(userMessage !== undefined && { userMessage }) })
}

/** `api.roles.getUserEffectiveRoles…` of the Action. */
export const rolesHandle =
  (roles: readonly Role[]): Handle =>
  async ({ method, params }) => {
    if (method !== 'roles.getUserEffectiveRoles') throw new Error(`There is no ${method} here`)
    const { ids, names, take = 50, from = 0 } = params
    const listed = (values: unknown, value: string) => !Array.isArray(values) || values.includes(value)
    const chosen = roles.filter(({ id, name }) => listed(ids, `rol_${id}`) && listed(names, name))
    const start = Number(from) || 0
    const end = start + Math.min(100, Math.max(1, Number(take) || 50))
    return {
      roles: chosen
        .slice(start, end)
        .map(({ id, name, description }) => ({ id: `rol_${id}`, name, description })),
      ...(end < chosen.length && { next: String(end) }),
    }
  }
