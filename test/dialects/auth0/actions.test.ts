import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { badBody, badRequest, insufficient, notFound, unsupported } from './answers.ts'
import { make, read, unique } from './given.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/u
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u
const code = 'exports.onExecutePostLogin = async (event, api) => {}'
const triggers = [{ id: 'post-login', version: 'v3' }]

const fresh = (more: object = {}) => ({ name: unique('action'), supported_triggers: triggers, code, ...more })

/** Waits for the build, as the vendor's clients do. */
const built = async (server: TestServer, id: string): Promise<Record<string, unknown>> => {
  for (let tries = 0; tries < 500; tries += 1) {
    const action = await read(server, `actions/actions/${id}`)
    if (action.status === 'built' || action.status === 'failed') return action
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It was not built.')
}

const createAction = async (server: TestServer, more: object = {}): Promise<Made> => {
  const { id, name } = await make(server, 'actions/actions', fresh(more))
  await built(server, id!)
  return { id: id!, name: name! }
}

const deployed = async (server: TestServer, more: object = {}): Promise<Made> => {
  const made = await createAction(server, more)
  const { id: version } = await make(server, `actions/actions/${made.id}/deploy`, undefined)
  return { ...made, version: version! }
}

const bind = async (server: TestServer, ...names: string[]) => {
  const bindings = names.map((value) => ({ ref: { type: 'action_name', value } }))
  const token = await server.token('every')
  const path = '/api/v2/actions/triggers/post-login/bindings'
  const answer = await server.call('PATCH', path, { body: { bindings }, token })
  assert.equal(answer.status, 200, answer.text)
  return (answer.body as { bindings: { id: string }[] }).bindings
}

const noAction = notFound('That action does not exist.')

const wireAction = (action: object) => ({
  id: uuid,
  name: any,
  supported_triggers: triggers,
  created_at: instant,
  updated_at: instant,
  code,
  dependencies: [],
  runtime: 'node22',
  status: 'pending',
  secrets: [],
  all_changes_deployed: false,
  ...action,
})

const wireVersion = (version: object) => ({
  id: uuid,
  action_id: uuid,
  code,
  dependencies: [],
  deployed: true,
  runtime: 'node22',
  secrets: [],
  status: 'built',
  number: 1,
  built_at: instant,
  created_at: instant,
  updated_at: instant,
  supported_triggers: triggers,
  action: any,
  ...version,
})

scenarios('/actions/actions', (scenario, server) => {
  scenario('POST creates an action that is still to be built, and answers 201', {
    scopes: ['create:actions'],
    post: ['/api/v2/actions/actions', { ...fresh(), name: 'first', secrets: [{ name: 'KEY', value: 'x' }] }],
    expect: {
      status: 201,
      body: wireAction({ name: 'first', secrets: [{ name: 'KEY', updated_at: instant }] }),
      events: ['hook.created'],
    },
    then: async (_server, _made, { body }) => {
      const { status } = await built(server(), (body as { id: string }).id)
      assert.equal(status, 'built')
    },
  })

  scenario('POST takes the current version of a trigger when none is named', {
    scopes: ['create:actions'],
    post: () => ['/api/v2/actions/actions', fresh({ supported_triggers: [{ id: 'credentials-exchange' }] })],
    expect: {
      status: 201,
      body: wireAction({ supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }] }),
      events: ['hook.created'],
    },
  })

  scenario('POST deploys as soon as it is built when asked to', {
    scopes: ['create:actions'],
    post: () => ['/api/v2/actions/actions', fresh({ deploy: true })],
    expect: { status: 201, body: any, events: ['hook.created'] },
    then: async (_server, _made, { body }) => {
      const action = await built(server(), (body as { id: string }).id)
      assert.equal(action.all_changes_deployed, true)
    },
  })

  scenario('POST refuses a name that is taken', {
    scopes: ['create:actions'],
    given: createAction,
    post: ({ name }) => ['/api/v2/actions/actions', { ...fresh(), name }],
    expect: {
      status: 409,
      body: {
        statusCode: 409,
        error: 'Conflict',
        message: 'An action with the same name already exists.',
        errorCode: 'conflict',
      },
    },
  })

  for (const [title, more, message] of [
    ['no trigger', { supported_triggers: [] }, /too short|items/iu],
    ['an unknown trigger', { supported_triggers: [{ id: 'post-lunch' }] }, /post-lunch/u],
    ['a package that is an address', { dependencies: [{ name: 'x', version: 'http://a/b' }] }, /version/u],
    ['a package that is a path', { dependencies: [{ name: '../x', version: '1' }] }, /name of a package/u],
    [
      'too many packages',
      { dependencies: Array.from({ length: 11 }, (_, at) => ({ name: `p${at}` })) },
      /10/u,
    ],
    ['a package twice', { dependencies: [{ name: 'x' }, { name: 'x' }] }, /once/u],
    ['a secret that is too long', { secrets: [{ name: 'x', value: 'x'.repeat(4097) }] }, /4096/u],
    ['too much code', { code: 'x'.repeat(100_001) }, /100000/u],
    ['a flavour', { flavour: 'event-script' }, /Additional properties not allowed: flavour/u],
  ] as const) {
    scenario(`POST refuses ${title}`, {
      scopes: ['create:actions'],
      post: () => ['/api/v2/actions/actions', fresh(more)],
      expect: { status: 400, body: badBody(message) },
    })
  }

  scenario('POST refuses a registry of somebody’s own', {
    scopes: ['create:actions'],
    post: () => [
      '/api/v2/actions/actions',
      fresh({ dependencies: [{ name: 'x', version: '1', registry_url: 'https://evil.example.com' }] }),
    ],
    expect: { status: 400, body: unsupported('Not supported: registry_url of a dependency.') },
  })

  scenario('POST refuses a token that may only see', {
    scopes: ['read:actions', 'update:actions'],
    post: () => ['/api/v2/actions/actions', fresh()],
    expect: { status: 403, body: insufficient('create:actions') },
  })

  scenario('GET lists by trigger and name in the vendor’s envelope', {
    scopes: ['read:actions'],
    given: createAction,
    get: ({ name }) => [`/api/v2/actions/actions?triggerId=post-login&actionName=${name}`],
    expect: {
      status: 200,
      body: ({ name }: Made) => ({
        actions: [wireAction({ name, status: 'built' })],
        total: 1,
        page: 0,
        per_page: 20,
      }),
    },
  })

  scenario('GET tells deployed ones from others', {
    scopes: ['read:actions'],
    given: createAction,
    get: ({ name }) => [`/api/v2/actions/actions?deployed=true&actionName=${name}`],
    expect: { status: 200, body: { actions: [], total: 0, page: 0, per_page: 20 } },
  })

  scenario('GET pages', {
    scopes: ['read:actions'],
    given: createAction,
    get: ['/api/v2/actions/actions?page=400&per_page=7'],
    expect: { status: 200, body: { actions: [], total: any, page: 400, per_page: 7 } },
  })

  scenario('GET of one that is deployed shows its version', {
    scopes: ['read:actions'],
    given: deployed,
    get: ({ id }) => [`/api/v2/actions/actions/${id}`],
    expect: {
      status: 200,
      body: ({ id, version }: Made) => ({
        ...wireAction({ id, status: 'built', all_changes_deployed: true }),
        deployed_version: without(wireVersion({ id: version, action_id: id }), 'action'),
        current_version: {
          id: version,
          code,
          runtime: 'node22',
          status: 'BUILT',
          number: 1,
          build_time: instant,
          created_at: instant,
          updated_at: instant,
        },
      }),
    },
  })

  scenario('GET answers 404 without an errorCode', {
    scopes: ['read:actions'],
    get: ['/api/v2/actions/actions/nothing'],
    expect: { status: 404, body: noAction },
  })

  scenario('PATCH replaces lists whole, keeps secrets without a value, and builds again', {
    scopes: ['update:actions'],
    given: (it) =>
      deployed(it, {
        secrets: [
          { name: 'A', value: 'a' },
          { name: 'B', value: 'b' },
        ],
      }),
    patch: ({ id }) => [
      `/api/v2/actions/actions/${id}`,
      { code: '1', secrets: [{ name: 'B' }, { name: 'C', value: 'c' }] },
    ],
    expect: {
      status: 200,
      body: any,
      events: ['hook.updated'],
    },
    then: async (_server, { id }, { body }) => {
      const { status, secrets, all_changes_deployed: deployed } = body as Record<string, unknown>
      assert.equal(status, 'pending')
      assert.equal(deployed, false)
      assert.deepEqual(
        (secrets as { name: string }[]).map(({ name }) => name),
        ['B', 'C'],
      )
      assert.equal((await built(server(), id!)).status, 'built')
    },
  })

  scenario('PATCH with secrets: [] clears them', {
    scopes: ['update:actions'],
    given: (it) => createAction(it, { secrets: [{ name: 'A', value: 'a' }] }),
    patch: ({ id }) => [`/api/v2/actions/actions/${id}`, { secrets: [] }],
    expect: { status: 200, body: wireAction({ secrets: [] }), events: ['hook.updated'] },
  })

  scenario('PATCH to the same changes nothing, and says nothing', {
    scopes: ['update:actions'],
    given: createAction,
    patch: ({ id, name }) => [`/api/v2/actions/actions/${id}`, { name, code, supported_triggers: triggers }],
    expect: { status: 200, body: wireAction({ status: 'built' }), events: [] },
  })

  scenario('PATCH refuses a token without update:actions', {
    scopes: ['create:actions', 'read:actions'],
    given: createAction,
    patch: ({ id }) => [`/api/v2/actions/actions/${id}`, { code: 'x' }],
    expect: { status: 403, body: insufficient('update:actions') },
  })

  scenario('PATCH answers 404 for what is not there', {
    scopes: ['update:actions'],
    patch: ['/api/v2/actions/actions/nothing', { code: 'x' }],
    expect: { status: 404, body: noAction },
  })

  scenario('DELETE takes it away', {
    scopes: ['delete:actions'],
    given: deployed,
    delete: ({ id }) => [`/api/v2/actions/actions/${id}`],
    expect: { status: 204, body: '', events: ['hook.deleted'] },
  })

  scenario('DELETE refuses one that is bound, unless it is forced', {
    scopes: ['delete:actions'],
    given: async (it) => {
      const made = await deployed(it)
      await bind(it, made.name!)
      return made
    },
    delete: ({ id }) => [`/api/v2/actions/actions/${id}`],
    expect: { status: 409, body: any },
    then: async (_server, { id }) => {
      const token = await server().token('every')
      const path = `/api/v2/actions/actions/${id}?force=true`
      assert.equal((await server().call('DELETE', path, { token })).status, 204)
      const bindings = await read(server(), 'actions/triggers/post-login/bindings')
      assert.equal(bindings.total, 0)
    },
  })

  scenario('deploy answers 200 with the version, which says it is not deployed yet', {
    scopes: ['create:actions'],
    given: (it) => createAction(it, { dependencies: [] }),
    post: ({ id }) => [`/api/v2/actions/actions/${id}/deploy`],
    expect: {
      status: 200,
      body: ({ id }: Made) => wireVersion({ action_id: id, deployed: false }),
      events: ['hook.deployed'],
    },
  })

  scenario('deploy answers 404 for what is not there', {
    scopes: ['create:actions'],
    post: ['/api/v2/actions/actions/nothing/deploy'],
    expect: { status: 404, body: noAction },
  })

  scenario('deploy needs the scope to create', {
    scopes: ['update:actions', 'read:actions'],
    given: createAction,
    post: ({ id }) => [`/api/v2/actions/actions/${id}/deploy`],
    expect: { status: 403, body: insufficient('create:actions') },
  })

  const twice = async (it: TestServer): Promise<Made> => {
    const made = await deployed(it, { secrets: [{ name: 'A', value: 'a' }] })
    const token = await it.token('every')
    const body = { code: '"second"' }
    await it.call('PATCH', `/api/v2/actions/actions/${made.id}`, { token, body })
    await built(it, made.id!)
    await make(it, `actions/actions/${made.id}/deploy`, undefined)
    return made
  }

  scenario('versions are listed the newest first', {
    scopes: ['read:actions'],
    given: twice,
    get: ({ id }) => [`/api/v2/actions/actions/${id}/versions`],
    expect: {
      status: 200,
      body: ({ version }: Made) => ({
        versions: [
          wireVersion({ number: 2, code: '"second"', secrets: any }),
          wireVersion({ number: 1, id: version, deployed: false, secrets: any }),
        ],
        total: 2,
        page: 0,
        per_page: 20,
      }),
    },
  })

  scenario('a version is read by its id, with its own action only', {
    scopes: ['read:actions'],
    given: async (it) => {
      const [one, other] = [await deployed(it), await deployed(it)]
      return { id: other.id!, version: one.version! }
    },
    get: ({ id, version }) => [`/api/v2/actions/actions/${id}/versions/${version}`],
    expect: { status: 404, body: notFound('That action version does not exist.') },
  })

  scenario('an old version is deployed again as a new one, and answers 202', {
    scopes: ['create:actions'],
    given: twice,
    post: ({ id, version }) => [
      `/api/v2/actions/actions/${id}/versions/${version}/deploy`,
      { update_draft: true },
    ],
    expect: {
      status: 202,
      body: wireVersion({ number: 3, deployed: false, secrets: any }),
      events: ['hook.deployed'],
    },
    then: async (_server, { id }) => {
      const action = await read(server(), `actions/actions/${id}`)
      assert.equal(action.code, code)
      assert.equal(action.all_changes_deployed, true)
    },
  })

  scenario('a roll-back needs no body', {
    scopes: ['create:actions'],
    given: twice,
    post: ({ id, version }) => [`/api/v2/actions/actions/${id}/versions/${version}/deploy`],
    expect: { status: 202, body: any, events: ['hook.deployed'] },
  })

  scenario('there are no modules', {
    scopes: ['read:actions'],
    get: ['/api/v2/actions/modules?per_page=5'],
    expect: { status: 200, body: { modules: [], total: 0, page: 0, per_page: 5 } },
  })

  scenario('an execution that is not there is not found', {
    scopes: ['read:actions'],
    get: ['/api/v2/actions/executions/nothing'],
    expect: { status: 404, body: notFound('That execution does not exist.') },
  })
})

