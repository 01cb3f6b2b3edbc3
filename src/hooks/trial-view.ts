import type { HookCall } from '#core/hooks/hook.ts'
import type { Runnable } from '#core/hooks/running.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Handle } from './sandbox/run-result.ts'

type RoleChange = { userId: string; roles: string[] }

/** A request that a script sent to this server while it was tried. */
export type TrialRequest = { method: string; path: string; body: string }
export type TrialAnswer = { status: number; body?: JsonObject }

/**
 * What a script that is only tried finds in place of the server: tokens that are good for nothing, and answers that
 * say its changes were made. What it would have changed is noted; whatever can't be answered is refused as a value.
 */
export type TrialView = {
  calls: HookCall[]
  answer(request: TrialRequest): TrialAnswer
  handle: Handle
  rolesAdded(): RoleChange[]
  rolesRemoved(): RoleChange[]
}

export const createTrialView = ({ flavour }: Pick<Runnable, 'flavour'>): TrialView => {
  const calls: HookCall[] = []
  const added = new Map<string, Set<string>>()
  const removed = new Map<string, Set<string>>()
  const note = (changes: Map<string, Set<string>>, userId: string, roles: readonly string[]) => {
    const noted = changes.get(userId) ?? new Set()
    for (const role of roles) noted.add(role)
    changes.set(userId, noted)
  }

  const answer = ({ method, path, body }: TrialRequest): TrialAnswer => {
    const [pathname = ''] = path.split('?')
    const given = parse(body)
    if (pathname === '/oauth/token') {
      return {
        status: 200,
        body: { access_token: 'dry-run', token_type: 'Bearer', expires_in: 3600, scope: '' },
      }
    }
    const [, user] = /^\/api\/v2\/users\/([^/]+)\/roles$/u.exec(pathname) ?? []
    if (user !== undefined && (method === 'POST' || method === 'DELETE')) {
      note(method === 'POST' ? added : removed, userIdOf(user), texts(given.roles))
      return { status: 204 }
    }
    const [, role] = /^\/api\/v2\/roles\/([^/]+)\/users$/u.exec(pathname) ?? []
    if (role !== undefined && method === 'POST') {
      for (const each of texts(given.users)) note(added, userIdOf(each), [decodeURIComponent(role)])
      return { status: 200, body: {} }
    }
    const message = 'A dry run has no answer to this call.'
    return { status: 403, body: { statusCode: 403, error: 'Forbidden', message } }
  }

  return {
    calls,
    answer: (request) => {
      const answered = answer(request)
      calls.push({ method: request.method, target: request.path, status: answered.status })
      return answered
    },
    handle: async ({ method, params }) => {
      if (method === 'store.set') return {}
      if (method === 'roles.getUserEffectiveRoles') return { roles: [] }
      if (flavour !== 'event-script' || method !== 'api')
        throw new Error(`There is no ${method} in a dry run`)
      return answerPlatform(params, (userId, roles) => note(added, userId, roles))
    },
    rolesAdded: () => listOf(added),
    rolesRemoved: () => listOf(removed),
  }
}

const listOf = (changes: Map<string, Set<string>>): RoleChange[] =>
  [...changes].map(([userId, roles]) => ({ userId, roles: [...roles] }))

const userIdOf = (wireId: string): string => decodeURIComponent(wireId).replace(/^auth0\|/u, '')

const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

const parse = (body: string): JsonObject => {
  try {
    const value: Json = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}

/** `platform.api`: assignments that the script writes are noted; reading finds nobody. */
const answerPlatform = (params: JsonObject, note: (userId: string, roles: string[]) => void): JsonObject => {
  const answer = (status: number, content: Json): JsonObject => ({
    status_code: status,
    content,
    content_type: 'application/json',
    format: 201,
    headers: {},
  })
  const path = String(params.path).replace(/^\/?(?:api\/v2\/)?/u, '')
  if (params.verb === 'GET') return answer(200, { resource: [] })
  const [, id] = /^system\/(?:user|admin)\/(\d+)/u.exec(path) ?? []
  const payload = params.payload
  const rows =
    typeof payload === 'object' && payload !== null && !Array.isArray(payload)
      ? payload.user_to_app_to_role_by_user_id
      : undefined
  if (id !== undefined && Array.isArray(rows)) {
    note(
      id,
      rows.flatMap((row) =>
        typeof row === 'object' && row !== null && !Array.isArray(row) && row.role_id != null
          ? [String(row.role_id)]
          : [],
      ),
    )
    return answer(200, { id: Number(id) })
  }
  return answer(403, { error: { code: 403, message: 'A dry run has no answer to this call.' } })
}
