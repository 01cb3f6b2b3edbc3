import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemActor } from '#core/actor.ts'
import { createRole } from '#core/roles/create.ts'
import { openWorkspace } from '#src/compose/workspace.ts'
import { realWorld } from '#src/compose/world.ts'
import { readConfig } from '#src/config.ts'
import { administrator, type Env, rolecall, rolecallJson, scratch } from './command.ts'

const { directory, env } = await scratch({ after })
const file = (name: string) => join(directory, name)

/** A workspace with the roles that the files name. */
const prepare = async (name: string): Promise<Env> => {
  const place = { ...env, ...administrator, ROLECALL_DATA_DIR: file(name) }
  const { run, close } = await openWorkspace(readConfig(place), realWorld('silent'))
  for (const role of ['Editor', 'Reader; all', 'Guest']) {
    await run(createRole, { name: role }, systemActor('cli'))
  }
  await close()
  return place
}

type Report = { inserted: number; updated: number; failed: number; refused: Record<string, unknown>[] }

const people = Array.from({ length: 230 }, (_, at) => ({
  user_id: `auth0|person-${at}`,
  email: `person-${at}@example.com`,
  email_verified: at % 2 === 0,
  name: `Person ${at}, "${'ü'.repeat(at % 5)}"\n`,
  ...(at % 3 === 0 && { roles: ['editor', 'user', 'guest'] }),
  ...(at % 7 === 0 && { app_metadata: { plan: 'a;b', nested: { list: [at] } }, blocked: true }),
}))

const source = await prepare('source')

test('good lines of a file are stored, each bad one is told with its line and why, and the exit code is 1', async () => {
  const bad = [
    '{"email": "person-0@example.com"}',
    'nonsense',
    '{"email": 7}',
    '{"email": "x@example.com", "roles": ["nothing"]}',
    '{"email": "x@example.com", "roles": ["GUEST"]}',
    '{"email": "x@example.com", "passwort": "x"}',
    '{"email": "x@example.com", "password_hash": "plain"}',
    '{"user_id": "github|1", "email": "x@example.com"}',
    '{"email": "no address"}',
  ]
  const lines = [...people.map((person) => JSON.stringify(person)), ...bad]
  await writeFile(file('people.jsonl'), lines.join('\n'))
  const { code, answer } = await rolecallJson<Report>(['user', 'import', file('people.jsonl')], source)
  assert.equal(code, 1)
  assert.deepEqual(
    [answer.inserted, answer.updated, answer.failed],
    [230, 0, 9],
    JSON.stringify(answer.refused),
  )
  assert.deepEqual(
    answer.refused.map((each) => [each.line, each.code, each.path]),
    [
      [231, 'taken', 'email'],
      [232, 'invalid', ''],
      [233, 'invalid', 'email'],
      [234, 'not_found', 'roles'],
      [235, 'ambiguous', 'roles'],
      [236, 'unknown_field', 'passwort'],
      [237, 'invalid', 'password_hash'],
      [238, 'invalid', 'user_id'],
      [239, 'invalid', 'email'],
    ],
  )
  const again = await rolecall(['user', 'import', file('people.jsonl')], { env: source })
  assert.equal(again.code, 1)
  assert.match(
    again.stdout,
    /^inserted +updated +failed\n0 +0 +239\n\nline +user +path +message\n1 +person-0@example\.com +id /u,
  )
})

test('users that are here already are changed where that is asked for', async () => {
  await writeFile(file('changes.csv'), 'email,name\r\nPERSON-1@example.com,Renamed\r\n')
  const changed = await rolecallJson<Report>(['user', 'import', file('changes.csv'), '--upsert'], source)
  assert.deepEqual([changed.code, changed.answer.updated, changed.answer.refused], [0, 1, []])
  await writeFile(file('changes.csv'), 'email,name\r\nperson-1@example.com,"Person 1, ""ü""\n"\r\n')
  assert.equal((await rolecall(['user', 'import', file('changes.csv'), '--upsert'], { env: source })).code, 0)
})

test('what is exported is imported again as it was, in every format, roles by name or id', async () => {
  const written = await rolecall(['user', 'export'], { env: source })
  assert.equal(written.code, 0)
  const users = written.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(users.length, 231)
  assert.deepEqual(
    users.slice(1).map(({ user_id, email, email_verified, name, roles }) => ({
      user_id,
      email,
      email_verified,
      name,
      roles,
    })),
    people.map(({ user_id, email, email_verified, name, roles }) => ({
      user_id,
      email,
      email_verified,
      name,
      roles: roles && ['user', 'guest', 'Editor'],
    })),
  )
  assert.doesNotMatch(written.stdout, /argon2|password/u)
  for (const format of ['jsonl', 'json', 'csv']) {
    const path = file(`out.${format}`)
    const exported = await rolecallJson<{ users: number }>(['user', 'export', path], source)
    assert.deepEqual([exported.code, exported.answer.users], [0, 231])
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    const place = await prepare(`copy-${format}`)
    const { code, answer } = await rolecallJson<Report>(['user', 'import', path], place)
    // The administrator is there already.
    assert.deepEqual([code, answer.inserted, answer.failed], [1, 230, 1], JSON.stringify(answer.refused[0]))
    const back = await rolecall(['user', 'export'], { env: place })
    const own = (text: string) => text.split('\n').slice(1)
    assert.deepEqual(own(back.stdout), own(written.stdout))
  }
})

test('no file is written over, and one that is not there is told in a line', async () => {
  const before = await readFile(file('people.jsonl'))
  const over = await rolecall(['user', 'export', file('people.jsonl')], { env: source })
  assert.deepEqual([over.code, over.stderr.split('\n').length], [1, 2])
  assert.deepEqual(await readFile(file('people.jsonl')), before)
  const absent = await rolecall(['user', 'import', file('absent.csv')], { env: source })
  assert.deepEqual([absent.code, absent.stderr.split('\n').length], [1, 2])
  const elsewhere = ['user', 'import', file('people.jsonl'), '--connection', 'nowhere']
  assert.equal((await rolecallJson(elsewhere, source)).error.code, 'not_found')
  assert.equal((await rolecall(['user', 'export', '--format', 'xml'], { env: source })).code, 2)
})
