import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { administrator, type Env, type RunningServer, rolecall, scratch, startServe } from './command.ts'

const client = { ROLECALL_CLIENT_ID: 'machine', ROLECALL_CLIENT_SECRET: 'machine-secret-0123456789' }

type Closing = { after(close: () => unknown): void }

const open = async (t: Closing, more: Env = {}) => {
  const { env } = await scratch(t)
  const all = {
    ...env,
    ROLECALL_HTTPS_PORT: 'off',
    ROLECALL_LOG_LEVEL: 'warn',
    ...administrator,
    ...client,
    ...more,
  }
  return { env: all, server: await startServe(t, all) }
}

const tokenOf = async ({ http }: RunningServer): Promise<string> => {
  const answer = await fetch(`${http}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: client.ROLECALL_CLIENT_ID,
      client_secret: client.ROLECALL_CLIENT_SECRET,
      audience: `${http}/api/v2/`,
    }),
  })
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { access_token: string }).access_token
}

const call = async ({ http }: RunningServer, method: string, path: string, token: string, body?: object) => {
  const answer = await fetch(`${http}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

/** @returns how many seconds it took to end after the work was done */
const withinTenSeconds = async (
  server: RunningServer,
  work: () => Promise<void> = async () => {},
): Promise<number> => {
  const start = performance.now()
  server.signal('SIGTERM')
  await work()
  const answered = performance.now()
  assert.deepEqual(await server.ended, { code: 0, signal: null }, server.output())
  assert.ok(performance.now() - start < 10_000, 'it took longer than ten seconds')
  return (performance.now() - answered) / 1000
}

test('at every log level there is one ready line with the addresses, and they are ready', async (t) => {
  const { env } = await scratch(t)
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) {
    const server = await startServe(t, { ...env, ROLECALL_LOG_LEVEL: level })
    assert.match(server.http, /^http:\/\/127\.0\.0\.1:\d+$/u)
    assert.match(server.https!, /^https:\/\/127\.0\.0\.1:\d+$/u)
    const { status } = await fetch(`${server.http}/readyz`)
    const lines = server.output().trimEnd().split('\n')
    assert.equal(lines.filter((line) => line.includes('"msg":"ready"')).length, 1)
    // Without an administrator the way to become one is told as well.
    const secret = /"setUpLink":"https:\/\/localhost:\d+\/set-up\?secret=[\w-]+"/u
    assert.equal(lines.filter((line) => secret.test(line)).length, 1)
    if (level === 'silent') assert.equal(lines.length, 2)
    assert.equal(status, 200)
    server.signal('SIGKILL')
    await server.ended
  }
  assert.equal((await stat(env.ROLECALL_DATA_DIR!)).mode & 0o777, 0o700)
})

test('a request in flight is answered after SIGTERM; nothing new is taken; then it ends with 0', async (t) => {
  const { server } = await open(t)
  const token = await tokenOf(server)
  const { hostname, port, host } = new URL(server.http)
  const slow = request(`${server.http}/api/v2/roles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 15 },
  })
  slow.write('{"name":')
  // Its request line has been read, the rest has not: it comes too late.
  const late = connect(Number(port), hostname)
  late.write('GET /readyz HTTP/1.1\r\n')
  const stream = await fetch(`${server.http}/api/rolecall/v1/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(stream.status, 200)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const [kept] = await once(request(`${server.http}/healthz`, { agent }).end(), 'response')
  await text(kept)

  const seconds = await withinTenSeconds(server, async () => {
    await stream.text()
    late.write(`Host: ${host}\r\n\r\n`)
    assert.match(await text(late), /^HTTP\/1\.1 503 /u)
    const refused = connect(Number(port), hostname)
    const [error] = await once(refused, 'error')
    assert.equal(error.code, 'ECONNREFUSED')
    slow.end('"slow"}')
    const [answer] = await once(slow, 'response')
    assert.equal(answer.statusCode, 200, await text(answer))
  })
  // Its connection would be kept for five seconds.
  assert.ok(seconds < 3, `it ended ${seconds} s after the last answer`)
})

test('whoever never finishes a request does not hold up the end', async (t) => {
  const { server } = await open(t)
  const { hostname, port, host } = new URL(server.http)
  const endless = connect(Number(port), hostname)
  endless.on('error', () => {})
  const type = 'Content-Type: application/json'
  endless.write(`POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${type}\r\nContent-Length: 100\r\n\r\n{`)
  await fetch(`${server.http}/healthz`)
  await withinTenSeconds(server)
})

test('what was acknowledged is there after kill -9', async (t) => {
  const { env, server } = await open(t)
  const token = await tokenOf(server)
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      call(server, 'POST', '/api/v2/roles', token, { name: `role ${at}` }),
    ),
  )
  assert.deepEqual([...new Set(made.map(({ status }) => status))], [200])
  server.signal('SIGKILL')
  assert.deepEqual(await server.ended, { code: null, signal: 'SIGKILL' })

  const again = await startServe(t, env)
  const { body } = await call(again, 'GET', '/api/v2/roles?include_totals=true', await tokenOf(again))
  assert.equal(body.total, 20)
  await withinTenSeconds(again)
})

