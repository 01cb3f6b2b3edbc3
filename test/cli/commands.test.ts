import assert from 'node:assert/strict'
import { access, stat } from 'node:fs/promises'
import { after, test } from 'node:test'
import { administrator, type Env, rolecall, rolecallJson, scratch } from './command.ts'

type Row = Record<string, unknown>

const env: Env = { ...(await scratch({ after })).env, ...administrator }

test('migrate says what it did, the first time and the next', async () => {
  const first = await rolecallJson<Row[]>(['migrate'], env)
  assert.deepEqual([first.code, first.answer[0]?.step], [0, '0001-init'])
  const again = await rolecall(['migrate'], { env })
  assert.deepEqual([again.code, again.stdout], [0, 'Nothing.\nThe database was up to date.\n'])
})

test('the data directory is its owner’s alone', async () => {
  assert.equal((await stat(env.ROLECALL_DATA_DIR!)).mode & 0o777, 0o700)
})

test('an administrator is made with a password from standard input, and no second of the name', async () => {
  const args = ['admin', 'create', '--email', 'ada@example.com', '--password-stdin']
  const made = await rolecall(args, { env, input: 'Correct horse 10\n' })
  assert.deepEqual([made.code, made.stderr], [0, ''])
  assert.match(made.stdout, /^id +email +username\n[0-9a-f]{24} +ada@example\.com +ada\n$/u)
  const again = await rolecall([...args, '--json'], { env, input: 'Correct horse 10' })
  assert.deepEqual([again.code, JSON.parse(again.stderr).error.code], [1, 'taken'])
  const without = await rolecall(args, { env })
  assert.deepEqual([without.code, without.stderr], [2, 'A password is needed.\n'])
  const weak = await rolecall([...args.slice(0, 3), 'eve@example.com', '--password-stdin', '--json'], {
    env,
    input: 'a',
  })
  assert.deepEqual([weak.code, JSON.parse(weak.stderr).error.code], [1, 'weak_password'])
})

test('a role is given once, shown with its reason, and taken once', async () => {
  const named = ['--user', 'ROOT@example.com', '--role', 'guest']
  const about = ['--reason', 'visits us', '--expires', '2126-01-01T00:00:00Z']
  const given = await rolecallJson<Row>(['role', 'assign', ...named, ...about], env)
  assert.deepEqual([given.code, given.answer.added, given.answer.scope], [0, true, 'workspace'])
  const again = await rolecall(['role', 'assign', ...named], { env })
  assert.equal(again.code, 0)
  assert.match(again.stdout, /He holds it already; nothing changed\./u)
  const { answer } = await rolecallJson<Row[]>(['role', 'list', '--user', 'root'], env)
  const guest = answer.find(({ roleId }) => roleId === 'guest')
  assert.equal(guest?.reason, 'visits us')
  assert.equal(guest?.until, '2126-01-01T00:00:00.000Z')
  assert.equal(guest?.door, 'cli')
  const taken = await rolecallJson<Row>(['role', 'revoke', ...named], env)
  assert.deepEqual([taken.code, taken.answer.removed], [0, true])
  assert.equal((await rolecallJson<Row>(['role', 'revoke', ...named], env)).answer.removed, false)
})

test('permissions of the chat are given back the roles they had, which a dry run only shows', async () => {
  const clean = await rolecall(['permission', 'restore', '--dry-run'], { env })
  assert.deepEqual([clean.code, clean.stdout], [0, 'Nothing.\nNothing to restore.\n'])
  const unknown = await rolecallJson(['permission', 'restore', 'fly'], env)
  assert.deepEqual([unknown.code, unknown.error.code], [1, 'unknown_permission'])
})

test('roles are listed as a table for people', async () => {
  const { code, stdout } = await rolecall(['role', 'list'], { env })
  assert.equal(code, 0)
  assert.match(stdout, /^id +name +heldIn +isBuiltIn +description\n/u)
  assert.match(stdout, /\nowner +owner +room +true +Owner\n/u)
})

test('what is not there, and what may not be done, is refused with 1', async () => {
  const refused = async (...args: string[]) => {
    const { code, error, stdout } = await rolecallJson(args, env)
    assert.equal(stdout, '')
    return [code, error.code]
  }
  assert.deepEqual(await refused('role', 'assign', '--user', 'nobody', '--role', 'guest'), [1, 'not_found'])
  assert.deepEqual(await refused('role', 'assign', '--user', 'root', '--role', 'nothing'), [1, 'not_found'])
  const owner = ['role', 'assign', '--user', 'root', '--role', 'owner', '--scope', 'room:x']
  assert.deepEqual(await refused(...owner), [1, 'not_found'])
  const past = ['role', 'assign', '--user', 'root', '--role', 'guest', '--expires', '2001-01-01']
  assert.deepEqual(await refused(...past), [1, 'invalid'])
})

