import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { engines, expectLike } from '#test/harness/scenario.ts'
import { type Answer, administrator, startServer, type TestServer } from '#test/harness/server.ts'

export type Headers = Record<string, string>
export type Fields = Record<string, unknown>
type Request = readonly [method: string, path: string, body?: unknown]

/** What a call must be answered with; without events it must leave none. */
export type Expected = { status: number; body?: unknown; events?: readonly string[] }

/** `[service, component, verb mask, requestor mask]`, the last for requests from outside unless given. */
type Row = readonly [service: number | null, component: string | null, verbs: number, requestor?: number]

export type DreamFactory = {
  server: TestServer
  /** The administrator's session token, which calls carry unless `as` says otherwise. */
  admin: Headers
  call(method: string, path: string, body?: unknown, as?: Headers): Promise<Answer>
  /** Calls, and compares status, body and events. */
  expect(request: Request, expected: Expected, as?: Headers): Promise<Answer>
  /** Makes one record, and answers all of it. */
  make(resource: string, record: Fields): Promise<Fields & { id: number }>
  app(name: string, record?: Fields): Promise<{ id: number; apiKey: string; key: Headers }>
  role(name: string, ...rows: readonly Row[]): Promise<number>
  /** Somebody who can sign in with `password`. */
  user(name: string, record?: Fields): Promise<{ id: number; email: string }>
  assign(userId: number, appId: number, roleId: number): Promise<void>
  session(email: string, key?: Headers): Promise<Headers>
  /** The code in the newest mail to an address. */
  mailedCode(email: string): Promise<string>
}

export const password = 'secret-enough'

/** Declares tests for every engine, each against a server that the whole group shares. */
export const dreamfactory = (
  title: string,
  declare: (it: (title: string, work: (door: DreamFactory) => Promise<void>) => void) => void,
): void => {
  for (const engine of engines) {
    describe(`${title} (${engine})`, () => {
      let door: DreamFactory
      before(async () => {
        door = await openDoor(await startServer({ engine }))
      })
      after(() => door?.server.close())
      declare((name, work) => test(name, () => work(door)))
    })
  }
}

export const openDoor = async (server: TestServer): Promise<DreamFactory> => {
  const login = async (path: string, body: Fields, headers: Headers = {}): Promise<Headers> => {
    const answer = await server.call('POST', `/api/v2/${path}`, { body, headers })
    assert.equal(answer.status, 200, answer.text)
    return { 'x-dreamfactory-session-token': (answer.body as { session_token: string }).session_token }
  }
  const admin = await login('system/admin/session', {
    email: administrator.email,
    password: administrator.password,
  })
  const call: DreamFactory['call'] = (method, path, body, as = admin) =>
    server.call(method, `/api/v2/${path}`, { ...(body !== undefined && { body }), headers: as })
  const make: DreamFactory['make'] = async (resource, record) => {
    const answer = await call('POST', `system/${resource}?fields=*`, { resource: [record] })
    assert.equal(answer.status, 201, answer.text)
    return (answer.body as { resource: [Fields & { id: number }] }).resource[0]
  }
  return {
    server,
    admin,
    call,
    make,
    expect: async ([method, path, body], { status, events = [], ...expected }, as) => {
      await server.events()
      const answer = await call(method, path, body, as)
      assert.equal(answer.status, status, answer.text)
      if ('body' in expected) expectLike(answer.body, expected.body, '$')
      const happened = (await server.events()).map(({ type }) => type)
      assert.deepEqual(happened, events)
      return answer
    },
    app: async (name, record = {}) => {
      const { id, api_key: key } = await make('app', { name, is_active: true, ...record })
      return { id, apiKey: key as string, key: { 'X-DreamFactory-Api-Key': key as string } }
    },
    role: async (name, ...rows) => {
      const access = rows.map(([service_id, component, verb_mask, requestor_mask = 1]) => ({
        service_id,
        component,
        verb_mask,
        requestor_mask,
      }))
      return (await make('role', { name, is_active: true, role_service_access_by_role_id: access })).id
    },
    user: async (name, record = {}) => {
      const email = `${name}@example.com`
      return { id: (await make('user', { name, email, password, ...record })).id, email }
    },
    assign: async (userId, app_id, role_id) => {
      const rows = { user_to_app_to_role_by_user_id: [{ app_id, role_id }] }
      assert.equal((await call('PATCH', `system/user/${userId}`, rows)).status, 200)
    },
    session: (email, key = {}) => login('user/session', { email, password }, key),
    mailedCode: async (email) => {
      const { store, services } = server.server.workspace
      const { items } = await store.reader.mails.list({ limit: 1000 })
      for (const { id, to, sealedSecrets } of items.reverse()) {
        if (to !== email || sealedSecrets === undefined) continue
        return (JSON.parse(services.sealer.open(sealedSecrets, `mail ${id}`)) as { code: string }).code
      }
      throw new Error(`No code was mailed to ${email}`)
    },
  }
}

/** The error envelope. */
export const fault = (status: number, message: string | RegExp, context: unknown = null) => ({
  error: { code: status, context, message, status_code: status },
})
