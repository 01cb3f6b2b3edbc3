import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ensureLocalAuthority } from '#crypto/authority.ts'
import { ConfigError, environment, environmentTable, readConfig } from './config.ts'

const folder = await mkdtemp(join(tmpdir(), 'rolecall-config-'))
after(() => rm(folder, { recursive: true }))

const write = async (name: string, content: string) => {
  await writeFile(join(folder, name), content)
  return name
}
const make = () => ensureLocalAuthority({ dataDir: join(folder, 'authority'), hosts: [], now: Date.now })
const { caPem, certPem, keyPem } = await make()
const [cert, key, notPem] = [
  await write('cert.pem', certPem + caPem),
  await write('key.pem', keyPem),
  await write('not.pem', 'x'),
]
await mkdir(join(folder, 'directory'))

type Env = Record<string, string | undefined>
const read = (env: Env) => readConfig(env, folder)
const refusal = (env: Env): ConfigError => {
  try {
    read(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error
  }
  assert.fail(`accepted: ${JSON.stringify(env)}`)
}

test('without any variable the defaults of the table hold', () => {
  assert.deepEqual(read({}), {
    host: '127.0.0.1',
    port: 3000,
    httpsPort: 3443,
    tls: undefined,
    publicUrls: ['https://localhost:3443'],
    dataDir: join(folder, 'data'),
    databaseUrl: undefined,
    admin: undefined,
    client: undefined,
    apiKey: undefined,
    smtpUrl: undefined,
    mailFrom: undefined,
    firstUserIsAdmin: false,
    logLevel: 'info',
    rateLimits: true,
    trustProxy: [],
    npmEnvironment: {},
    warnings: [],
  })
})

test('an empty variable counts as unset', () => {
  assert.deepEqual(read(Object.fromEntries(environment.map(({ name }) => [name, '']))), read({}))
})

test('every variable is read and kept', () => {
  const config = read({
    ROLECALL_HOST: '::',
    ROLECALL_PORT: '0',
    ROLECALL_HTTPS_PORT: '65535',
    ROLECALL_TLS_CERT: cert,
    ROLECALL_TLS_KEY: join(folder, key),
    ROLECALL_PUBLIC_URL: 'https://Roles.example.com/, http://[::1]:8080,https://roles.example.com:443',
    ROLECALL_DATA_DIR: 'directory',
    ROLECALL_DATABASE_URL: 'postgres://u:p%23w@db.example:5432/rolecall',
    ROLECALL_ADMIN_EMAIL: 'ada@example.com',
    ROLECALL_ADMIN_PASSWORD: ' pass wörd ',
    ROLECALL_ADMIN_USERNAME: 'countess',
    ROLECALL_CLIENT_ID: 'machine',
    ROLECALL_CLIENT_SECRET: 'the secret',
    ROLECALL_API_KEY: '0123456789abcdef',
    ROLECALL_SMTP_URL: 'smtps://u:p@mail.example',
    ROLECALL_MAIL_FROM: 'Role Call <no-reply@example.com>',
    ROLECALL_FIRST_USER_IS_ADMIN: 'on',
    ROLECALL_LOG_LEVEL: 'debug',
    ROLECALL_RATE_LIMITS: 'off',
    ROLECALL_TRUST_PROXY: '10.0.0.0/8, ::1,192.0.2.1',
  })
  assert.deepEqual(config, {
    host: '::',
    port: 0,
    httpsPort: 65535,
    tls: { certPath: join(folder, cert), keyPath: join(folder, key) },
    publicUrls: ['https://roles.example.com', 'http://[::1]:8080'],
    dataDir: join(folder, 'directory'),
    databaseUrl: 'postgres://u:p%23w@db.example:5432/rolecall',
    admin: { email: 'ada@example.com', password: ' pass wörd ', username: 'countess' },
    client: { id: 'machine', secret: 'the secret' },
    apiKey: '0123456789abcdef',
    smtpUrl: 'smtps://u:p@mail.example',
    mailFrom: 'Role Call <no-reply@example.com>',
    firstUserIsAdmin: true,
    logLevel: 'debug',
    rateLimits: false,
    trustProxy: ['10.0.0.0/8', '::1', '192.0.2.1'],
    npmEnvironment: {},
    warnings: [],
  })
})

test('the table lists exactly the variables that are read', () => {
  const asked = new Set<PropertyKey>()
  read(
    new Proxy<Env>(
      {},
      {
        get: (_target, name) => {
          asked.add(name)
          return undefined
        },
      },
    ),
  )
  assert.deepEqual([...asked].sort(), environment.map(({ name }) => name).sort())
})

test('values that are right in an unusual way are accepted', () => {
  const cases: Env[] = [
    { ROLECALL_HOST: 'localhost' },
    { ROLECALL_HOST: 'db_1.internal' },
    { ROLECALL_PORT: '0', ROLECALL_HTTPS_PORT: '0' },
    { ROLECALL_DATABASE_URL: 'postgresql://db/rolecall' },
    { ROLECALL_DATABASE_URL: 'postgres:///rolecall?host=/run/postgresql' },
    { ROLECALL_MAIL_FROM: 'no-reply@example.com' },
    { ROLECALL_RATE_LIMITS: 'false', ROLECALL_FIRST_USER_IS_ADMIN: 'true' },
    { ROLECALL_DATA_DIR: 'not/there/yet' },
  ]
  for (const env of cases) assert.ok(read(env), JSON.stringify(env))
  assert.equal(read({ ROLECALL_FIRST_USER_IS_ADMIN: 'true' }).firstUserIsAdmin, true)
  assert.equal(read({ ROLECALL_RATE_LIMITS: 'false' }).rateLimits, false)
})

test('the public URL follows from the ports', () => {
  const cases: [Env, string][] = [
    [{ ROLECALL_HTTPS_PORT: '8443' }, 'https://localhost:8443'],
    [{ ROLECALL_HTTPS_PORT: '443' }, 'https://localhost'],
    [{ ROLECALL_HTTPS_PORT: 'off', ROLECALL_PORT: '8080' }, 'http://localhost:8080'],
    [{ ROLECALL_HTTPS_PORT: 'off', ROLECALL_PORT: '80' }, 'http://localhost'],
  ]
  for (const [env, expected] of cases) assert.deepEqual(read(env).publicUrls, [expected])
})

test("without a user name the administrator's is the local part of the e-mail", () => {
  const env = { ROLECALL_ADMIN_EMAIL: 'ada.l@example.com', ROLECALL_ADMIN_PASSWORD: 'x' }
  assert.equal(read(env).admin?.username, 'ada.l')
})

const wrongValues: Partial<Record<(typeof environment)[number]['name'], string[]>> = {
  ROLECALL_HOST: ['http://localhost', '999.1.1.1', 'a b', '[::1]', '-x', 'localhost:80', 'a..b'],
  ROLECALL_PORT: ['abc', '-1', '65536', '3000 ', '0x10', '1e3', 'off', '3.5', '000003000'],
  ROLECALL_HTTPS_PORT: ['on', 'OFF', '70000', '3000'],
  ROLECALL_TLS_CERT: ['missing.pem', 'directory', notPem, key],
  ROLECALL_TLS_KEY: ['missing.pem', 'directory', notPem, cert],
  ROLECALL_PUBLIC_URL: [
    'localhost',
    'localhost:3000',
    'ftp://a.example',
    'https:a.example',
    'https://a.example/path',
    'https://a.example?x',
    'https://a.example/?x=1',
    'https://a.example#x',
    'https://u:hunter2@a.example',
    'https://u@a.example',
    'https://*.example',
    'https://a.example,',
    ',',
    'https://a.example https://b.example',
    'https://a.example:99999',
  ],
  ROLECALL_DATA_DIR: [notPem, `${notPem}/below`],
  ROLECALL_DATABASE_URL: [
    'hunter2',
    'mysql://u:hunter2@db/x',
    'postgres://',
    'postgres://u:hunter2#x@db/x',
    'postgres://u@db/x#hunter2',
    'postgres://u:hunter2\n@db/x',
    'sqlite:hunter2',
  ],
  ROLECALL_ADMIN_EMAIL: [
    'ada',
    '@example.com',
    'ada@',
    'a b@example.com',
    'a@b@c',
    '<a@example.com>',
    'a@b\n',
  ],
  ROLECALL_ADMIN_PASSWORD: ['hunter2\n', 'hunter2\u0000'],
  ROLECALL_ADMIN_USERNAME: ['a b', 'a\n'],
  ROLECALL_CLIENT_ID: ['a b', 'ü', 'a\n'],
  ROLECALL_CLIENT_SECRET: ['hunter2\n', 'hunter2ü'],
  ROLECALL_API_KEY: [
    'hunter2',
    'hunter2 hunter2 hunter2',
    'hunter2hunter2hunter2\n',
    'hunter2hunter2hunter2ü',
  ],
  ROLECALL_SMTP_URL: ['hunter2', 'http://u:hunter2@mail', 'smtp://', 'smtp://u:hunter2@mail/#x'],
  ROLECALL_MAIL_FROM: [
    'x',
    'Name <x>',
    'a@example.com\nBcc: b@example.com',
    'A\n<a@example.com>',
    '<a@example.com',
  ],
  ROLECALL_FIRST_USER_IS_ADMIN: ['yes', '1', 'ON', 'constructor'],
  ROLECALL_LOG_LEVEL: ['verbose', 'INFO', 'constructor'],
  ROLECALL_RATE_LIMITS: ['no', '0'],
  ROLECALL_TRUST_PROXY: [
    'loopback',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'x',
    '::1,',
    'fe80::1%1/64',
  ],
}

const partners: Env = {
  ROLECALL_TLS_CERT: cert,
  ROLECALL_TLS_KEY: key,
  ROLECALL_ADMIN_EMAIL: 'ada@example.com',
  ROLECALL_ADMIN_PASSWORD: 'x',
  ROLECALL_CLIENT_ID: 'x',
  ROLECALL_CLIENT_SECRET: 'x',
}

for (const { name, accepts } of environment) {
  test(`a wrong ${name} is refused in one line that names it and what is accepted, without secrets`, () => {
    const values = wrongValues[name]
    assert.ok(values)
    for (const value of values) {
      const { message, variable } = refusal({ ...partners, [name]: value })
      assert.equal(variable, name, `${value}: ${message}`)
      assert.ok(message.startsWith(`${name} `), message)
      assert.ok(message.endsWith(`; accepted: ${accepts}`), message)
      assert.doesNotMatch(message, /hunter2|[\p{Cc}\u2028\u2029]/u)
      assert.ok(message.length < 400, message)
    }
  })
}

test('a refusal shows a value that is no secret, in one line and shortened', () => {
  assert.equal(
    refusal({ ROLECALL_PORT: '80 80' }).message,
    'ROLECALL_PORT is "80 80", which is not a port number; accepted: a port from 0 to 65535',
  )
  assert.match(refusal({ ROLECALL_PORT: 'a\nb\u2028c\u0085' }).message, /is "a\\nb\\u\{2028\}c\\u\{85\}", /)
  assert.ok(refusal({ ROLECALL_PORT: 'x'.repeat(10_000) }).message.length < 200)
})

test('a variable that needs another is refused alone', () => {
  const cases: [string, string, string][] = [
    ['ROLECALL_TLS_CERT', cert, 'ROLECALL_TLS_KEY'],
    ['ROLECALL_TLS_KEY', key, 'ROLECALL_TLS_CERT'],
    ['ROLECALL_ADMIN_EMAIL', 'ada@example.com', 'ROLECALL_ADMIN_PASSWORD'],
    ['ROLECALL_ADMIN_PASSWORD', 'hunter2', 'ROLECALL_ADMIN_EMAIL'],
    ['ROLECALL_ADMIN_USERNAME', 'ada', 'ROLECALL_ADMIN_EMAIL'],
    ['ROLECALL_CLIENT_ID', 'machine', 'ROLECALL_CLIENT_SECRET'],
    ['ROLECALL_CLIENT_SECRET', 'hunter2', 'ROLECALL_CLIENT_ID'],
  ]
  for (const [name, value, partner] of cases) {
    const { message } = refusal({ [name]: value })
    assert.ok(message.startsWith(`${name} is set without ${partner};`), message)
    assert.doesNotMatch(message, /hunter2/)
  }
})

test('a key that belongs to another certificate is refused', async () => {
  const other = await ensureLocalAuthority({ dataDir: join(folder, 'other'), hosts: [], now: Date.now })
  const name = await write('other.pem', other.keyPem)
  assert.match(
    refusal({ ROLECALL_TLS_CERT: cert, ROLECALL_TLS_KEY: name }).message,
    /key of another certificate/,
  )
})

test('an unknown variable gives a warning that names the nearest one and never its value', () => {
  const { warnings } = read({
    ROLECALL_PROT: 'hunter2',
    ROLECALL_ADMIN_PASWORD: 'hunter2',
    ROLECALL_UNHEARD_OF: 'hunter2',
    'ROLECALL_\n': 'hunter2',
    ROLECALL_TEST_CHROMIUM: '/usr/bin/chromium',
    ROLECAL_PORT: 'somebody else’s',
    PATH: '/bin',
  })
  assert.deepEqual(warnings, [
    'ROLECALL_PROT is not a variable of Rolecall; did you mean ROLECALL_PORT?',
    'ROLECALL_ADMIN_PASWORD is not a variable of Rolecall; did you mean ROLECALL_ADMIN_PASSWORD?',
    'ROLECALL_UNHEARD_OF is not a variable of Rolecall',
    'ROLECALL_\\n is not a variable of Rolecall',
  ])
})

test('a certificate without HTTPS gives a warning', () => {
  const env = { ROLECALL_TLS_CERT: cert, ROLECALL_TLS_KEY: key, ROLECALL_HTTPS_PORT: 'off' }
  assert.match(read(env).warnings.join(), /ROLECALL_TLS_CERT has no effect/)
})

test('the configuration cannot be changed, at any depth', () => {
  const config = read({ ...partners, ROLECALL_TRUST_PROXY: '::1' })
  const parts = [
    config,
    config.publicUrls,
    config.tls,
    config.admin,
    config.client,
    config.trustProxy,
    config.warnings,
  ]
  for (const part of parts) assert.ok(part && Object.isFrozen(part))
})

test('the Markdown table has a row with name, default and meaning for each variable', () => {
  const lines = environmentTable().trimEnd().split('\n')
  assert.equal(lines.length, environment.length + 2)
  assert.ok(lines.includes('| `ROLECALL_RATE_LIMITS` | `on` | `off` for load tests |'))
  for (const line of lines) assert.equal(line.split('|').length, 5, line)
})
