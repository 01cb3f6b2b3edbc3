import type { Event } from '#core/events.ts'
import type { Runnable } from '#core/hooks/running.ts'
import type { JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import type { Rehearsal } from '#core/rehearsal.ts'
import type { ScriptCall } from './event-scripts.ts'
import type { Handle } from './sandbox/run-result.ts'

type RoleChange = { userId: string; roles: string[]; scope: string }

/** Makes a script's call of DreamFactory's door with these rights, for nobody in particular. */
export type CallDoor = (call: ScriptCall, as: 'system' | 'caller') => Promise<JsonObject>

/**
 * The server as a script finds it that is only tried: its calls reach the same doors, but what is behind them is a
 * rehearsal, in which nothing stays.
 */
export type TrialView = {
  run: Run
  handle: Handle
  events(): Omit<Event, 'number'>[]
  rolesAdded(): RoleChange[]
  rolesRemoved(): RoleChange[]
}

export type TrialViewParts = {
  rehearsal: Rehearsal
  callDoor: CallDoor
  /** `api.roles.getUserEffectiveRoles…` */
  roles: Handle
}

const views = new WeakSet<object>()

/** Whether a run's tag says that it is only tried. */
export const isTrialView = (tag: object | undefined): tag is TrialView => tag !== undefined && views.has(tag)

export const createTrialView = (
  { flavour, runsAs }: Pick<Runnable, 'flavour' | 'runsAs'>,
  { rehearsal, callDoor, roles }: TrialViewParts,
): TrialView => {
  const changes = (type: Event['type']): RoleChange[] => {
    const found = new Map<string, RoleChange>()
    for (const { type: its, userId, roleId, scope = 'workspace' } of rehearsal.events()) {
      if (its !== type || userId === undefined || roleId === undefined) continue
      const change = found.get(`${userId} ${scope}`) ?? { userId, roles: [], scope }
      change.roles.push(roleId)
      found.set(`${userId} ${scope}`, change)
    }
    return [...found.values()]
  }
  const view: TrialView = {
    run: rehearsal.run,
    handle: async (asked) => {
      const { method, params } = asked
      if (flavour === 'action') return roles(asked)
      if (method === 'store.set') return {}
      if (method !== 'api') throw new Error(`There is no ${method} in a dry run`)
      const { verb, path, payload, options } = params
      const call = { verb: String(verb), path: String(path), options: (options ?? {}) as JsonObject }
      const message = refusalOf({
        method: call.verb,
        path: `/api/v2/${call.path.replace(/^\/?(?:api\/v2\/)?/u, '')}`,
      })
      if (message !== undefined) return refused(message)
      return callDoor({ ...call, ...(payload !== undefined && { payload }) }, runsAs)
    },
    events: rehearsal.events,
    rolesAdded: () => changes('role.assigned'),
    rolesRemoved: () => changes('role.removed'),
  }
  views.add(view)
  return view
}

/** What goes on after its answer, or would run scripts in turn, has no rehearsal. */
const notRehearsed: readonly RegExp[] = [
  /^\/api\/v2\/jobs(?:\/|$)/u,
  /^\/api\/v2\/actions\/actions\/[^/]+\/test$/u,
  /^\/api\/rolecall\/v1\/hooks\/[^/]+\/dry-run$/u,
  /^\/api\/rolecall\/v1\/events\/stream$/u,
]
const rehearsed = /^\/api\/|^\/userinfo$|^\/\.well-known\/|^\/health/u

/**
 * Why a script that is only tried gets no answer to a request. Of the ways to a token there is the one that leaves no
 * trace: an application's for itself.
 */
export const refusalOf = ({
  path,
  body,
}: {
  method: string
  path: string
  body?: unknown
}): string | undefined => {
  const grant = path === '/oauth/token' && typeof body === 'object' && body !== null
  if (grant && (body as { grant_type?: unknown }).grant_type === 'client_credentials') return undefined
  if (rehearsed.test(path) && !notRehearsed.some((pattern) => pattern.test(path))) return undefined
  return 'A dry run has no answer to this call.'
}

const refused = (message: string): JsonObject => ({
  status_code: 403,
  content: { error: { code: 403, message } },
  content_type: 'application/json',
  format: 201,
  headers: {},
})
