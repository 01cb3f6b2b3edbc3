import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { access, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import pino from 'pino'
import { fillWithDemo } from '#cli/demo-fill.ts'
import { systemActor } from '#core/actor.ts'
import { secretContext } from '#core/applications/application.ts'
import type { StoreTx } from '#core/store.ts'
import { createUser } from '#core/users/create.ts'
import { deleteUser } from '#core/users/delete.ts'
import { createSealer } from '#crypto/sealing.ts'
import { composeServer, type Server } from '#src/compose.ts'
import { readConfig } from '#src/config.ts'
import { backedUpTables } from '#store/backup.ts'
import { openEngine } from '#store/open.ts'
import { freshDatabase, onDatabase } from '#test/postgres.ts'
import { administrator, type Env, rolecall, rolecallJson, scratch } from './command.ts'

const { directory, env } = await scratch({ after })
const file = (name: string) => join(directory, name)
const dataDir = (name: string): Env => ({ ...env, ROLECALL_DATA_DIR: file(name) })

const client = { ROLECALL_CLIENT_ID: 'machine', ROLECALL_CLIENT_SECRET: 'machine-secret-0123456789' }
const system = systemActor('cli')

/** A workspace with rows in every table, and the number of a user who is gone. */
const fill = async (source: Env): Promise<{ lastUser: number }> => {
  const config = readConfig({ ...source, ...administrator, ...client, ROLECALL_LOG_LEVEL: 'silent' })
  const server = await composeServer(config, {
    now: Date.now,
    newId: () => randomBytes(12).toString('hex'),
    logger: pino({ level: 'silent' }),
  })
  try {
    return await fillWorkspace(server.workspace)
  } finally {
    await server.close()
  }
}

const fillWorkspace = async ({ run, store }: Server['workspace']): Promise<{ lastUser: number }> => {
  await fillWithDemo(run, 'Correct horse 9')
  const gone = await run(createUser, { username: 'gone' }, system)
  await run(deleteUser, { userId: gone.id }, system)
  const [user] = (await store.reader.users.list({ limit: 1 })).items
  const [connection] = (await store.reader.connections.list({ limit: 1 })).items
  const [organization] = (await store.reader.organizations.list({ limit: 1 })).items
  const [api] = (await store.reader.apis.list({ limit: 1 })).items
  const at = { createdAt: 1, expiresAt: 9e12 }
  await store.write(async (tx) => {
    await tx.users.addIdentity({
      userId: user!.id,
      provider: 'github',
      subject: 'ü|1',
      connectionName: 'github',
      isSocial: true,
      profile: { quote: '"\\\u2028\n𝄞' },
      createdAt: 1,
    })
    await tx.permissions.addToUser(user!.id, (await tx.permissions.list({ limit: 1 })).items[0]!)
    await tx.organizationConnections.put({
      organizationId: organization!.id,
      connectionId: connection!.id,
      assignsMembershipOnLogin: true,
      isSignupEnabled: false,
      showsAsButton: true,
    })
    await tx.invitations.insert({
      id: 'invitation',
      inviterName: 'A',
      email: 'b@example.com',
      roles: [],
      userMetadata: {},
      appMetadata: {},
      ticketDigest: 'digest',
      ...at,
    })
    await tx.roleRequests.insert({
      id: 'request',
      userId: user!.id,
      roleId: 'guest',
      scope: 'workspace',
      status: 'open',
      ...at,
    })
    await tx.rules.insert({
      id: 'rule',
      name: 'rule',
      description: '',
      isActive: false,
      position: 0,
      occasions: ['login'],
      condition: 'true',
      mode: 'add',
      roles: [],
      createdAt: 1,
      updatedAt: 1,
    })
    await tx.tickets.insert({
      id: 'ticket',
      purpose: 'change-password',
      userId: user!.id,
      digest: 'other digest',
      data: {},
      ...at,
    })
    await tx.secondFactors.insert({
      id: 'factor',
      userId: user!.id,
      kind: 'totp',
      name: '',
      counter: 1,
      isConfirmed: true,
      data: {},
      createdAt: 1,
    })
    await tx.sessions.insert({
      id: 'session',
      userId: user!.id,
      kind: 'api',
      door: 'native',
      digest: 'digest of a session',
      data: {},
      createdAt: 1,
    })
    await tx.failedAttempts.insert({ id: 'user nobody', identifier: 'nobody', failures: 1, since: 1 })
    await tx.passkeyChallenges.insert({ id: 'challenge', purpose: 'sign-in', expiresAt: 9e12 })
    await tx.mails.insert({
      id: 'mail',
      to: 'b@example.com',
      template: 'test',
      locale: 'en',
      data: {},
      status: 'failed',
      attempts: 11,
      createdAt: 1,
    })
    await tx.mailTemplates.insert({
      id: 'template',
      name: 'test',
      locale: 'en',
      subject: 's',
      html: 'h',
      isActive: true,
      createdAt: 1,
      updatedAt: 1,
      extensions: {},
    })
    await tx.serviceAccess.insert({
      id: 'access',
      roleId: 'user',
      serviceNumber: 1,
      component: 'user/*',
      verbMask: 31,
      requestorMask: 3,
      filters: [],
      filterOp: 'AND',
      createdAt: 1,
      updatedAt: 1,
    })
    await tx.entries.insert({
      id: 'entry',
      kind: 'lookup',
      owner: 'workspace',
      name: 'Host',
      data: { value: 'x' },
      sealedValue: 'sealed',
      createdBy: 1,
      updatedBy: 1,
      createdAt: 1,
      updatedAt: 1,
    })
    await insertHook(tx)
    await tx.jobs.insert({
      id: 'job',
      kind: 'users-import',
      status: 'failed',
      percentage: 50,
      input: {},
      summary: {},
      createdAt: 1,
      updatedAt: 1,
    })
    await tx.jobs.addErrors([{ jobId: 'job', item: { email: 'x' }, code: 'c', message: 'm', path: 'p' }])
  })
  assert.ok(api)
  await store.protocolRecords.put({ model: 'Session', id: 'one', payload: { sealed: 'x' }, expiresAt: 9e12 })
  await store.outbox.acknowledge('audit-log', 3)
  return { lastUser: gone.number }
}

const insertHook = async (tx: StoreTx) => {
  const at = { createdAt: 1, updatedAt: 1 }
  const script = {
    code: 'exports.onExecutePostLogin = async () => {}',
    dependencies: [{ name: 'auth0' }],
    secrets: [{ name: 'KEY', sealed: 'sealed', updatedAt: 1 }],
    runtime: 'node22',
    triggers: [{ name: 'user.post-login', version: 'v3' }],
    allowedHosts: ['example.com'],
    buildId: 'build',
    status: 'built',
    errors: [],
    resolved: [{ name: 'auth0', asked: '', version: '7.1.0', integrity: 'sha512-x' }],
    lock: [],
    ...at,
  } as const
  await tx.hooks.insert({
    id: 'hook',
    name: 'Ö',
    flavour: 'action',
    onFailure: 'deny',
    runsAs: 'caller',
    modifiesEvents: false,
    timeoutMs: 10_000,
    isEnabled: true,
    applicationIds: [],
    hasChanges: false,
    deploysWhenBuilt: false,
    deployedVersionId: 'version',
    versionsCount: 1,
    extensions: {},
    ...script,
  })
  await tx.hookVersions.insert({ id: 'version', hookId: 'hook', versionNumber: 1, ...script })
  await tx.hookBindings.insert({
    id: 'binding',
    trigger: 'user.post-login',
    hookId: 'hook',
    position: 0,
    displayName: 'x',
    ...at,
  })
  await tx.executions.insert({
    id: 'execution',
    runId: 'run',
    trigger: 'user.post-login',
    hookId: 'hook',
    hookName: 'x',
    status: 'done',
    input: {},
    log: [],
    calls: [],
    startedAt: 1,
  })
}

type Row = { table: string; row: Record<string, unknown> }

const rowsOf = async (path: string): Promise<{ header: { sealingKey: string }; rows: Row[] }> => {
  const [header, ...rows] = gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')
  return { header: JSON.parse(header!), rows: rows.map((row) => JSON.parse(row) as Row) }
}

const tablesOfSqlite = async (path: string): Promise<string[]> => {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(path)
  const rows = database.prepare("select name from sqlite_master where type = 'table'").all()
  database.close()
  return rows.map(({ name }) => String(name))
}

/** What a backup does not need: whose turn it is to write, which steps the schema has taken, SQLite's own. */
const ownAffairs = /^(?:writer|migrations|sqlite_.*)$/u

let lastUser = 0

test('a backup holds every row of every table, for its owner’s eyes only', async () => {
  ;({ lastUser } = await fill(dataDir('source')))
  const { code, answer } = await rolecallJson<{ rows: number }>(['backup', file('one.gz')], dataDir('source'))
  assert.equal(code, 0)
  assert.equal((await stat(file('one.gz'))).mode & 0o777, 0o600)
  const { rows } = await rowsOf(file('one.gz'))
  const filled = new Set(rows.map(({ table }) => table))
  assert.deepEqual([...filled].filter((table) => table !== 'sequences').sort(), [...backedUpTables].sort())
  assert.equal(rows.filter(({ table }) => table !== 'sequences').length, answer.rows)
  const existing = await tablesOfSqlite(join(file('source'), 'rolecall.db'))
  assert.deepEqual(existing.filter((name) => !ownAffairs.test(name)).sort(), [...backedUpTables].sort())
})

test('SQLite to SQLite, to PostgreSQL and back: no row differs', async () => {
  const postgres = { ...dataDir('elephant'), ROLECALL_DATABASE_URL: await freshDatabase({ migrated: false }) }
  const copies = [
    [dataDir('copy'), file('two.gz')],
    [postgres, file('three.gz')],
    [dataDir('back'), file('four.gz')],
  ] as const
  const original = await rowsOf(file('one.gz'))
  let from = file('one.gz')
  for (const [place, to] of copies) {
    const restored = await rolecallJson<{ rows: number }>(['restore', from], place)
    assert.deepEqual([restored.code, restored.stderr], [0, ''])
    assert.equal((await rolecall(['backup', to], { env: place })).code, 0)
    const copied = await rowsOf(to)
    assert.deepEqual(copied.rows, original.rows)
    assert.equal(copied.header.sealingKey, original.header.sealingKey)
    from = to
  }
})

test('secrets open with the key that came along', async () => {
  const { header, rows } = await rowsOf(file('four.gz'))
  const machine = rows.find(({ table, row }) => table === 'applications' && row.id === 'machine')
  const sealer = createSealer(await readFile(join(file('back'), 'sealing.key')))
  assert.equal((await readFile(join(file('back'), 'sealing.key'))).toString('base64'), header.sealingKey)
  const secret = sealer.open(String(machine?.row.sealed_secret), secretContext('machine'))
  assert.equal(secret, client.ROLECALL_CLIENT_SECRET)
})

test('numbers go on behind the last that was ever used, on both engines', async () => {
  const postgres = {
    ...dataDir('elephant-2'),
    ROLECALL_DATABASE_URL: await freshDatabase({ migrated: false }),
  }
  for (const place of [dataDir('numbers'), postgres]) {
    assert.equal((await rolecall(['restore', file('one.gz')], { env: place })).code, 0)
    const input = 'Correct horse 10'
    const made = await rolecall(
      ['admin', 'create', '--email', 'new@example.com', '--password-stdin', '--json'],
      {
        env: place,
        input,
      },
    )
    assert.equal(made.code, 0, made.stderr)
    const engine = await openEngine(place.ROLECALL_DATABASE_URL ?? join(file('numbers'), 'rolecall.db'))
    const rows = await engine.readers
      .selectFrom('users')
      .select('number')
      .orderBy('number', 'desc')
      .limit(1)
      .execute()
    await engine.close()
    assert.equal(rows[0]?.number, lastUser + 1)
  }
  const tables = await onDatabase(
    postgres.ROLECALL_DATABASE_URL,
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  )
  const names = tables.map(({ name }) => String(name)).filter((name) => !ownAffairs.test(name))
  assert.deepEqual(names.sort(), [...backedUpTables].sort())
})

test('a backup is never restored over a workspace, and the key that was there stays', async () => {
  const place = dataDir('taken')
  assert.equal((await rolecall(['migrate'], { env: place })).code, 0)
  const key = await readFile(join(file('taken'), 'sealing.key'))
  const { code, stderr } = await rolecall(['restore', file('one.gz')], { env: place })
  assert.deepEqual(
    [code, stderr],
    [2, 'The database holds a workspace already. Restore into an empty one.\n'],
  )
  assert.deepEqual(await readFile(join(file('taken'), 'sealing.key')), key)
  assert.equal((await rolecall(['role', 'list'], { env: place })).code, 0)
})

test('a backup that is cut off, damaged or something else is refused, and leaves an empty database', async () => {
  const whole = await readFile(file('one.gz'))
  const damaged = Buffer.from(whole)
  const middle = Math.floor(damaged.length / 2)
  damaged.fill(0, middle, middle + 50)
  const broken = { 'cut.gz': whole.subarray(0, whole.length - 2000), 'damaged.gz': damaged }
  for (const [name, bytes] of Object.entries(broken)) {
    await writeFile(file(name), bytes)
    const { code, stderr } = await rolecall(['restore', file(name)], { env: dataDir('half') })
    assert.equal(code, 2, stderr)
    assert.match(stderr, new RegExp(`^${file(name)} is damaged: [^\\n]+\\n$`, 'u'))
    await assert.rejects(access(join(file('half'), 'sealing.key')), /ENOENT/u)
  }
  await writeFile(file('other.gz'), 'no backup at all')
  const other = await rolecall(['restore', file('other.gz')], { env: dataDir('half') })
  assert.equal(other.code, 2)
  assert.match(other.stderr, /other\.gz is no backup of Rolecall: incorrect header check\n$/u)
  const absent = await rolecall(['restore', file('absent.gz')], { env: dataDir('half') })
  assert.deepEqual([absent.code, absent.stderr.split('\n').length], [2, 2])
  // What failed left nothing behind: the whole one still fits.
  const { code, stderr } = await rolecall(['restore', file('one.gz')], { env: dataDir('half') })
  assert.deepEqual([code, stderr], [0, ''])
})

test('no file is written over, and none is left where it could not be finished', async () => {
  const before = await readFile(file('one.gz'))
  const over = await rolecall(['backup', file('one.gz')], { env: dataDir('source') })
  assert.equal(over.code, 1)
  assert.match(over.stderr, /^EEXIST: file already exists, open [^\n]+\n$/u)
  assert.deepEqual(await readFile(file('one.gz')), before)
  const nowhere = await rolecall(['backup', join(file('nowhere'), 'x.gz')], { env: dataDir('source') })
  assert.deepEqual([nowhere.code, nowhere.stderr.split('\n').length], [1, 2])
})
