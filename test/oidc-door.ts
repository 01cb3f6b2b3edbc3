import type { TestContext } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import type { Api } from '#core/apis/api.ts'
import type { Application, ClientGrant } from '#core/applications/application.ts'
import { secretContext } from '#core/applications/application.ts'
import { command } from '#core/operation.ts'
import type { Tx } from '#core/store.ts'
import type { ProtocolRecords } from '#oidc/adapter.ts'
import { type AskedToken, createOidcDoor } from '#oidc/edge.ts'
import { createKeyRing, expiringKeys, type KeyRing } from '#oidc/key-ring.ts'
import { createTokenVerifier, type VerifyToken } from '#oidc/tokens.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

/** The door of this folder on a real workspace, listening on a port of its own. */
export type Door = Workspace & {
  app: FastifyInstance
  origin: string
  issuer: string
  keyRing: KeyRing
  verifyToken: VerifyToken
  asked: AskedToken[]
  /** Posts to `/oauth/token`: an object goes as JSON, `URLSearchParams` as a form. */
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test
export type Answer = { status: number; headers: Headers; body: any; text: string }

/** A second name of the same server. */
export const aliasIssuer = 'https://auth.example.com/'

export const openDoor = async (test: Pick<TestContext, 'after'>): Promise<Door> => {
  const workspace = await openWorkspace(test)
  const { services, clock } = workspace
  const now = () => clock.now
  const { sealer } = services
  const keyRing: KeyRing = createKeyRing({ run: workspace.run, sealer, now })
  const run = expiringKeys(workspace.run, keyRing)
  const app = fastify()
  const issuers = new Set([aliasIssuer])
  const hosts = { issuers: () => issuers }
  const asked: AskedToken[] = []
  const parts = { run, keyRing, records: untouched, sealer, hosts, now }
  const door = createOidcDoor({ ...parts, rateLimits: false, onToken: (token) => asked.push(token) })
  app.decorateRequest('issuer', '')
  app.addHook('onRequest', async (request) => {
    request.issuer = request.host === new URL(aliasIssuer).host ? aliasIssuer : `http://${request.host}/`
  })
  await app.register(door.plugin)
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  issuers.add(`${origin}/`)
  test.after(() => app.close())
  await keyRing.ensure('RS256')
  return {
    ...workspace,
    run,
    app,
    origin,
    issuer: `${origin}/`,
    keyRing,
    asked,
    verifyToken: createTokenVerifier(keyRing, { hosts, now }),
    post: async (body, headers = {}) => {
      const isText = typeof body === 'string' || body instanceof URLSearchParams
      const type: Record<string, string> = isText ? {} : { 'content-type': 'application/json' }
      const sent = isText ? body : JSON.stringify(body)
      return answerOf(
        await fetch(`${origin}/oauth/token`, {
          method: 'POST',
          body: sent,
          headers: { ...type, ...headers },
        }),
      )
    },
    get: async (path) => answerOf(await fetch(`${origin}${path}`)),
  }
}

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) }
}

const touched = () => {
  throw new Error('Tokens for machines are not to be remembered')
}

const untouched: ProtocolRecords = {
  find: touched,
  findByUid: touched,
  findByUserCode: touched,
  put: touched,
  consume: touched,
  remove: touched,
  removeByGrant: touched,
}

type Work = (tx: Tx) => Promise<unknown>

const change = command<{ work: Work }, void>({
  name: 'change rows for a test',
  needs: { anyone: 'only in tests' },
  run: async (tx, { work }) => void (await work(tx)),
})

type Setting = Pick<Workspace, 'run' | 'services' | 'system'>

/** Changes the store at will, where no operation does it yet. */
export const write = ({ run, system }: Setting, work: Work): Promise<void> => run(change, { work }, system)

export const addApplication = async (
  setting: Setting,
  application: Partial<Application> & { id: string; secret?: string },
): Promise<void> => {
  const { secret, ...given } = application
  await write(setting, (tx) =>
    tx.applications.insert({
      name: given.id,
      description: '',
      kind: 'non_interactive',
      isFirstParty: true,
      isActive: true,
      isGlobal: false,
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: 'client_secret_post',
      callbacks: [],
      allowedLogoutUrls: [],
      webOrigins: [],
      metadata: {},
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
      ...(secret !== undefined && {
        sealedSecret: setting.services.sealer.seal(secret, secretContext(given.id)),
      }),
      ...given,
    }),
  )
}

export const addApi = (
  setting: Setting,
  api: Partial<Api> & { id: string },
  permissions: readonly string[] = [],
) =>
  write(setting, async (tx) => {
    await tx.apis.insert({
      identifier: `https://${api.id}.example.com/`,
      name: api.id,
      isBuiltIn: false,
      signingAlgorithm: 'RS256',
      tokenLifetimeSeconds: 86_400,
      webTokenLifetimeSeconds: 7200,
      allowsOfflineAccess: false,
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
      ...api,
    })
    for (const name of permissions) await tx.permissions.add({ apiId: api.id, name, description: '' })
  })

export const addGrant = (
  setting: Setting,
  grant: Partial<ClientGrant> & { applicationId: string; apiId: string },
) =>
  write(setting, (tx) =>
    tx.clientGrants.insert({
      id: `${grant.applicationId} ${grant.apiId}`,
      permissions: [],
      allowsAll: false,
      subjectType: 'client',
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
      ...grant,
    }),
  )
