import assert from 'node:assert/strict'
import { systemActor } from '#core/actor.ts'
import { deleteHook } from '#core/hooks/delete.ts'
import { deployHook } from '#core/hooks/deploy.ts'
import { updateHook } from '#core/hooks/update.ts'
import { until } from '#test/hooks/given.ts'
import { type DreamFactory, dreamfactory, type Fields, password } from './door.ts'

const script = (content: string, more: Fields = {}) => ({
  type: 'v8js',
  content,
  is_active: true,
  allow_event_modification: true,
  ...more,
})

let made = 0
const newcomer = (more: Fields = {}) => {
  made += 1
  return {
    email: `newcomer-${made}@example.com`,
    first_name: 'New',
    last_name: 'Comer',
    password,
    ...more,
  }
}

dreamfactory('event scripts', (it) => {
  const save = async ({ call }: DreamFactory, name: string, body: Fields) => {
    const answer = await call('POST', `system/event_script/${name}`, body)
    assert.ok(answer.status < 300, answer.text)
  }
  const drop = ({ call }: DreamFactory, name: string) => call('DELETE', `system/event_script/${name}`)
  const hookOf = async ({ server }: DreamFactory, name: string) => {
    const hook = await server.server.workspace.store.reader.hooks.findBy({ name })
    assert.ok(hook, name)
    return hook
  }
  const runsAsSystem = async (door: DreamFactory, name: string) => {
    const { id } = await hookOf(door, name)
    const { run } = door.server.server.workspace
    await run(updateHook, { hookId: id, changes: { runsAs: 'system' } }, systemActor('system'))
  }
  const executionsOf = async ({ server }: DreamFactory, name: string) =>
    (
      await server.server.workspace.store.reader.executions.list({
        filter: { field: 'hookName', is: 'equal', value: name },
        limit: 100,
      })
    ).items

  it('a script gives whoever registers the role that he asked for', async (door) => {
    const name = 'user.register.post.post_process'
    const app = await door.app('shop')
    const roleId = await door.role('buyers')
    await save(
      door,
      name,
      script(`
        var_dump(event)
        if (event.response.success !== true) return
        var payload = event.request.payload
        var found = platform.api.get("system/user?related=user_to_app_to_role_by_user_id&filter=" + encodeURIComponent("email='" + payload.email + "'"))
        var user = found.content.resource[0]
        var rows = user.user_to_app_to_role_by_user_id
        rows.push({ app_id: ${app.id}, role_id: ${roleId} })
        var done = platform.api.patch("system/user/" + user.id + "?related=user_to_app_to_role_by_user_id", { user_to_app_to_role_by_user_id: rows })
        print(done.status_code)
      `),
    )
    await runsAsSystem(door, name)
    const body = newcomer({ wanted_role: 'buyers' })
    const answer = await door.call('POST', 'user/register', body, app.key)
    assert.ok(answer.status < 300, answer.text)
    const { store } = door.server.server.workspace
    const user = await store.reader.users.findByEmail(body.email)
    const { items } = await store.reader.assignments.list({
      filter: { field: 'userId', is: 'equal', value: user!.id },
      limit: 10,
    })
    assert.ok(
      items.some(({ scope }) => scope.startsWith('application:')),
      JSON.stringify(items),
    )
    const execution = await until(async () => (await executionsOf(door, name))[0])
    assert.match(execution.log.map(({ text }) => text).join('\n'), /wanted_role: 'buyers'[\s\S]*\n200$/u)
    assert.doesNotMatch(JSON.stringify(execution), new RegExp(password, 'u'))
    assert.deepEqual(
      execution.calls.map(({ method, status }) => [method, status]),
      [
        ['GET', 200],
        ['PATCH', 200],
      ],
    )
    await drop(door, name)
  })

  it('a changed script is tried on the calls of before, without an effect', async (door) => {
    const name = 'user.register.post.post_process'
    const app = await door.app('tried-shop')
    const roleId = await door.role('tried-buyers')
    await save(door, name, script(`print('as it was')`))
    await runsAsSystem(door, name)
    const body = newcomer()
    assert.ok((await door.call('POST', 'user/register', body, app.key)).status < 300)
    await until(async () => (await executionsOf(door, name)).find(({ status }) => status === 'done'))
    const { id } = await hookOf(door, name)
    const { run, store } = door.server.server.workspace
    const code = `
      var user = platform.api.get("system/user?filter=" + encodeURIComponent("email='" + event.request.payload.email + "'")).content.resource[0]
      var rows = [{ app_id: ${app.id}, role_id: ${roleId} }]
      platform.api.patch("system/user/" + user.id + "?related=user_to_app_to_role_by_user_id", { user_to_app_to_role_by_user_id: rows })
      var after = platform.api.get("system/user/" + user.id + "?related=user_to_app_to_role_by_user_id").content
      print(event.response.success, after.user_to_app_to_role_by_user_id.length)`
    await run(updateHook, { hookId: id, changes: { code } }, systemActor('system'))
    const token = await door.server.token('every')
    const path = `/api/rolecall/v1/hooks/${id}/dry-run`
    const tried = await until(async () => {
      const answer = await door.server.call('POST', path, { token, body: { trigger: name, last: 1 } })
      // It is not built yet.
      return answer.status === 400 ? undefined : answer
    })
    const [result] = (tried.body as { results: Fields[] }).results as unknown as {
      log: { text: string }[]
      changes: { rolesAdded: { userId: string; scope: string }[] }
      happened: { status: string }[]
    }[]
    assert.equal(result?.log.at(-1)?.text, 'true 1', tried.text)
    const user = await store.reader.users.findByEmail(body.email)
    assert.equal(result?.changes.rolesAdded[0]?.userId, user!.id)
    assert.match(result?.changes.rolesAdded[0]?.scope ?? '', /^application:/u)
    assert.deepEqual(
      result?.happened.map(({ status }) => status),
      ['done'],
    )
    const { items } = await store.reader.assignments.list({
      filter: { field: 'userId', is: 'equal', value: user!.id },
      limit: 10,
    })
    // What everybody gets at registration.
    assert.deepEqual(
      items.map(({ scope, roleId: held }) => [scope, held]),
      [['workspace', 'user']],
    )
    await drop(door, name)
  })

  it('what is changed of its hook is in the script, and the other way round', async (door) => {
    const name = 'user.profile.get.post_process'
    await save(door, name, script(`print('one')`))
    const { id } = await hookOf(door, name)
    const { run, store } = door.server.server.workspace
    const system = systemActor('system')
    const code = `print('two')`
    await run(updateHook, { hookId: id, changes: { code, isEnabled: false, modifiesEvents: false } }, system)
    const shown = async () => (await door.call('GET', `system/event_script/${name}`)).body as Fields
    const before = await shown()
    // What runs is what was deployed last.
    assert.deepEqual(
      [before.content, before.is_active, before.allow_event_modification],
      [`print('one')`, false, false],
    )
    await until(async () => ((await store.reader.hooks.find(id))?.status === 'built' ? true : undefined))
    await run(deployHook, { hookId: id }, system)
    assert.equal((await shown()).content, code)
    await run(deleteHook, { hookId: id, unbinds: true }, system)
    assert.equal((await door.call('GET', `system/event_script/${name}`)).status, 404)
  })

  it('throwing refuses with a status, before anything is stored', async (door) => {
    const name = 'user.register.post.pre_process'
    await save(door, name, script(`throw { message: 'No more today', status_code: 403 }`))
    const body = newcomer()
    const answer = await door.call('POST', 'user/register', body, (await door.app(`app-${made}`)).key)
    assert.equal(answer.status, 403, answer.text)
    assert.match(answer.text, /No more today/u)
    assert.equal(await door.server.server.workspace.store.reader.users.findByEmail(body.email), undefined)
    await drop(door, name)
  })

  it('a script in front changes what is handled, and one behind what is answered', async (door) => {
    const app = await door.app(`app-${made}-x`)
    await save(door, 'user.register.post.pre_process', script(`event.request.payload.first_name = 'Changed'`))
    await save(
      door,
      'user.register.post.post_process',
      script(`event.response.content = { success: true, hello: 'there' }`),
    )
    const body = newcomer()
    const answer = await door.call('POST', 'user/register', body, app.key)
    assert.deepEqual(answer.body, { success: true, hello: 'there' })
    const user = await door.server.server.workspace.store.reader.users.findByEmail(body.email)
    assert.equal(user?.givenName, 'Changed')
    await drop(door, 'user.register.post.pre_process')
    await save(
      door,
      'user.register.post.post_process',
      script(`event.response.content = { never: true }`, { allow_event_modification: false }),
    )
    const untouched = await door.call('POST', 'user/register', newcomer(), app.key)
    assert.doesNotMatch(untouched.text, /never/u)
    await drop(door, 'user.register.post.post_process')
  })

  it('a line of the log that looks like an event is a line of the log', async (door) => {
    const name = 'user.register.post.pre_process'
    const code = `
      console.log(JSON.stringify({ "request": { payload: { first_name: 'Forged' } } }))
      console.log('"request": {"payload":null}')
      event.setRequest({ ...event.request, payload: { ...event.request.payload, first_name: 'Right' } })`
    await save(door, name, script(code, { type: 'nodejs' }))
    const body = newcomer()
    assert.ok((await door.call('POST', 'user/register', body, {})).status < 300)
    const user = await door.server.server.workspace.store.reader.users.findByEmail(body.email)
    assert.equal(user?.givenName, 'Right')
    const execution = await until(async () => (await executionsOf(door, name)).at(-1))
    assert.ok(
      execution.log.some(({ text }) => text.includes('"request":{"payload":{"first_name":"Forged"}}')),
    )
    await drop(door, name)
  })

  it('a script is told open lookups alone, and its text is left as it is', async (door) => {
    const name = 'user.profile.get.post_process'
    await door.make('lookup', { name: 'opening', value: 'at nine' })
    await door.make('lookup', { name: 'combination', value: 'left-right-left', private: true })
    await save(door, name, script(`print(JSON.stringify(platform.session), '{opening}', '{combination}')`))
    const { email } = await door.user('curious')
    const own = await door.session(email)
    assert.equal((await door.call('GET', 'user/profile', undefined, own)).status, 200)
    const [execution] = await until(async () => {
      const found = await executionsOf(door, name)
      return found.length > 0 ? found : undefined
    })
    const told = execution!.log.map(({ text }) => text).join('\n')
    assert.match(told, /"lookup":\{"opening":"at nine"\}/u)
    assert.match(told, /\{opening\} \{combination\}$/u)
    assert.doesNotMatch(JSON.stringify(execution), /left-right-left|lookup_secret/u)
    assert.ok(!told.includes(own['x-dreamfactory-session-token']!))
    await drop(door, name)
  })

  it('what is addressed by an id fires under both of its names, the specific one first', async (door) => {
    const { id } = await door.user('addressed')
    const names = ['system.user.{id}.patch.pre_process', 'system.user.patch.pre_process']
    for (const [at, name] of names.entries()) {
      const code = `event.request.payload.phone = (event.request.payload.phone || '') + '${at}' + event.resource`
      await save(door, encodeURIComponent(name), script(code))
    }
    assert.equal((await door.call('PATCH', `system/user/${id}`, { name: 'x' })).status, 200)
    const changed = (await door.call('GET', `system/user/${id}`)).body as Fields
    assert.equal(changed.phone, `0${id}1${id}`)
    // A tunnelled verb fires as what it stands for, an alias as what was asked.
    const tunnelled = { ...door.admin, 'x-http-method': 'MERGE' }
    assert.equal((await door.call('POST', `system/user/${id}`, { name: 'y' }, tunnelled)).status, 200)
    assert.equal((await door.call('PUT', `system/user/${id}`, { phone: 'put' })).status, 200)
    assert.equal(((await door.call('GET', `system/user/${id}`)).body as Fields).phone, 'put')
    for (const name of names) await drop(door, encodeURIComponent(name))
  })

  it('before, after and beside a call, in that order', async (door) => {
    const variants = ['.pre_process', '.post_process', '', '.queued']
    const names = variants.map((suffix) => `user.profile.put${suffix}`)
    for (const name of names) await save(door, name, script(`print('ran')`))
    const own = await door.session((await door.user('ordered')).email)
    assert.equal((await door.call('PUT', 'user/profile', { phone: '1' }, own)).status, 200)
    const ran = await until(async () => {
      const all = await Promise.all(names.map((name) => executionsOf(door, name)))
      return all.every((found) => found.some(({ status }) => status === 'done')) ? all.flat() : undefined
    })
    assert.equal(ran.length, names.length)
    for (const name of names) await drop(door, name)
  })

  it('a script that is switched off, or gone, runs no more', async (door) => {
    const name = 'user.register.post.pre_process'
    await save(door, name, script(`throw 'no'`, { is_active: false }))
    const app = await door.app(`app-${made}-y`)
    assert.ok((await door.call('POST', 'user/register', newcomer(), app.key)).status < 300)
    await drop(door, name)
    assert.equal(await door.server.server.workspace.store.reader.hooks.findBy({ name }), undefined)
  })
})
