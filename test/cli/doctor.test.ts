import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { ensureLocalAuthority } from '#crypto/authority.ts'
import { type Env, rolecall, rolecallJson, scratch } from './command.ts'

type Finding = { check: string; verdict: 'good' | 'look' | 'bad'; found: string; mend?: string }

const { env } = await scratch({ after })

const examine = async (more: Env = {}) => {
  const { code, answer } = await rolecallJson<Finding[]>(['doctor'], { ...env, ...more })
  const finding = (check: string) => {
    const found = answer.find((each) => each.check === check)
    assert.ok(found, `${check} was not looked at`)
    return found
  }
  return { code, answer, finding }
}

/** Nothing listens there once this resolves. */
const deadPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const dayInMilliseconds = 86_400_000

test('all is well on a fresh machine, and people get a table', async () => {
  const { code, stdout } = await rolecall(['doctor'], { env })
  assert.equal(code, 0)
  assert.match(stdout, /^check +verdict +found +mend\nconfiguration +good +issuer https:/u)
  const { answer } = await examine()
  assert.deepEqual(
    answer.map(({ check, verdict }) => [check, verdict]),
    ['configuration', 'data directory', 'database', 'clock', 'certificate', 'mail'].map((check) => [
      check,
      'good',
    ]),
  )
})

test('a wrong variable is the finding, and nothing else is looked at', async () => {
  const { code, answer } = await examine({ ROLECALL_PORT: 'ninety' })
  assert.equal(code, 1)
  assert.deepEqual(answer, [
    {
      check: 'configuration',
      verdict: 'bad',
      found: 'ROLECALL_PORT is "ninety", which is not a port number; accepted: a port from 0 to 65535',
      mend: 'Set ROLECALL_PORT anew.',
    },
  ])
})

test('a misspelt variable is pointed at', async () => {
  const { code, finding } = await examine({ ROLECALL_PORTS: '1' })
  assert.equal(code, 0)
  assert.deepEqual(
    [finding('configuration').verdict, finding('configuration').found],
    ['look', 'ROLECALL_PORTS is not a variable of Rolecall; did you mean ROLECALL_PORT?'],
  )
})

test('a data directory that others can enter is pointed at, with the way to close it', async () => {
  const place = await scratch({ after })
  const data = place.env.ROLECALL_DATA_DIR!
  await mkdir(data, { mode: 0o755 })
  await chmod(data, 0o755)
  const { code, finding } = await examine(place.env)
  assert.deepEqual([code, finding('data directory').verdict], [0, 'look'])
  assert.equal(finding('data directory').mend, `chmod 700 ${data}`)
})

test('a mail server that does not answer is found, and its password not told', async () => {
  const more = { ROLECALL_SMTP_URL: `smtp://me:geheim-pw@127.0.0.1:${await deadPort()}` }
  const { code, answer, finding } = await examine(more)
  assert.equal(code, 1)
  assert.equal(finding('mail').verdict, 'bad')
  assert.match(finding('mail').found, /^127\.0\.0\.1: connect ECONNREFUSED/u)
  assert.equal(JSON.stringify(answer).includes('geheim-pw'), false)
})

test('a mail server that lets us in is good, one that does not is found', async (t) => {
  const server = new SMTPServer({
    authOptional: false,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) =>
      password === 'right' ? callback(null, { user: 'me' }) : callback(new Error('Wrong password')),
  })
  server.listen(0, '127.0.0.1')
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  await new Promise((resolve) => server.server.once('listening', resolve))
  const { port } = server.server.address() as { port: number }
  const url = (password: string) => ({ ROLECALL_SMTP_URL: `smtp://me:${password}@127.0.0.1:${port}` })
  const good = await examine({ ...url('right'), ROLECALL_MAIL_FROM: 'no-reply@example.com' })
  assert.equal(good.finding('mail').verdict, 'good')
  assert.equal((await examine(url('right'))).finding('mail').verdict, 'look')
  const refused = await examine(url('geheim-pw'))
  assert.equal(refused.finding('mail').verdict, 'bad')
  assert.match(refused.finding('mail').found, /Wrong password/u)
  assert.equal(JSON.stringify(refused.answer).includes('geheim-pw'), false)
})

test('a database file that is none, and one with broken pages, are found', async () => {
  for (const spoil of [
    async (path: string) => writeFile(path, 'this is no database, whatever its name says'.repeat(100)),
    async (path: string) => {
      const bytes = await readFile(path)
      // Past the first pages, so that it still opens.
      bytes.fill(0xa5, 4096 * 4, 4096 * 40)
      await writeFile(path, bytes)
    },
  ]) {
    const place = await scratch({ after })
    assert.equal((await rolecall(['migrate'], { env: place.env })).code, 0)
    await spoil(join(place.env.ROLECALL_DATA_DIR!, 'rolecall.db'))
    const { code, finding } = await examine(place.env)
    assert.deepEqual([code, finding('database').verdict], [1, 'bad'])
    assert.ok(finding('database').mend)
  }
})

test('a database server that is away is found, and its password not told', async () => {
  const more = { ROLECALL_DATABASE_URL: `postgres://me:geheim-pw@127.0.0.1:${await deadPort()}/x` }
  const { code, answer, finding } = await examine(more)
  assert.deepEqual([code, finding('database').verdict], [1, 'bad'])
  assert.match(finding('database').found, /ECONNREFUSED/u)
  assert.equal(JSON.stringify(answer).includes('geheim-pw'), false)
})

test('a certificate that has expired, or does not cover a public host, is found', async () => {
  const place = await scratch({ after })
  const dataDir = place.env.ROLECALL_DATA_DIR!
  const longAgo = () => Date.now() - 5000 * dayInMilliseconds
  await ensureLocalAuthority({ dataDir, hosts: [], now: longAgo })
  const expired = await examine(place.env)
  assert.deepEqual([expired.code, expired.finding('certificate').verdict], [1, 'bad'])
  assert.match(expired.finding('certificate').found, /server\.pem has expired$/u)

  const own = join(place.directory, 'own')
  const { certPem, keyPem } = await ensureLocalAuthority({ dataDir: own, hosts: [], now: Date.now })
  await writeFile(join(own, 'cert.pem'), certPem)
  await writeFile(join(own, 'key.pem'), keyPem)
  const uncovering = await examine({
    ...place.env,
    ROLECALL_TLS_CERT: join(own, 'cert.pem'),
    ROLECALL_TLS_KEY: join(own, 'key.pem'),
    ROLECALL_PUBLIC_URL: 'https://roles.example.com,https://localhost:4433',
  })
  assert.deepEqual([uncovering.code, uncovering.finding('certificate').verdict], [1, 'bad'])
  assert.match(uncovering.finding('certificate').found, /cert\.pem does not cover roles\.example\.com$/u)
})
