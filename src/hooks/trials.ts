import type { Actor } from '#core/actor.ts'
import { systemActor } from '#core/actor.ts'
import { getEvent, listEvents } from '#core/events/read.ts'
import type { Event } from '#core/events.ts'
import { listExecutions } from '#core/hooks/executions.ts'
import { readFacts } from '#core/hooks/facts.ts'
import { changeRolesByHook } from '#core/hooks/give-roles.ts'
import type { HookCall, HookFailure, LogLine } from '#core/hooks/hook.ts'
import { type Runnable, readDraft } from '#core/hooks/running.ts'
import type { Json, JsonObject } from '#core/json.ts'
import { equal, every } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import type { Rehearsal } from '#core/rehearsal.ts'
import { type Effects, noEffects, take } from './actions/effects.ts'
import { afterwardsEvent, type EncodeUser, plainEvent } from './actions/events.ts'
import { actionTrigger, triggerOf } from './actions/trigger.ts'
import { rolesHandle } from './actions/triggers.ts'
import { decodeIntents } from './flavours/intents.ts'
import { pastScriptEvents } from './past-events.ts'
import type { CallScript } from './scripts.ts'
import { type CallDoor, createTrialView, type TrialView } from './trial-view.ts'

export type TrialParts = {
  run: Run
  call: CallScript
  encodeUser: EncodeUser
  canonicalIssuer(): string
  rehearse(): Rehearsal
  callDoor: CallDoor
}

/** What a draft did with one event. */
export type Tried = {
  output?: Json
  log: LogLine[]
  calls: HookCall[]
  failure?: HookFailure
  durationMs: number
}

/** What it would have changed, had it been real. */
export type Changes = {
  denied?: { reason: string; userMessage?: string }
  /** By user and scope: ids of roles. */
  rolesAdded: { userId: string; roles: string[]; scope: string }[]
  rolesRemoved: { userId: string; roles: string[]; scope: string }[]
  /** Everything that would have been stated, the roles included. */
  events: { type: string; userId?: string; roleId?: string; scope?: string; data?: JsonObject }[]
  userMetadata: JsonObject
  appMetadata: JsonObject
  idTokenClaims: JsonObject
  accessTokenClaims: JsonObject
  addedScopes: string[]
  removedScopes: string[]
}

export type DryRun = Tried & {
  /** The event that happened, where it was one. */
  eventId?: string
  at?: string
  userId?: string
  changes: Changes
  /** What hooks did with it then. */
  happened: { executionId: string; hookName: string; status: string; failure?: HookFailure; output?: Json }[]
}

export type AskDryRun = {
  hookId: string
  /** Default: the first that the hook is meant for. */
  trigger?: string
  /** Events to try it on: these, or the newest so many. */
  eventIds?: readonly string[]
  last?: number
  /** An event as the script gets it, instead of one that happened. */
  event?: JsonObject
}

const me = systemActor('system')

/** The event of ours that a trigger comes with. */
const eventTypeOf: Readonly<Record<string, string>> = {
  'user.post-login': 'user.signed-in',
  'user.pre-register': 'user.created',
  'user.post-register': 'user.created',
  'user.post-change-password': 'user.password-changed',
  'token.pre-issue': 'token.issued',
  'role.pre-assign': 'role.assigned',
}

