import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { systemActor } from '#core/actor.ts'
import { chatApiId, managementApiId } from '#core/apis/built-in.ts'
import { secretContext } from '#core/applications/application.ts'
import { openChat } from '#core/chat/general.ts'
import type { Event } from '#core/events.ts'
import { composeServer, type Server } from '#src/compose.ts'
import { readConfig } from '#src/config.ts'
import { freshDatabase } from '#test/postgres.ts'

export const administrator = {
  email: 'root@example.com',
  username: 'root',
  password: 'correct horse battery',
}
export const operator = { id: 'operator', secret: 'operator-secret-0123456789' }

/** Which database the suites of doors run on; `npm test` runs them on both. */
export type EngineName = 'sqlite' | 'postgres'

export type TestServer = {
  server: Server
  engine: EngineName
  /** Its data directory. */
  directory: string
  /** `localhost:<https port>`: what an SDK takes as its domain. */
  domain: string
  origin: string
  /** PEM of the authority that signed the server's certificate. */
  ca: string
  clock: { now: number }
  /** Calls the server over HTTPS. A body that is not a text is sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** A Management API token of an application that was granted just these scopes; cached. */
  token(...scopes: string[]): Promise<string>
  /** An application that was granted just these scopes of the Management API. */
  client(...scopes: string[]): Promise<{ id: string; secret: string }>
  /** Headers of a session in Rocket.Chat's door: of the administrator. Made beside the doors, so no event tells of it. */
  administratorHeaders(): Promise<Record<string, string>>
  /** The same of a new person who holds just these permissions of the API `chat`. */
  chatter(...permissions: string[]): Promise<Chatter>
  /** What happened since the last call, oldest first. */
  events(): Promise<Event[]>
  close(): Promise<void>
}

export type Chatter = { id: string; username: string; headers: Record<string, string> }
export type CallOptions = { body?: unknown; headers?: Record<string, string>; token?: string }
export type Answer = {
  status: number
  body: unknown
  text: string
  bytes: Buffer
  headers: Record<string, string>
}

