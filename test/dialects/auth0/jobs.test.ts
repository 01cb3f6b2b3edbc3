import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { any, expectLike, type Made, scenarios } from '#test/harness/scenario.ts'
import type { Answer, TestServer } from '#test/harness/server.ts'
import { badBody, insufficient, notFound, unsupported } from './answers.ts'
import { connection, createRole, createUser, make, pathOf, read, strongPassword, unique } from './given.ts'

type Job = Record<string, unknown> & { id: string; status: string; location?: string }
type Part = { name: string; value: string; file?: string; type?: string }

const noJob = notFound('The job does not exist.', 'inexistent_job')
const boundary = 'a-boundary-that-no-part-holds'

const form = (...parts: Part[]): string =>
  [
    ...parts.map(({ name, value, file, type }) => {
      const disposition = `form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`
      const kind = type === undefined ? '' : `\r\ncontent-type: ${type}`
      return `--${boundary}\r\ncontent-disposition: ${disposition}${kind}\r\n\r\n${value}\r\n`
    }),
    `--${boundary}--\r\n`,
  ].join('')

/** An object of objects. */
const nested = (levels: number): object => {
  let value = {}
  for (let level = 0; level < levels; level += 1) value = { a: value }
  return value
}

const usersPart = (users: unknown): Part => ({
  name: 'users',
  value: typeof users === 'string' ? users : JSON.stringify(users),
  file: 'users.json',
  type: 'application/json',
})
const field = (name: string, value: string): Part => ({ name, value })
const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` }

const connectionId = async (server: TestServer): Promise<string> =>
  (await read<{ id: string; name: string }[]>(server, 'connections')).find(({ name }) => name === connection)!
    .id

const given = async (server: TestServer): Promise<Made> => ({ connection: await connectionId(server) })

const send = async (server: TestServer, scopes: readonly string[], ...parts: Part[]): Promise<Answer> =>
  server.call('POST', '/api/v2/jobs/users-imports', {
    body: form(...parts),
    headers: multipart,
    token: await server.token(...scopes),
  })

/** Waits until a job is over. */
const ended = async (server: TestServer, id: string): Promise<Job> => {
  for (let tries = 0; tries < 400; tries += 1) {
    const job = await read<Job>(server, `jobs/${id}`)
    if (job.status === 'completed' || job.status === 'failed') return job
    await new Promise((settle) => setTimeout(settle, 25))
  }
  throw new Error(`The job ${id} did not end.`)
}

/** Imports users as a client with these scopes, and waits for the end. */
const importUsers = async (
  server: TestServer,
  users: unknown,
  more: Record<string, string> = {},
  ...scopes: string[]
): Promise<Job> => {
  const fields = Object.entries({ connection_id: await connectionId(server), ...more })
  const parts = [...fields.map(([name, value]) => field(name, value)), usersPart(users)]
  const answer = await send(server, scopes.length > 0 ? scopes : ['every'], ...parts)
  assert.equal(answer.status, 202, answer.text)
  return ended(server, (answer.body as Job).id)
}

const find = async (server: TestServer, email: string): Promise<Record<string, unknown> | undefined> =>
  (await read<Record<string, unknown>[]>(server, `users-by-email?email=${encodeURIComponent(email)}`))[0]

const errorsOf = async (server: TestServer, { id }: Job) =>
  (await read<{ user: Record<string, unknown>; errors: { code: string; path?: string }[] }[]>(
    server,
    `jobs/${id}/errors`,
  )) as { user: Record<string, unknown>; errors: { code: string; path?: string }[] }[]

const post = (parts: (made: Made) => Part[]) => ({
  headers: multipart,
  given,
  post: (made: Made) => ['/api/v2/jobs/users-imports', form(...parts(made))] as const,
})

scenarios('/jobs/users-imports', (scenario) => {
  scenario('POST answers at once, and stores the users behind the answer', {
    scopes: ['read:users'],
    given: async (of) => {
      const answer = await send(
        of,
        ['create:users'],
        field('connection_id', await connectionId(of)),
        field('external_id', 'mine'),
        field('send_completion_email', 'false'),
        usersPart([
          {
            email: 'Anna.Import@Example.com',
            email_verified: true,
            user_id: 'anna-import',
            given_name: 'Anna',
            app_metadata: { plan: 'gold' },
            user_metadata: { colour: 'red' },
            blocked: false,
            password_hash: `$2b$10$${'a'.repeat(53)}`,
          },
        ]),
      )
      assert.equal(answer.status, 202, answer.text)
      expectLike(
        answer.body,
        {
          status: 'pending',
          type: 'users_import',
          created_at: /^\d{4}-/u,
          id: /^job_/u,
          connection_id: /^con_/u,
          external_id: 'mine',
          upsert: false,
        },
        '$',
      )
      const { id } = answer.body as Job
      await ended(of, id)
      const types = (await of.events()).map(({ type }) => type)
      assert.deepEqual(types.slice(-3), ['job.created', 'user.created', 'job.finished'])
      return { id }
    },
    get: ({ id }) => [`/api/v2/jobs/${id}`],
    expect: { status: 200 },
    then: async (of, { id }, { body }) => {
      const job = body as Job
      assert.deepEqual(
        [job.status, job.percentage_done, job.summary, job.external_id],
        ['completed', 100, { total: 1, inserted: 1, updated: 0, failed: 0 }, 'mine'],
      )
      const user = (await find(of, 'anna.import@example.com'))!
      assert.equal(user.user_id, 'auth0|anna-import')
      assert.deepEqual(
        [user.email_verified, user.given_name, user.app_metadata, user.user_metadata, user.blocked],
        [true, 'Anna', { plan: 'gold' }, { colour: 'red' }, false],
      )
      const token = await of.token('read:users')
      const errors = await of.call('GET', `/api/v2/jobs/${id}/errors`, { token })
      assert.deepEqual([errors.status, errors.text], [204, ''])
    },
  })

  scenario('POST refuses each faulty record by itself, and tells no secret in its report', {
    scopes: ['read:users'],
    given: async (of) => {
      const job = await importUsers(of, [
        { email: 'good.one@example.com' },
        { email: 'no address', password_hash: 'plain' },
        { email: 'x@example.com', password: strongPassword },
        5,
        null,
        { email: 'y@example.com', password_hash: 'plain-text-word' },
        { email: 'nul@example.com', name: 'a\u0000b' },
        { email: 'half@example.com', name: '\ud800' },
        { email: 'deep@example.com', app_metadata: nested(300) },
        { email: 'good.one@example.com' },
        { email: 'r@example.com', roles: ['rol_none'] },
        { email: 'r2@example.com', roles: ['none'] },
        { email: 'm@example.com', app_metadata: { 'a.b': 1 } },
        {
          email: 'two@example.com',
          password_hash: `$2b$10$${'a'.repeat(53)}`,
          custom_password_hash: { algorithm: 'md5', hash: { value: 'secret-hash' } },
        },
        { email: 'good.two@example.com', custom_password_hash: { algorithm: 'md5', hash: { value: 'abc' } } },
      ])
      assert.deepEqual(job.summary, { total: 15, inserted: 2, updated: 0, failed: 13 })
      return { id: job.id }
    },
    get: ({ id }) => [`/api/v2/jobs/${id}/errors`],
    expect: { status: 200 },
    then: async (of, _made, { body, text }) => {
      const lines = body as { user: object; errors: { code: string; path?: string; message: string }[] }[]
      assert.deepEqual(
        lines.map(({ errors: [error] }) => [error!.code, error!.path]),
        [
          ['INVALID_FORMAT', 'email'],
          ['OBJECT_ADDITIONAL_PROPERTIES', undefined],
          ['INVALID_TYPE', undefined],
          ['INVALID_TYPE', undefined],
          ['PATTERN', 'password_hash'],
          ['INVALID_TEXT', 'name'],
          ['INVALID_TEXT', 'name'],
          ['TOO_DEEP', undefined],
          ['TAKEN', 'email'],
          ['NOT_FOUND', undefined],
          ['NOT_FOUND', 'roles'],
          ['INVALID', 'app_metadata'],
          ['INVALID_FORMAT', 'custom_password_hash'],
        ],
      )
      assert.equal(lines[8]!.errors[0]!.message, 'The user already exists.')
      for (const secret of [strongPassword, 'plain', 'secret-hash', '$2b$']) {
        assert.equal(text.includes(secret), false, secret)
      }
      assert.ok(await find(of, 'good.two@example.com'))
      for (const email of ['x@example.com', 'r@example.com', 'm@example.com']) {
        assert.equal(await find(of, email), undefined)
      }
    },
  })

  scenario('POST gives a user the roles that the caller may give (security case 1)', {
    scopes: ['read:users'],
    given: async (of) => {
      const { id: role } = await createRole(of)
      const plain = await importUsers(of, [{ email: 'plain@example.com', roles: [role] }], {}, 'create:users')
      assert.deepEqual((await errorsOf(of, plain))[0]!.errors[0]!.code, 'CANNOT_GRANT')
      assert.equal(await find(of, 'plain@example.com'), undefined)

      const scopes = ['create:users', 'update:users']
      const admin = [{ email: 'admin.import@example.com', roles: ['rol_admin'] }]
      const raised = await importUsers(of, admin, {}, ...scopes)
      assert.deepEqual((await errorsOf(of, raised))[0]!.errors[0]!.code, 'CANNOT_GRANT')
      assert.equal(await find(of, 'admin.import@example.com'), undefined)

      const users = [{ user_id: 'auth0|with-role', email: 'with-role@example.com', roles: [role, role] }]
      const job = await importUsers(of, users, {}, ...scopes)
      assert.deepEqual(job.summary, { total: 1, inserted: 1, updated: 0, failed: 0 })
      const held = await read<{ id: string }[]>(of, `users/${encodeURIComponent('auth0|with-role')}/roles`)
      assert.deepEqual(
        held.map(({ id }) => id),
        [role],
      )
      return { id: job.id }
    },
    get: ({ id }) => [`/api/v2/jobs/${id}`],
    expect: { status: 200 },
  })

  scenario('POST changes who is here already only when it is told to', {
    scopes: ['read:users'],
    given: async (of) => {
      const { user_id: user, email } = await createUser(of, { name: 'Before' })
      const again = [{ email, name: 'After', email_verified: true }]
      const refused = await importUsers(of, again)
      assert.deepEqual(refused.summary, { total: 1, inserted: 0, updated: 0, failed: 1 })
      const job = await importUsers(of, again, { upsert: 'true' })
      assert.deepEqual(job.summary, { total: 1, inserted: 0, updated: 1, failed: 0 })
      return { user }
    },
    get: ({ user }) => [`${pathOf(user!)}?fields=name,email_verified`],
    expect: { status: 200, body: { name: 'After', email_verified: true } },
  })

  scenario('POST does not change users for who may only create them', {
    ...post(({ connection: id }) => [field('connection_id', id!), field('upsert', 'true'), usersPart([])]),
    scopes: ['create:users'],
    expect: { status: 403 },
  })

  scenario('POST takes the file before the fields, without a name, and with a byte order mark', {
    scopes: ['create:users'],
    given: async (of) => {
      const file = { name: 'users', value: '\ufeff[]', type: 'application/json' }
      const id = field('connection_id', await connectionId(of))
      const { status, body, text } = await send(of, ['create:users'], file, id)
      assert.equal(status, 202, text)
      return { id: (await ended(of, (body as Job).id)).id }
    },
    get: ({ id }) => [`/api/v2/jobs/${id}`],
    expect: { status: 200 },
    then: async (_of, _made, { body }) => {
      const { status, percentage_done, summary } = body as Job
      assert.deepEqual([status, percentage_done], ['completed', 100])
      assert.deepEqual(summary, { total: 0, inserted: 0, updated: 0, failed: 0 })
    },
  })

  for (const [title, parts, message] of [
    ['no file', (id: string) => [field('connection_id', id)], /Missing required property: users/u],
    ['no connection', () => [usersPart([])], /Missing required property: connection_id/u],
    [
      'a file that is no JSON',
      (id: string) => [field('connection_id', id), usersPart('[')],
      /not valid JSON/u,
    ],
    [
      'a file that is no array',
      (id: string) => [field('connection_id', id), usersPart({})],
      /not a JSON array/u,
    ],
    [
      'a flag that is none',
      (id: string) => [field('connection_id', id), field('upsert', 'yes'), usersPart([])],
      /Expected type boolean .* on property upsert/u,
    ],
    [
      'an unknown field',
      (id: string) => [field('connection_id', id), field('role', 'x'), usersPart([])],
      /Additional properties not allowed: role/u,
    ],
    [
      'a file in another field',
      (id: string) => [{ ...usersPart([]), name: 'other' }, field('connection_id', id)],
      /Unexpected file: other/u,
    ],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      ...post(({ connection: id }) => [...parts(id!)]),
      scopes: ['create:users'],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a file of more than 500 KB', {
    ...post(({ connection: id }) => [
      field('connection_id', id!),
      usersPart(`["${'x'.repeat(500 * 1024)}"]`),
    ]),
    scopes: ['create:users'],
    expect: {
      status: 413,
      body: {
        statusCode: 413,
        error: 'Payload Too Large',
        message: 'Payload Too Large',
        errorCode: 'payload_too_large',
      },
    },
  })

  for (const [title, parts] of [
    ['two files', [usersPart([]), usersPart([])]],
    ['too many fields', Array.from({ length: 40 }, (_, at) => field(`f${at}`, ''))],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      ...post(() => [...parts]),
      scopes: ['create:users'],
      expect: { status: 413 },
    })
  }

  scenario('POST finds no connection by an unknown id', {
    ...post(() => [field('connection_id', 'con_none'), usersPart([])]),
    scopes: ['create:users'],
    expect: { status: 404, body: notFound('The connection does not exist', 'inexistent_connection') },
  })

  scenario('POST refuses a connection that keeps no passwords', {
    ...post(({ connection: id }) => [field('connection_id', id!), usersPart([])]),
    scopes: ['create:users'],
    given: async (of) => {
      const { id } = await make(of, 'connections', { name: unique('email'), strategy: 'email' })
      return { connection: id! }
    },
    expect: { status: 400, body: badBody(/database connection only/u) },
  })

  for (const [title, body, headers] of [
    ['JSON', '{}', { 'content-type': 'application/json' }],
    ['no boundary', form(usersPart([])), { 'content-type': 'multipart/form-data' }],
    ['another boundary', form(usersPart([])), { 'content-type': 'multipart/form-data; boundary=other' }],
    ['half a form', form(usersPart([])).slice(0, 120), multipart],
    ['a form cut in its head', form(usersPart([])).slice(0, 40), multipart],
    ['an empty form', '', multipart],
    ['a field of a prototype', form(field('__proto__', 'x'), usersPart([])), multipart],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:users'],
      headers,
      post: ['/api/v2/jobs/users-imports', body],
      expect: { status: 400 },
    })
  }

  scenario('POST refuses a token without the scope, before it reads anything', {
    scopes: ['read:users', 'update:users'],
    headers: multipart,
    post: ['/api/v2/jobs/users-imports', form(usersPart([]))],
    expect: { status: 403, body: insufficient('create:users') },
  })
})

/** The file that a job's location leads to, as lines. */
const download = async (
  server: TestServer,
  location: string,
): Promise<{ answer: Answer; lines: string[] }> => {
  const { pathname, search } = new URL(location)
  const answer = await server.call('GET', `${pathname}${search}`)
  const lines = answer.status === 200 ? gunzipSync(answer.bytes).toString().split(/\r?\n/u) : []
  return { answer, lines: lines.filter((line) => line !== '') }
}

const exportAs = async (server: TestServer, body: object, ...scopes: string[]): Promise<Job> => {
  const token = await server.token(...(scopes.length > 0 ? scopes : ['read:users']))
  const answer = await server.call('POST', '/api/v2/jobs/users-exports', { body, token })
  assert.equal(answer.status, 200, answer.text)
  return ended(server, (answer.body as Job).id)
}

scenarios('/jobs/users-exports', (scenario) => {
  scenario('POST makes an export whose location serves everybody as JSON lines', {
    scopes: ['read:users'],
    given: async (server) => ({ user: (await createUser(server)).user_id }),
    post: ['/api/v2/jobs/users-exports', { format: 'json' }],
    expect: {
      status: 200,
      body: { status: any, type: 'users_export', created_at: any, id: /^job_/u, format: 'json' },
      events: ['job.created', 'job.finished'],
    },
    then: async (server, { user }, { body }) => {
      const { location, percentage_done } = await ended(server, (body as Job).id)
      assert.equal(percentage_done, 100)
      const { answer, lines } = await download(server, location!)
      assert.equal(answer.headers['content-type'], 'application/gzip')
      assert.equal(answer.headers['cache-control'], 'no-store')
      const users = lines.map((line) => JSON.parse(line) as { user_id: string })
      assert.ok(users.some(({ user_id }) => user_id === user))
      assert.equal(/argon2|passwordHash/u.test(lines.join()), false)
      assert.deepEqual(
        users.find(({ user_id }) => user_id === user),
        await read(server, pathOf(user!).slice('/api/v2/'.length)),
      )
      const again = await download(server, location!)
      assert.deepEqual(
        [again.answer.status, again.answer.body],
        [404, notFound('The ticket does not exist.', 'inexistent_ticket')],
      )
    },
  })

  scenario('POST writes a table of the fields that are asked for, under their other names', {
    scopes: ['read:users'],
    given: async (server) => {
      const user = { name: 'A "B", C', user_metadata: { plan: { name: 'gold' } } }
      return { user: (await createUser(server, user)).user_id }
    },
    post: ({ user }) => [
      '/api/v2/jobs/users-exports',
      {
        format: 'csv',
        fields: [
          { name: 'user_id' },
          { name: 'name', export_as: 'full, name' },
          { name: 'user_metadata.plan.name' },
          { name: 'user_metadata.plan' },
          { name: 'identities[0].connection', export_as: 'from' },
          { name: user! },
        ],
      },
    ],
    expect: { status: 200, events: ['job.created', 'job.finished'] },
    then: async (server, { user }, { body }) => {
      const { location } = await ended(server, (body as Job).id)
      const { lines } = await download(server, location!)
      assert.equal(lines[0], `user_id,"full, name",user_metadata.plan.name,user_metadata.plan,from,${user}`)
      const line = lines.find((each) => each.startsWith(user!))
      assert.equal(line, `${user},"A ""B"", C",gold,"{""name"":""gold""}",${connection},`)
    },
  })

  scenario('POST exports no more than it is told to, of one connection', {
    scopes: ['read:users'],
    given: async (server) => {
      for (let count = 0; count < 3; count += 1) await createUser(server)
      const { id } = await make(server, 'connections', { name: unique('con'), strategy: 'auth0' })
      return { empty: id!, connection: await connectionId(server) }
    },
    post: ({ connection: id }) => ['/api/v2/jobs/users-exports', { connection_id: id, limit: 2 }],
    expect: {
      status: 200,
      body: {
        status: any,
        type: 'users_export',
        created_at: any,
        id: any,
        connection_id: any,
        limit: 2,
        format: 'json',
      },
      events: ['job.created', 'job.finished'],
    },
    then: async (server, { empty }, { body }) => {
      const { location } = await ended(server, (body as Job).id)
      assert.equal((await download(server, location!)).lines.length, 2)
      const none = await exportAs(server, { connection_id: empty, format: 'csv' })
      const { lines } = await download(server, none.location!)
      assert.equal(lines.length, 1)
      assert.match(lines[0]!, /^user_id,email,/u)
    },
  })

  scenario('POST exports more users than one page, each once', {
    scopes: ['read:users'],
    given: async (server) => {
      const users = Array.from({ length: 230 }, (_, at) => ({ email: `page-${at}@export.example.com` }))
      await importUsers(server, users)
      return { id: (await exportAs(server, { fields: [{ name: 'email' }] })).id }
    },
    get: ({ id }) => [`/api/v2/jobs/${id}`],
    expect: { status: 200 },
    then: async (server, _made, { body }) => {
      const { lines } = await download(server, (body as Job).location!)
      const emails = lines.map((line) => (JSON.parse(line) as { email: string }).email)
      assert.equal(emails.filter((email) => email.endsWith('@export.example.com')).length, 230)
      assert.equal(new Set(emails).size, emails.length)
    },
  })

  for (const [title, body, message] of [
    ['an unknown format', { format: 'xml' }, /on property format/u],
    ['no users at all', { limit: 0 }, /less than minimum/u],
    ['no fields', { fields: [] }, /Too few items/u],
    ['a field without a name', { fields: [{}] }, /Missing required property: name/u],
    ['too many fields', { fields: Array.from({ length: 31 }, () => ({ name: 'email' })) }, /Too many items/u],
    ['an unknown property', { q: '*' }, /Additional properties/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['read:users'],
      post: ['/api/v2/jobs/users-exports', body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST finds no connection by an unknown id', {
    scopes: ['read:users'],
    post: ['/api/v2/jobs/users-exports', { connection_id: 'con_none' }],
    expect: { status: 404, body: notFound('The connection does not exist', 'inexistent_connection') },
  })

  scenario('POST refuses a token without the scope', {
    scopes: ['create:users', 'update:users'],
    post: ['/api/v2/jobs/users-exports', {}],
    expect: { status: 403, body: insufficient('read:users') },
  })
})

scenarios('/jobs/verification-email', (scenario) => {
  scenario('POST asks a user to confirm his address', {
    scopes: ['update:users'],
    given: async (server) => ({ user: (await createUser(server)).user_id }),
    post: ({ user }) => ['/api/v2/jobs/verification-email', { user_id: user }],
    expect: {
      status: 201,
      body: { status: 'pending', type: 'verification_email', created_at: any, id: /^job_/u },
      events: ['job.created', 'job.finished'],
    },
    then: async ({ server }, { user }) => {
      const userId = user!.replace('auth0|', '')
      const mail = await server.workspace.store.reader.mails.findBy({ userId })
      assert.equal(mail?.template, 'verify-email')
    },
  })

  scenario('POST finds no user by an unknown id', {
    scopes: ['update:users'],
    post: ['/api/v2/jobs/verification-email', { user_id: 'auth0|none' }],
    expect: { status: 404, body: notFound('The user does not exist.', 'inexistent_user') },
  })

  scenario('POST asks nobody for another identity than his own', {
    scopes: ['update:users'],
    given: async (server) => ({ user: (await createUser(server)).user_id }),
    post: ({ user }) => [
      '/api/v2/jobs/verification-email',
      { user_id: user, identity: { provider: 'google-oauth2', user_id: '1' } },
    ],
    expect: {
      status: 400,
      body: unsupported('Not supported: confirming the address of a linked identity.'),
    },
  })

  for (const [title, body, message] of [
    ['nobody', {}, /Missing required property: user_id/u],
    ['an id that is none', { user_id: 'x' }, /format user-id/u],
    ['an unknown property', { user_id: 'auth0|a', email: 'x' }, /Additional properties/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['update:users'],
      post: ['/api/v2/jobs/verification-email', body],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a token without the scope', {
    scopes: ['create:users', 'read:users'],
    post: ['/api/v2/jobs/verification-email', { user_id: 'auth0|none' }],
    expect: { status: 403, body: insufficient('update:users') },
  })
})

scenarios('/jobs/{id}', (scenario) => {
  scenario('GET hides an export from who may not see users', {
    scopes: ['create:users'],
    given: async (server) => ({ id: (await exportAs(server, {})).id }),
    get: ({ id }) => [`/api/v2/jobs/${id}`],
    expect: { status: 404, body: noJob },
  })

  for (const path of ['', '/errors']) {
    for (const id of ['job_none', 'none', 'job_', '%20', 'job_a%2Fb', 'job_%F0%9F%92%A9']) {
      scenario(`GET ${path} finds nothing by ${id}`, {
        scopes: ['read:users'],
        get: [`/api/v2/jobs/${id}${path}`],
        expect: { status: 404, body: noJob },
      })
    }

    scenario(`GET ${path} refuses a token without the scope`, {
      scopes: ['update:users', 'read:logs'],
      get: [`/api/v2/jobs/job_none${path}`],
      expect: { status: 403, body: insufficient('create:users', 'read:users') },
    })
  }

  scenario('GET file is nothing without its ticket', {
    given: async (server) => ({ id: (await exportAs(server, {})).id }),
    get: ({ id }) => [`/api/v2/jobs/${id}/file`],
    expect: { status: 400 },
  })

  for (const ticket of ['x', 'v1.AAAA', '%00', '..%2F..']) {
    scenario(`GET file refuses the ticket ${ticket}`, {
      given: async (server) => ({ id: (await exportAs(server, {})).id }),
      get: ({ id }) => [`/api/v2/jobs/${id}/file?ticket=${ticket}`],
      expect: { status: ticket === '%00' ? 400 : 404 },
    })
  }
})
