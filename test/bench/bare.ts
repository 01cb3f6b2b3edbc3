/**
 * The baselines: bare Fastify routes that do the least which could be called the same job.
 * `/bytes`: sends given bytes. `/verified`: verifies a token with jose, does one raw prepared read, sends the rows.
 * `/assign`: verifies the token, commits one assignment row and one audit row with an fsync of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fastify from 'fastify'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'

export type BareOrder = {
  /** What Rolecall answers, byte for byte. */
  bytes: { roles: string; decision: string; more: string }
  jwks: JSONWebKeySet
  issuer: string
  database: string
}

const { bytes, jwks, issuer, database } = JSON.parse(process.argv[2]!) as BareOrder
const keys = createLocalJWKSet(jwks)
const verify = async (authorization = '') => {
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), keys, {
    issuer,
    audience: `${issuer}api/v2/`,
  })
  if (!String(payload.scope).includes('read:users')) throw new Error('scope')
}

const reader = new DatabaseSync(database, { readOnly: true })
const readRoles = reader.prepare(`select roles.id, roles.name, roles.description from assignments
  join roles on roles.id = assignments.role_id where assignments.user_id = ? and assignments.scope = 'workspace'`)
const mayDo = reader.prepare(`select 1 as yes from assignments
  join role_permissions on role_permissions.role_id = assignments.role_id
  where assignments.user_id = ? and api_id = ? and name = ? limit 1`)

const directory = mkdtempSync(join(tmpdir(), 'rolecall-bare-'))
const writer = new DatabaseSync(join(directory, 'bare.db'))
writer.exec(`pragma journal_mode = wal; pragma synchronous = full;
  create table assignments (user_id text, role_id text, scope text, created_at integer, primary key (user_id, role_id, scope));
  create table audit (number integer primary key autoincrement, type text, user_id text, role_id text, at integer, actor text)`)
const addAssignment = writer.prepare('insert or ignore into assignments values (?, ?, ?, ?)')
const addAudit = writer.prepare(
  'insert into audit (type, user_id, role_id, at, actor) values (?, ?, ?, ?, ?)',
)

const app = fastify()
app.get('/bytes/:id', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes.roles))
app.post('/decision', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes.decision))
app.get('/more', (_request, reply) => reply.type('application/json').send(bytes.more))
app.get<{ Params: { id: string } }>('/verified/:id', async (request) => {
  await verify(request.headers.authorization)
  return readRoles.all(request.params.id)
})
app.post<{ Body: { subject: { id: string }; action: { name: string } } }>(
  '/verified-decision',
  async (request) => {
    await verify(request.headers.authorization)
    const { subject, action } = request.body
    return { decision: mayDo.get(subject.id, 'bench-api', action.name) !== undefined }
  },
)
app.post<{ Params: { id: string }; Body: { roles: string[] } }>('/assign/:id', async (request, reply) => {
  await verify(request.headers.authorization)
  const [role] = request.body.roles
  writer.exec('begin immediate')
  addAssignment.run(request.params.id, role!, 'workspace', Date.now())
  addAudit.run('role.assigned', request.params.id, role!, Date.now(), 'bench')
  writer.exec('commit')
  return reply.code(204).send()
})
await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address() as { port: number }
console.log(JSON.stringify({ origin: `http://127.0.0.1:${address.port}` }))
process.on('SIGTERM', () => {
  rmSync(directory, { recursive: true })
  process.exit(0)
})
