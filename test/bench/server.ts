/** Rolecall itself over a prepared data directory. Announces its origin and a token that may read and assign. */
import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { composeServer } from '#src/compose.ts'
import { readConfig } from '#src/config.ts'
import { benchClient } from './seed.ts'

const [directory] = process.argv.slice(2) as [string]
const started = performance.now()
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
await server.listen()
const readyMilliseconds = performance.now() - started
const origin = server.hosts.canonical
const response = await fetch(`${origin}/oauth/token`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    grant_type: 'client_credentials',
    client_id: benchClient.id,
    client_secret: benchClient.secret,
    audience: `${origin}/api/v2/`,
    scope: 'read:users read:roles update:users read:user_effective_permissions',
  }),
})
const { access_token: token } = (await response.json()) as { access_token: string }
console.log(JSON.stringify({ origin, token, readyMilliseconds }))
process.on('SIGTERM', () => server.close().then(() => process.exit(0)))
process.on('message', () => process.send?.({ rssBytes: process.memoryUsage.rss() }))
