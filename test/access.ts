import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { impliedBy, managementApiId } from '#core/apis/built-in.ts'
import type { Command, Query } from '#core/operation.ts'
import type { Permission } from '#core/permissions.ts'
import type { Access, DeclaredRoute } from '#http/access.ts'
import { administrator, type TestServer } from './harness/server.ts'

/** Who may do what, as text that is committed: a change of policy is a line in a diff. */

const core = join(import.meta.dirname, '..', 'src', 'core')

// Operations of every kind; only their declarations are looked at.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyOperation = Query<any, any> | Command<any, any, any>

const isOperation = (value: unknown): value is AnyOperation =>
  typeof value === 'object' && value !== null && 'kind' in value && 'needs' in value && 'run' in value

/** Every operation of the domain, by name. */
export const allOperations = async (): Promise<AnyOperation[]> => {
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  )
  const modules = await Promise.all(files.map((path) => import(join(core, path)) as Promise<object>))
  const operations = new Set(modules.flatMap((module) => Object.values(module)).filter(isOperation))
  return [...operations].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Operations with what they need and which scopes of the Management API suffice. */
export const renderOperations = async (): Promise<string> => {
  const lines = (await allOperations()).map(({ name, kind, needs, self }) => {
    const needed =
      typeof needs === 'object' && 'anyone' in needs ? `anyone: ${needs.anyone}` : [needs].flat().join(' or ')
    const scopes =
      typeof needs === 'object' && 'anyone' in needs
        ? []
        : ([needs].flat() as Permission[]).flatMap((permission) => impliedBy(managementApiId, permission))
    const suffices = scopes.length > 0 ? ` ← ${[...new Set(scopes)].sort().join(', ')}` : ''
    return `${kind.padEnd(7)} ${name}: ${needed}${self ? ' or oneself' : ''}${suffices}`
  })
  return `${lines.join('\n')}\n`
}

const accessText = (access: Access): string => {
  if ('anonymous' in access) return `anyone: ${access.anonymous}`
  if ('serviceAccess' in access) return `access rows for ${access.serviceAccess}`
  if ('authenticated' in access) return `any credential: ${access.authenticated}`
  return `${access.match === 'all' ? 'all of' : 'any of'} ${access.tokenScopes.join(', ')}`
}

type Headers = Record<string, string>

export type Attempt = DeclaredRoute & { nobody: number; powerless: number; permitted: number }

/** Sessions of the DreamFactory dialect: of somebody without a role in the app he names, and of an administrator. */
const openSessions = async (server: TestServer): Promise<{ powerless: Headers; permitted: Headers }> => {
  const password = 'weak-and-known-1'
  const login = async (path: string, email: string, secret: string): Promise<Headers> => {
    const answer = await server.call('POST', path, { body: { email, password: secret } })
    const { session_token: token } = answer.body as { session_token: string }
    return { 'x-dreamfactory-session-token': token }
  }
  const permitted = await login('/api/v2/system/admin/session', administrator.email, administrator.password)
  const post = (path: string, record: object) =>
    server.call('POST', `/api/v2/system/${path}`, { body: { resource: [record] }, headers: permitted })
  const app = await post('app?fields=*', { name: 'weak', is_active: true })
  const [{ api_key: apiKey }] = (app.body as { resource: [{ api_key: string }] }).resource
  await post('user', { email: 'weak@example.com', password })
  const session = await login('/api/v2/user/session', 'weak@example.com', password)
  return { powerless: { ...session, 'x-dreamfactory-api-key': apiKey }, permitted }
}

/** Calls every route as nobody, as somebody who may nothing, and as one who may everything. */
export const attemptRoutes = async (server: TestServer): Promise<Attempt[]> => {
  const bearer = async (...scopes: string[]) => ({ authorization: `Bearer ${await server.token(...scopes)}` })
  // A call may end its own session, so that each gets one of its own.
  const sessions = await openSessions(server)
  const credentialsOf = ({
    url,
    access,
  }: DeclaredRoute): Record<'powerless' | 'permitted', () => Promise<Headers>> =>
    'serviceAccess' in access
      ? { powerless: async () => sessions.powerless, permitted: async () => sessions.permitted }
      : url.startsWith('/api/v1/')
        ? {
            powerless: async () => (await server.chatter()).headers,
            permitted: () => server.administratorHeaders(),
          }
        : { powerless: () => bearer(), permitted: () => bearer('every') }
  const attempts: Attempt[] = []
  for (const route of server.server.app.routes) {
    if (route.method === 'OPTIONS' || route.url.includes('*') || route.url.endsWith('/events/stream'))
      continue
    const path = route.url.replaceAll(/:\w+/gu, 'x')
    const body = route.method === 'GET' ? {} : { body: '{}' }
    const status = async (headers: Headers = {}) =>
      (await server.call(route.method, path, { ...body, headers })).status
    const { powerless, permitted } = credentialsOf(route)
    attempts.push({
      ...route,
      nobody: await status(),
      powerless: await status(await powerless()),
      permitted: await status(await permitted()),
    })
  }
  return attempts
}

export const renderRoutes = (attempts: readonly Attempt[]): string => {
  const lines = attempts
    .map(({ method, url, access, nobody, powerless, permitted }) =>
      [method.padEnd(6), url, `[${nobody} ${powerless} ${permitted}]`, accessText(access)].join(' '),
    )
    .sort()
  return `method, route, [status as nobody, as who may nothing, as who may everything], what the route asks for\n\n${lines.join('\n')}\n`
}
