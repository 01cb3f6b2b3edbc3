/**
 * Rolecall itself over a prepared data directory. Announces its origin and a token that may read, decide and assign.
 * Asked to, it makes raw signatures with its own key, or verifies a password, instead of serving.
 */
import { createHash, createPrivateKey, type JsonWebKey, randomBytes } from 'node:crypto'
import { verify } from '@node-rs/argon2'
import { decodeJwt, SignJWT } from 'jose'
import pino from 'pino'
import { systemActor } from '#core/actor.ts'
import { signingKeyContext } from '#core/keys/new-key.ts'
import { listSigningKeys } from '#core/keys/rotate.ts'
import { defaultThreads } from '#crypto/passwords.ts'
import { composeServer } from '#src/compose.ts'
import { readConfig } from '#src/config.ts'
import { benchAdministrator, benchClient, tokenRequest } from './seed.ts'

/** Sign tokens for so long, so many at once. */
export type SignOrder = { seconds: number; concurrent: number }
/** Verify this password for so long, on as many threads as sign-ins have. */
export type VerifyOrder = { seconds: number; password: string }

const [directory, asked] = process.argv.slice(2) as [string, string?]
const server = await composeServer(
  readConfig({
    ROLECALL_PORT: '0',
    ROLECALL_HTTPS_PORT: 'off',
    ROLECALL_DATA_DIR: directory,
    ROLECALL_RATE_LIMITS: 'off',
    ROLECALL_CLIENT_ID: benchClient.id,
    ROLECALL_CLIENT_SECRET: benchClient.secret,
  }),
  { now: Date.now, newId: () => randomBytes(12).toString('hex'), logger: pino({ level: 'error' }) },
)
const [origin] = (await server.listen()) as [string]
const response = await fetch(`${origin}/oauth/token`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: tokenRequest(origin),
})
const { access_token: token } = (await response.json()) as { access_token: string }

/** A session in Rocket.Chat's door. Opening it writes, so that it is opened only where it is asked for. */
const openChat = async (): Promise<Record<string, string>> => {
  const answer = await fetch(`${origin}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: benchAdministrator.email, password: benchAdministrator.password }),
  })
  const { data } = (await answer.json()) as { data: { userId: string; authToken: string } }
  return { 'x-user-id': data.userId, 'x-auth-token': data.authToken }
}
const chat = asked === 'chat' ? await openChat() : {}

/** What the token endpoint can't do without: the same claims, signed with the same key. */
const createSigner = async () => {
  const { run, services } = server.workspace
  const keys = await run(listSigningKeys, {}, systemActor('oidc'))
  const key = keys.find(({ algorithm, status }) => algorithm === 'RS256' && status === 'current')!
  const jwk = services.sealer.open(key.sealedPrivateJwk, signingKeyContext(key.id))
  const privateKey = createPrivateKey({ key: JSON.parse(jwk) as JsonWebKey, format: 'jwk' })
  const claims = decodeJwt(token)
  const header = { alg: 'RS256', typ: 'JWT', kid: key.id }
  return () => new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
}

/** How often a second the work gets done by so many at once. */
const repeat = async (seconds: number, concurrent: number, work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  const passed = () => (performance.now() - start) / 1000
  let done = 0
  const worker = async () => {
    while (passed() < seconds) {
      await work()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: concurrent }, worker))
  return done / passed()
}

const signatures = async ({ seconds, concurrent }: SignOrder): Promise<number> =>
  repeat(seconds, concurrent, await createSigner())

const verifications = async ({ seconds, password }: VerifyOrder): Promise<number> => {
  const hash = (await server.workspace.services.passwords.hash(password)).replace('sha256:', '')
  const digest = createHash('sha256').update(password).digest('hex')
  return repeat(seconds, defaultThreads, async () => {
    if (!(await verify(hash, digest))) throw new Error('the password did not verify')
  })
}

process.on('message', async (order: SignOrder | VerifyOrder) => {
  const perSecond = 'password' in order ? await verifications(order) : await signatures(order)
  process.send!({ perSecond })
})
process.on('SIGTERM', () => server.close().then(() => process.exit(0)))
console.log(
  JSON.stringify({
    origin,
    token,
    chat,
    jwks: await (await fetch(`${origin}/.well-known/jwks.json`)).json(),
  }),
)