/** Tries drafts. Whoever may not change hooks may not run what they say either (security case 16). */
export const createTrials = (given: TrialParts) => {
  const { run, call, encodeUser, canonicalIssuer, rehearse, callDoor } = given
  const perform = async (
    draft: Runnable,
    trigger: string,
    event: JsonObject,
    view?: TrialView,
    session: JsonObject = {},
  ): Promise<Tried> => {
    const { id, handler } = actionTrigger(trigger)
    const payload: JsonObject =
      draft.flavour === 'action'
        ? {
            handler,
            event: { ...event, secrets: draft.secrets },
            trigger: id,
            cache: {},
            redirect: { isPossible: false, issuer: canonicalIssuer() },
          }
        : {
            event: { name: trigger, request: {}, ...event },
            session,
            config: { api_version: '2.0' },
            store: {},
          }
    // Nothing leaves: what is only tried reaches no host but this server.
    const script = view ? { ...draft, allowedHosts: [] } : draft
    const { output, log, calls, failure, durationMs } = await call(script, payload, {
      ...(view && { handle: view.handle, tag: view }),
    })
    return {
      log,
      calls,
      durationMs: Math.ceil(durationMs),
      ...(output !== undefined && { output }),
      ...(failure && { failure }),
    }
  }

  const triggerOfDraft = async (hookId: string, asked: string | undefined, actor: Actor) => {
    const draft = await run(readDraft, { hookId }, actor)
    const trigger = asked === undefined ? draft.triggers[0]?.name : triggerOf(asked)
    if (trigger === undefined) {
      const reason = 'The hook is meant for no trigger; name one.'
      throw new DomainError({ code: 'invalid', field: 'trigger', reason })
    }
    return { draft, trigger }
  }

  /** @throws forbidden, not_found, invalid when it is not built */
  const tryDraft = async (
    { hookId, event, trigger: asked }: { hookId: string; event: JsonObject; trigger?: string },
    actor: Actor,
  ): Promise<Tried> => {
    const { draft, trigger } = await triggerOfDraft(hookId, asked, actor)
    return perform(draft, trigger, event)
  }

  const eventsOf = async (
    { eventIds, last = 1 }: AskDryRun,
    trigger: string,
    actor: Actor,
  ): Promise<Event[]> => {
    if (eventIds) {
      const events: Event[] = []
      for (const eventId of eventIds) events.push(await run(getEvent, { eventId }, actor))
      return events
    }
    const type = eventTypeOf[trigger] ?? trigger
    const listing = {
      filter: equal('type', type),
      order: [{ field: 'number', direction: 'descending' } as const],
      limit: last,
    }
    return (await run(listEvents, { listing }, actor)).items
  }

  /** The event as a script of this trigger is told of it, from what is known of it now. */
  const told = async (event: Event, trigger: string): Promise<JsonObject> => {
    const issuer = canonicalIssuer()
    const applicationId = typeof event.data?.applicationId === 'string' ? event.data.applicationId : undefined
    const facts = await run(readFacts, { userId: event.userId, applicationId }, me)
    const parts = { issuer, encodeUser }
    if (!facts.user || trigger === event.type) return plainEvent(event, facts.user, parts)
    const base = afterwardsEvent(facts.user, facts.connection, parts)
    if (trigger === 'role.pre-assign') {
      return {
        ...base,
        userIds: [facts.user.id],
        roleIds: event.roleId === undefined ? [] : [event.roleId],
        scope: event.scope ?? 'workspace',
        actor: { kind: event.actor.kind, id: event.actor.id },
      }
    }
    if (trigger !== 'user.post-login') return base
    const { application } = facts
    return {
      ...base,
      ...(application && {
        client: { client_id: application.id, name: application.name, metadata: application.metadata },
      }),
      stats: { logins_count: facts.user.loginsCount },
      authorization: { roles: facts.roles.map(({ name }) => name) },
      authentication: { methods: [] },
      transaction: { id: event.id, protocol: 'oidc-basic-profile', requested_scopes: [], metadata: {} },
    }
  }

  const whatHappened = async (event: Event, trigger: string, actor: Actor): Promise<DryRun['happened']> => {
    if (event.userId === undefined) return []
    const around = 120_000
    const filter = every(
      equal('userId', event.userId),
      equal('trigger', trigger),
      { field: 'startedAt', is: 'atLeast', value: event.at - around },
      { field: 'startedAt', is: 'atMost', value: event.at + around },
    )
    const { items } = await run(listExecutions, { listing: { filter: filter!, limit: 50 } }, actor)
    return items.map(({ id, hookName, status, failure, output }) => ({
      executionId: id,
      hookName,
      status,
      ...(failure && { failure }),
      ...(output !== undefined && { output }),
    }))
  }

  /**
   * Runs a draft on what happened, without an effect: nothing is written, and no call back into the server gets there.
   * @throws forbidden, not_found, invalid when it is not built
   */
  const dryRun = async (asked: AskDryRun, actor: Actor): Promise<DryRun[]> => {
    const { draft, trigger } = await triggerOfDraft(asked.hookId, asked.trigger, actor)
    if (asked.event) return [await tryOn(draft, trigger, asked.event)]
    const results: DryRun[] = []
    if (draft.flavour === 'event-script' && !asked.eventIds) {
      for (const past of await pastScriptEvents(run, { trigger, last: asked.last ?? 1 }, actor)) {
        const { event, session, userId, at, happened } = past
        const tried = await tryOn(draft, trigger, event, userId, session)
        results.push({
          at: new Date(at).toISOString(),
          ...(userId !== undefined && { userId }),
          ...tried,
          happened,
        })
      }
      return results
    }
    for (const event of await eventsOf(asked, trigger, actor)) {
      const tried = await tryOn(draft, trigger, await told(event, trigger), event.userId)
      results.push({
        eventId: event.id,
        at: new Date(event.at).toISOString(),
        ...(event.userId !== undefined && { userId: event.userId }),
        ...tried,
        happened: await whatHappened(event, trigger, actor),
      })
    }
    return results
  }

  const tryOn = async (
    draft: Runnable,
    trigger: string,
    event: JsonObject,
    userId: string | undefined = userIdOf(event),
    session?: JsonObject,
  ): Promise<DryRun> => {
    const facts = await run(readFacts, { userId }, me)
    const view = createTrialView(draft, { rehearsal: rehearse(), callDoor, roles: rolesHandle(facts.roles) })
    const tried = await perform(draft, trigger, event, view, session)
    const effects = noEffects()
    const output = tried.output
    if (typeof output === 'object' && output !== null && !Array.isArray(output)) {
      for (const intent of decodeIntents(output)) {
        const failure = take(effects, intent, {
          hookId: draft.hookId,
          runsAs: draft.runsAs,
          cache: new Map(),
          log: (text) => tried.log.push({ level: 'warn', text }),
        })
        if (failure && !tried.failure) tried.failure = failure
      }
    }
    const refused = userId === undefined ? undefined : await keep(view, userId, draft.hookId, effects)
    if (refused && !tried.failure) tried.failure = refused
    const {
      denied,
      userMetadata,
      appMetadata,
      idTokenClaims,
      accessTokenClaims,
      addedScopes,
      removedScopes,
    } = effects
    return {
      ...tried,
      changes: {
        ...(denied && { denied }),
        rolesAdded: view.rolesAdded(),
        rolesRemoved: view.rolesRemoved(),
        events: view.events().map(({ type, userId: whose, roleId, scope, data }) => ({
          type,
          ...(whose !== undefined && { userId: whose }),
          ...(roleId !== undefined && { roleId }),
          ...(scope !== undefined && { scope }),
          ...(data && { data }),
        })),
        userMetadata,
        appMetadata,
        idTokenClaims,
        accessTokenClaims,
        addedScopes,
        removedScopes,
      },
      happened: [],
    }
  }

  return { tryDraft, dryRun }
}

/** Gives and takes the roles that the script asked for, as it would be done. @returns what is refused */
const keep = async (
  { run }: TrialView,
  userId: string,
  hookId: string,
  { rolesGiven, rolesTaken }: Effects,
): Promise<HookFailure | undefined> => {
  if (rolesGiven.length + rolesTaken.length === 0) return undefined
  const given = rolesGiven.map(({ role }) => role)
  const taken = rolesTaken.map(({ role }) => role)
  try {
    await run(changeRolesByHook, { userId, hookId, given, taken }, me)
    return undefined
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return {
      kind: 'invalid',
      message: `The roles it asked for are refused: ${JSON.stringify(error.refusal)}`,
    }
  }
}

/** The user that an event says it is about. */
const userIdOf = ({ user }: JsonObject): string | undefined => {
  if (typeof user !== 'object' || user === null || Array.isArray(user)) return undefined
  return typeof user.user_id === 'string' ? user.user_id.replace(/^auth0\|/u, '') : undefined
}