test('two servers on one data directory see each other’s writes', async (t) => {
  const { env, server } = await open(t)
  const other = await startServe(t, env)
  const tokens = [await tokenOf(server), await tokenOf(other)]
  const writes = [server, other].flatMap((each, at) =>
    Array.from({ length: 20 }, (_, index) =>
      call(each, 'POST', '/api/v2/roles', tokens[at]!, { name: `role ${index} of ${at}` }),
    ),
  )
  for (const { status, body } of await Promise.all(writes)) assert.equal(status, 200, JSON.stringify(body))
  for (const [at, each] of [server, other].entries()) {
    const { body } = await call(each, 'GET', '/api/v2/roles?include_totals=true', tokens[at]!)
    assert.equal(body.total, 40)
  }
  await withinTenSeconds(server)
  await withinTenSeconds(other)
})

test('secrets of the environment are never written out, at no log level', async (t) => {
  const secrets = {
    ROLECALL_ADMIN_PASSWORD: 'Geheim horse 9',
    ROLECALL_CLIENT_SECRET: 'geheim-client-0123456789',
    ROLECALL_API_KEY: 'geheim-api-key-0123456789',
    ROLECALL_SMTP_URL: 'smtp://me:geheim-smtp@127.0.0.1:1',
  }
  const { env, server } = await open(t, { ROLECALL_LOG_LEVEL: 'trace', ...secrets })
  const wrong = { grant_type: 'client_credentials', client_id: 'machine', client_secret: 'geheim-wrong' }
  for (const body of [JSON.stringify(wrong), '{', JSON.stringify({ ...wrong, audience: {} })]) {
    const headers = { 'content-type': 'application/json', authorization: 'Basic geheim-basic' }
    await (await fetch(`${server.http}/oauth/token`, { method: 'POST', headers, body })).text()
  }
  await (await fetch(`${server.http}/api/v2/users?token=geheim-query`)).text()
  await withinTenSeconds(server)
  assert.doesNotMatch(server.output(), /geheim/iu)
  const doctor = await rolecall(['doctor', '--json'], { env })
  assert.doesNotMatch(doctor.stdout + doctor.stderr, /geheim/iu)
  for (const name of [
    'ROLECALL_SMTP_URL',
    'ROLECALL_API_KEY',
    'ROLECALL_ADMIN_PASSWORD',
    'ROLECALL_CLIENT_SECRET',
  ]) {
    const broken = await rolecall(['serve'], { env: { ...env, [name]: 'geheim\u0001' } })
    assert.equal(broken.code, 2)
    assert.doesNotMatch(broken.stdout + broken.stderr, /geheim/iu)
  }
})

test('a taken port is told in one line, on either of the two, and ends with 1', async (t) => {
  const { env } = await scratch(t)
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const taken = String((other.address() as { port: number }).port)
  for (const name of ['ROLECALL_PORT', 'ROLECALL_HTTPS_PORT']) {
    const { code, stderr } = await rolecall(['serve'], {
      env: { ...env, [name]: taken, ROLECALL_LOG_LEVEL: 'silent' },
    })
    assert.deepEqual(
      [code, stderr],
      [
        1,
        `Port ${taken} of 127.0.0.1 is taken by another program; see ROLECALL_PORT and ROLECALL_HTTPS_PORT.\n`,
      ],
    )
  }
})

test('the demo starts filled, tells how to get in, and leaves nothing behind', async (t) => {
  const { env, directory } = await scratch(t)
  const { ROLECALL_DATA_DIR: _, ...rest } = env
  const server = await startServe(t, { ...rest, TMPDIR: directory, ROLECALL_LOG_LEVEL: 'silent' }, ['demo'])
  const [, id, secret] = /Client (\S+), secret (\S+), may do everything/u.exec(server.output()) ?? []
  assert.equal(id, 'demo')
  const audience = `${server.http}/api/v2/`
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
    audience,
  })
  const headers = { 'content-type': 'application/json' }
  const token = await (await fetch(`${server.http}/oauth/token`, { method: 'POST', headers, body })).json()
  const { access_token: bearer } = token as { access_token: string }
  const users = await call(server, 'GET', '/api/v2/users?include_totals=true', bearer)
  assert.equal(users.body.total, 27)
  const search = await call(server, 'GET', '/api/rolecall/v1/assignments?total=true&limit=1', bearer)
  assert.ok(Number(search.body.total) > 25)
  assert.match(String(await readdir(directory)), /^rolecall-demo-/u)
  await withinTenSeconds(server)
  assert.deepEqual(await readdir(directory), [])
})