scenarios('/actions/triggers', (scenario, server) => {
  scenario('GET lists every trigger with its versions', {
    scopes: ['read:actions'],
    get: ['/api/v2/actions/triggers'],
    expect: { status: 200, body: any },
    then: async (_server, _made, { body }) => {
      const { triggers: all } = body as { triggers: { id: string; version: string }[] }
      assert.deepEqual(all[0], {
        id: 'post-login',
        version: 'v3',
        status: 'CURRENT',
        runtimes: ['node18-actions', 'node22'],
        default_runtime: 'node22',
        binding_policy: 'trigger-bound',
        compatible_triggers: [{ id: 'post-login', version: 'v2' }],
      })
    },
  })

  scenario('PATCH binds in the order given, by name and by id', {
    scopes: ['update:actions'],
    given: async (it) => {
      const [one, other] = [await deployed(it), await deployed(it)]
      return { name: one.name!, id: other.id! }
    },
    patch: ({ name, id }) => [
      '/api/v2/actions/triggers/post-login/bindings',
      {
        bindings: [
          { ref: { type: 'action_id', value: id }, display_name: 'Shown' },
          { ref: { type: 'action_name', value: name } },
        ],
      },
    ],
    expect: { status: 200, body: any, events: ['trigger.bound'] },
    then: async (_server, { name, id }, { body }) => {
      const { bindings } = body as { bindings: Record<string, unknown>[] }
      assert.deepEqual(
        bindings.map((each) => [each.display_name, each.trigger_id]),
        [
          ['Shown', 'post-login'],
          [name, 'post-login'],
        ],
      )
      assert.equal((bindings[0]!.action as { id: string }).id, id)
      const listed = await read(server(), 'actions/triggers/post-login/bindings')
      assert.deepEqual(listed, { bindings, total: 2, page: 0, per_page: 50 })
      const swapped = bindings.map((each) => ({ ref: { type: 'binding_id', value: each.id } })).reverse()
      const again = await server().call('PATCH', '/api/v2/actions/triggers/post-login/bindings', {
        token: await server().token('every'),
        body: { bindings: swapped },
      })
      const names = (again.body as typeof body as { bindings: { display_name: string }[] }).bindings
      assert.equal(names[0]!.display_name, name)
    },
  })

  scenario('PATCH with an empty list unbinds all', {
    scopes: ['update:actions'],
    given: async (it) => {
      const made = await deployed(it)
      await bind(it, made.name!)
      return made
    },
    patch: ['/api/v2/actions/triggers/post-login/bindings', { bindings: [] }],
    expect: { status: 200, body: { bindings: [] }, events: ['trigger.bound'] },
  })

  scenario('PATCH refuses an action that is not deployed', {
    scopes: ['update:actions'],
    given: createAction,
    patch: ({ id }) => [
      '/api/v2/actions/triggers/post-login/bindings',
      { bindings: [{ ref: { type: 'action_id', value: id } }] },
    ],
    expect: { status: 400, body: badBody(/is not deployed/u) },
  })

  scenario('PATCH refuses an action that is meant for another trigger', {
    scopes: ['update:actions'],
    given: deployed,
    patch: ({ id }) => [
      '/api/v2/actions/triggers/credentials-exchange/bindings',
      { bindings: [{ ref: { type: 'action_id', value: id } }] },
    ],
    expect: { status: 400, body: badBody(/is not meant for the trigger/u) },
  })

  scenario('PATCH refuses to bind where nothing would ever run', {
    scopes: ['update:actions'],
    given: deployed,
    patch: ({ id }) => [
      '/api/v2/actions/triggers/send-phone-message/bindings',
      { bindings: [{ ref: { type: 'action_id', value: id } }] },
    ],
    expect: { status: 400, body: unsupported('Not supported: the trigger send-phone-message.') },
  })

  scenario('PATCH answers 404 for an action that is not there', {
    scopes: ['update:actions'],
    patch: [
      '/api/v2/actions/triggers/post-login/bindings',
      { bindings: [{ ref: { type: 'action_name', value: 'nobody' } }] },
    ],
    expect: { status: 404, body: noAction },
  })

  scenario('PATCH refuses another kind of reference', {
    scopes: ['update:actions'],
    patch: [
      '/api/v2/actions/triggers/post-login/bindings',
      { bindings: [{ ref: { type: 'other', value: 'x' } }] },
    ],
    expect: { status: 400, body: badRequest(any as never, 'invalid_body') },
  })

  scenario('a trigger that is not there is not found', {
    scopes: ['read:actions'],
    get: ['/api/v2/actions/triggers/post-lunch/bindings'],
    expect: { status: 404, body: notFound('That trigger does not exist.') },
  })
})

const without = (thing: Record<string, unknown>, key: string) => {
  const { [key]: _gone, ...rest } = thing
  return rest
}
