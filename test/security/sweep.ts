import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fillWithDemo } from '#cli/demo-fill.ts'
import type { DeclaredRoute } from '#http/access.ts'
import { type Answer, administrator, startServer, type TestServer } from '#test/harness/server.ts'
import { type Schema, sampleOf } from './samples.ts'

/** A route as the sweeps call it: over real things, with a body that fits what its OpenAPI document says. */
export type SweptRoute = DeclaredRoute & {
  /** Its parameters filled with ids of things that are there, where the door lists any. */
  path: string
  body?: Schema
  /** The body with every field that it can have. */
  sample?: unknown
  query: readonly { name: string; schema: Schema }[]
}

export type SweptServer = TestServer & {
  /** What an administrator shows at the door that the path belongs to. */
  mayEverything(path: string): Promise<Record<string, string>>
  /** Every row of every table, by table, as text. */
  rows(): Map<string, string>
  routes: readonly SweptRoute[]
}

/** A server on SQLite with the sample workspace in it, and what is known of its routes. */
export const startSwept = async (env: Record<string, string> = {}): Promise<SweptServer> => {
  const server = await startServer({ env })
  const database = new DatabaseSync(join(server.directory, 'rolecall.db'), { readOnly: true })
  const close = async () => {
    database.close()
    await server.close()
  }
  try {
    await fillWithDemo(server.server.workspace.run, 'Correct horse 9')
    const routes = await describeRoutes(server)
    const mayEverything = await administratorsAtDoors(server)
    return { ...server, mayEverything, routes, rows: () => dump(database), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Credentials are made once, ahead of everything that looks at rows. */
const administratorsAtDoors = async (server: TestServer): Promise<SweptServer['mayEverything']> => {
  const bearer = { authorization: `Bearer ${await server.token('every')}` }
  const { email, password } = administrator
  const session = await server.call('POST', '/api/v2/system/admin/session', { body: { email, password } })
  const { session_token: token } = session.body as { session_token: string }
  const chat = await server.administratorHeaders()
  return async (path) => {
    const door = doorOf(path)
    if (door === 'dreamfactory') return { 'x-dreamfactory-session-token': token }
    return door === 'rocketchat' ? chat : bearer
  }
}

const dump = (database: DatabaseSync): Map<string, string> => {
  const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
  return new Map(
    tables.map(({ name }) => [
      String(name),
      database
        .prepare(`select * from "${name}"`)
        .all()
        .map((row) => JSON.stringify(row))
        .join('\n'),
    ]),
  )
}

/** Tables that differ, for a message that can be read. What the relay has delivered moves by itself. */
export const changedTables = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...after]
    .filter(([name, text]) => name !== 'deliveries' && text !== before.get(name))
    .map(([name]) => name)

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        requestBody?: { content?: Record<string, { schema?: Schema }> }
        parameters?: { in: string; name: string; schema: Schema }[]
      }
    >
  >
}

const documents = ['/api/v2/openapi.json', '/api/rolecall/v1/openapi.json']

const describeRoutes = async (server: TestServer): Promise<SweptRoute[]> => {
  const described = new Map<string, Document['paths'][string][string]>()
  for (const url of documents) {
    const { paths } = (await server.call('GET', url)).body as Document
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        described.set(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/gu, ':$1')}`, operation)
      }
    }
  }
  const fill = pathFiller(server)
  const routes: SweptRoute[] = []
  for (const route of server.server.app.routes) {
    const { method, url } = route
    if (method === 'OPTIONS' || url.includes('*') || url.endsWith('/events/stream')) continue
    const operation = described.get(`${method} ${url}`)
    const body = operation?.requestBody?.content?.['application/json']?.schema
    const query = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'query')
    routes.push({
      ...route,
      path: await fill(url),
      query,
      ...(body && { body, sample: sampleOf(body) }),
    })
  }
  return routes
}

const idFields = ['id', 'user_id', 'client_id', 'kid', 'name', 'permission_name'] as const

/** Fills `:parameters` one after the other, each with the first thing that the path before it lists. */
const pathFiller = (server: TestServer) => {
  const known = new Map<string, Promise<string>>()
  const firstOf = async (path: string): Promise<string> => {
    const answer = await server.call('GET', path, { token: await server.token('every') })
    const list = Array.isArray(answer.body)
      ? answer.body
      : (answer.body as { items?: unknown[] } | null)?.items
    const first = (list?.[0] ?? {}) as Record<string, unknown>
    const id = idFields.map((field) => first[field]).find((value) => typeof value === 'string')
    return encodeURIComponent(String(id ?? 'nothing'))
  }
  return async (url: string): Promise<string> => {
    let path = ''
    for (const segment of url.split('/').slice(1)) {
      if (!segment.startsWith(':')) path += `/${segment}`
      else {
        if (!known.has(path)) known.set(path, firstOf(path))
        path += `/${await known.get(path)}`
      }
    }
    return path
  }
}

export const isMutating = ({ method }: DeclaredRoute): boolean => method !== 'GET'

type DoorName = 'native' | 'auth0' | 'oidc' | 'dreamfactory' | 'rocketchat' | 'pages'

/** Which door answers at a path; the first that fits. */
const doorPaths: readonly (readonly [door: DoorName, path: RegExp])[] = [
  ['native', /^\/(?:api\/rolecall\/v1|access\/v1)\//u],
  ['rocketchat', /^\/api\/(?:v1\/|info$)/u],
  ['dreamfactory', /^\/api(?:\/v2)?(?:\/(?:system|user|email)(?:\/|$)|$)/u],
  ['auth0', /^\/api\/v2\//u],
  ['oidc', /^\/oauth\//u],
]

export const doorOf = (path: string): DoorName =>
  doorPaths.find(([, pattern]) => pattern.test(path.split('?', 1)[0]!))?.[0] ?? 'pages'

type Members = Record<string, unknown>
const areTexts = (problem: Members, members: readonly string[]): boolean =>
  members.every((member) => typeof problem[member] === 'string')

/** How each door words a refusal, as its clients read it. What a browser is shown has no shape to hold it to. */
const wordings: Readonly<Record<DoorName, (problem: Members, status: number) => boolean>> = {
  native: (problem, status) =>
    problem.status === status && areTexts(problem, ['type', 'title', 'detail', 'code']),
  auth0: (problem, status) => problem.statusCode === status && areTexts(problem, ['error', 'message']),
  oidc: (problem) => areTexts(problem, ['error', 'error_description']),
  dreamfactory: ({ error }) =>
    typeof error === 'object' &&
    error !== null &&
    areTexts(error as Members, ['message']) &&
    typeof (error as Members).code === 'number',
  rocketchat: (problem) =>
    (problem.success === false && areTexts(problem, ['error'])) ||
    (problem.status === 'error' && areTexts(problem, ['message'])),
  pages: () => true,
}

/** What is wrong with an answer: a fault of ours, or a refusal that clients of its door could not read. */
export const faultOfAnswer = (path: string, { status, body, text }: Answer): string | undefined => {
  const told = `${status}: ${text.slice(0, 300)}`
  if (status >= 500) return told
  if (status < 400) return undefined
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Members
  return wordings[doorOf(path)](problem, status) ? undefined : told
}