test('bad usage ends with 2 and one line, or with the help', async () => {
  const base = ['role', 'assign', '--user', 'root', '--role', 'guest']
  const lines = async (...args: string[]) => {
    const { code, stderr } = await rolecall(args, { env })
    assert.equal(code, 2, stderr)
    return stderr
  }
  assert.match(await lines(...base, '--scope', 'somewhere'), /^somewhere is no scope; accepted: .*\n$/u)
  assert.match(await lines(...base, '--expires', 'soon'), /^soon is no instant; accepted: .*\n$/u)
  assert.match(await lines('role', 'assign'), /^error: required option '--user <user>' not specified\n/u)
  assert.match(await lines('fly'), /^error: unknown command 'fly'\n/u)
  assert.match(await lines('role', 'list', '--colour'), /^error: unknown option '--colour'\n/u)
  assert.match(await lines('explain', '--user', 'root'), /^Name either a role or a permission\.\n$/u)
  assert.match(await lines('client', 'create', 'x', '--scopes', ' '), /^--scopes names no scope; .*\n$/u)
})

test('help ends well', async () => {
  const { code, stdout } = await rolecall(['--help'], { env })
  assert.equal(code, 0)
  for (const command of [
    'serve',
    'migrate',
    'admin',
    'client',
    'role',
    'explain',
    'backup',
    'restore',
    'doctor',
  ]) {
    assert.match(stdout, new RegExp(`\\n  ${command} `, 'u'))
  }
})

test('explain draws the way to a role and to a permission, and tells machines the same', async () => {
  const role = await rolecall(['explain', '--user', 'root', '--role', 'admin'], { env })
  assert.equal(role.code, 0)
  assert.match(
    role.stdout,
    /^root holds the role admin in workspace\.\n\nroot\n└─ holds admin in workspace, by the system, since \d{4}-/u,
  )
  const may = await rolecall(['explain', '--user', 'root', '--permission', 'users:read'], { env })
  assert.match(may.stdout, /\n {3}└─ which carries users:read\n$/u)
  const { answer } = await rolecallJson<{ answer: boolean; paths: unknown[] }>(
    ['explain', '--user', 'root', '--permission', 'users:read'],
    env,
  )
  assert.deepEqual([answer.answer, answer.paths.length], [true, 1])
  const not = await rolecall(['explain', '--user', 'root', '--role', 'bot'], { env })
  assert.equal(not.code, 0)
  assert.match(
    not.stdout,
    /^root does not hold the role bot in workspace\.\n\nWhat would do:\n {2}assign bot in/u,
  )
  const unknown = ['explain', '--user', 'root', '--permission', 'fly']
  assert.equal((await rolecall(unknown, { env })).code, 1)
})

test('a client is made with just the scopes it is given, or not at all', async () => {
  const made = await rolecallJson<Row>(['client', 'create', 'Till', '--scopes', 'read:users,read:roles'], env)
  assert.equal(made.code, 0)
  assert.match(String(made.answer.secret), /^[\w-]{64}$/u)
  assert.deepEqual(made.answer.scopes, ['read:users', 'read:roles'])
  const people = await rolecall(['client', 'create', 'Kiosk', '--scopes', 'all'], { env })
  assert.match(
    people.stdout,
    /^id +secret +name\n[0-9a-f]{24} +[\w-]{64} +Kiosk\nThe secret is not shown again\.\n$/u,
  )
  const wrong = await rolecallJson(['client', 'create', 'Robot', '--scopes', 'read:users,fly:high'], env)
  assert.deepEqual([wrong.code, wrong.error.code], [1, 'unknown_permission'])
})

test('a wrong environment ends every command with 2 and one line, and makes nothing', async (t) => {
  const { env } = await scratch(t)
  const wrong = { ...env, ROLECALL_PORT: 'ninety' }
  for (const args of [
    ['serve'],
    ['migrate'],
    ['role', 'list'],
    ['backup', 'x'],
    ['client', 'create', 'x', '--scopes', 'all'],
  ]) {
    const { code, stdout, stderr } = await rolecall(args, { env: wrong })
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, /^ROLECALL_PORT is "ninety", which [^\n]*; accepted: [^\n]*\n$/u)
  }
  await assert.rejects(access(env.ROLECALL_DATA_DIR!), /ENOENT/u)
})

test('a database that is away is told in one line, without its password', async (t) => {
  const { env } = await scratch(t)
  const away = { ...env, ROLECALL_DATABASE_URL: 'postgres://rolecall:geheim-pw@localhost:1/rolecall' }
  for (const args of [['serve'], ['role', 'list']]) {
    const { code, stdout, stderr } = await rolecall(args, { env: away })
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^The database can't be used: connect ECONNREFUSED [^\n]*\n$/u)
    assert.equal(stderr.includes('geheim-pw'), false)
  }
})