export const startServer = async ({
  engine = 'sqlite',
  env = {},
  dashboardDirectory,
}: {
  engine?: EngineName
  env?: Record<string, string>
  /** Where the built dashboard lies, for suites that look at it. */
  dashboardDirectory?: string
} = {}): Promise<TestServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-server-'))
  const clock = { now: Date.now() }
  const config = readConfig({
    ROLECALL_PORT: '0',
    ROLECALL_HTTPS_PORT: '0',
    ROLECALL_DATA_DIR: directory,
    ROLECALL_ADMIN_EMAIL: administrator.email,
    ROLECALL_ADMIN_USERNAME: administrator.username,
    ROLECALL_ADMIN_PASSWORD: administrator.password,
    ROLECALL_CLIENT_ID: operator.id,
    ROLECALL_CLIENT_SECRET: operator.secret,
    ROLECALL_LOG_LEVEL: 'silent',
    ROLECALL_RATE_LIMITS: 'off',
    ...(engine === 'postgres' && { ROLECALL_DATABASE_URL: await freshDatabase() }),
    ...env,
  })
  const logger = pino({ level: process.env.ROLECALL_TEST_LOG ?? 'silent' })
  const world = { now: () => clock.now, newId: () => randomBytes(12).toString('hex'), logger }
  const server = await composeServer(config, world, { dashboardDirectory })
  await server.listen()
  const origin = server.hosts.canonical
  const ca = await readFile(join(config.dataDir, 'ca.pem'), 'utf8')
  const agent = new Agent({ ca, keepAlive: true })
  const { reader } = server.workspace.store
  let seen = (await newestEvent(reader))?.number ?? 0
  const tokens = new Map<string, Promise<string>>()

  const call: TestServer['call'] = async (method, path, { body, headers = {}, token } = {}) => {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    return send(agent, origin + path, method, payload, {
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    })
  }
  const issue = async (client: { id: string; secret: string }): Promise<string> => {
    const { body } = await call('POST', '/oauth/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        audience: `${origin}/api/v2/`,
      },
    })
    const { access_token: token } = body as { access_token?: string }
    if (!token) throw new Error(`No token was issued: ${JSON.stringify(body)}`)
    return token
  }
  return {
    server,
    engine,
    directory: config.dataDir,
    domain: new URL(origin).host,
    origin,
    ca,
    clock,
    call,
    token: (...scopes) => {
      const key = scopes.join(' ')
      let token = tokens.get(key)
      if (!token) {
        token = key === 'every' ? issue(operator) : addClient(server, scopes).then(issue)
        tokens.set(key, token)
      }
      return token
    },
    client: (...scopes) => addClient(server, scopes),
    administratorHeaders: async () => {
      const root = await reader.users.findByUsername(administrator.username)
      return addChatSession(server, root!.id)
    },
    chatter: async (...permissions) => {
      const [id, username] = [randomBytes(12).toString('hex'), `chatter-${randomBytes(6).toString('hex')}`]
      await addPerson(server, id, username, permissions)
      return { id, username, headers: await addChatSession(server, id) }
    },
    events: async () => {
      const filter = { field: 'number', is: 'more', value: seen } as const
      const { items } = await reader.events.list({ filter, limit: 100_000 })
      seen = items.at(-1)?.number ?? seen
      return items
    },
    close: async () => {
      agent.destroy()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** An application that may ask for these scopes of the Management API; made beside the doors, so no event tells of it. */
const addClient = async ({ workspace }: Server, permissions: readonly string[]) => {
  const { store, services } = workspace
  const [id, secret] = [randomBytes(12).toString('hex'), randomBytes(24).toString('hex')]
  const at = { createdAt: 0, updatedAt: 0, extensions: {} }
  await store.write(async (tx) => {
    await tx.applications.insert({
      id,
      name: `holds ${permissions.join(' ')}`.slice(0, 100),
      description: '',
      kind: 'non_interactive',
      sealedSecret: services.sealer.seal(secret, secretContext(id)),
      isFirstParty: true,
      isActive: true,
      isGlobal: false,
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: 'client_secret_post',
      callbacks: [],
      allowedLogoutUrls: [],
      webOrigins: [],
      metadata: {},
      ...at,
    })
    const grant = {
      applicationId: id,
      apiId: managementApiId,
      allowsAll: false,
      subjectType: 'client' as const,
    }
    await tx.clientGrants.insert({ id: `grant-${id}`, permissions, ...grant, ...at })
  })
  return { id, secret }
}

const addChatSession = async ({ workspace }: Server, userId: string): Promise<Record<string, string>> => {
  const { store, services } = workspace
  await workspace.run(openChat, {}, systemActor('rocketchat'))
  const secret = services.newSecret(32)
  await store.write((tx) =>
    tx.sessions.insert({
      id: randomBytes(12).toString('hex'),
      userId,
      kind: 'api',
      door: 'rocketchat',
      digest: services.digest(secret),
      data: {},
      createdAt: 0,
    }),
  )
  return { 'x-user-id': userId, 'x-auth-token': secret }
}

const addPerson = (
  { workspace }: Server,
  id: string,
  username: string,
  permissions: readonly string[],
): Promise<void> =>
  workspace.store.write(async (tx) => {
    await tx.users.insert({
      id,
      kind: 'person',
      username,
      name: username,
      email: `${username}@example.com`,
      isEmailVerified: true,
      userMetadata: {},
      appMetadata: {},
      rolesVersion: 0,
      loginsCount: 0,
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
    })
    for (const name of permissions) await tx.permissions.addToUser(id, { apiId: chatApiId, name })
  })

const newestEvent = async (reader: Server['workspace']['store']['reader']): Promise<Event | undefined> => {
  const order = [{ field: 'number', direction: 'descending' } as const]
  return (await reader.events.list({ order, limit: 1 })).items[0]
}

const send = (
  agent: Agent,
  url: string,
  method: string,
  payload: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }
    const request = httpsRequest(
      url,
      { agent, method, headers: { ...length, ...headers } },
      async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        resolve({
          status: response.statusCode!,
          text,
          bytes,
          body: parse(text),
          headers: response.headers as Record<string, string>,
        })
      },
    )
    request.on('error', reject)
    request.end(payload)
  })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
