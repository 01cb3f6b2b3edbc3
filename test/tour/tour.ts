/**
 * The product's main story against a throw-away server: a role given through one door is seen through the others.
 * Prints each call with its answer; ends with 1 on any surprise.
 */
import assert from 'node:assert/strict'
import { styleText } from 'node:util'
import { any, expectLike } from '#test/harness/scenario.ts'
import { type Answer, administrator, operator, startServer } from '#test/harness/server.ts'

const server = await startServer()
let token: string | undefined
let steps = 0

const tell = (title: string) => {
  steps += 1
  console.log(`\n${styleText('bold', `${steps}. ${title}`)}`)
}

/** Makes a call, shows it, and compares its answer with what the story promises. */
const call = async (
  method: string,
  path: string,
  expected: { status: number; body?: unknown },
  body?: unknown,
  headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` },
) => {
  console.log(
    `   ${styleText('cyan', `${method} ${path}`)}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
  )
  const answer: Answer = await server.call(method, path, { body, headers })
  const shown = answer.text.length > 600 ? `${answer.text.slice(0, 600)}…` : answer.text
  console.log(`   ${styleText('dim', `${answer.status} ${shown}`)}`)
  assert.equal(answer.status, expected.status)
  if (expected.body !== undefined) expectLike(answer.body, expected.body, '$')
  // Each step knows what it looks at; the comparison above made sure of its shape.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  return answer.body as any
}

const native = '/api/rolecall/v1'
const soon = new Date(server.clock.now + 3_600_000).toISOString()

const walk = async () => {
  tell('A machine gets a token for the Management API, as the Auth0 SDKs ask for it.')
  const issued = await call(
    'POST',
    '/oauth/token',
    { status: 200 },
    {
      grant_type: 'client_credentials',
      client_id: operator.id,
      client_secret: operator.secret,
      audience: `${server.origin}/api/v2/`,
    },
  )
  token = issued.access_token

  tell('It creates a user and two roles in Auth0’s dialect.')
  const user = await call(
    'POST',
    '/api/v2/users',
    { status: 201 },
    {
      connection: 'Username-Password-Authentication',
      email: 'ada@example.com',
      password: 'Correct horse 9',
      user_id: 'ada',
    },
  )
  assert.equal(user.user_id, 'auth0|ada')
  const editor = await call(
    'POST',
    '/api/v2/roles',
    { status: 200 },
    { name: 'editor', description: 'May edit' },
  )
  const reviewer = await call('POST', '/api/v2/roles', { status: 200 }, { name: 'reviewer' })

  tell('An API has a permission, and the role editor carries it.')
  await call(
    'POST',
    '/api/v2/resource-servers',
    { status: 201 },
    {
      identifier: 'https://press.example',
      name: 'Press',
      scopes: [{ value: 'edit:articles', description: 'Edit articles' }],
    },
  )
  await call(
    'POST',
    `/api/v2/roles/${editor.id}/permissions`,
    { status: 201, body: {} },
    {
      permissions: [
        { resource_server_identifier: 'https://press.example', permission_name: 'edit:articles' },
      ],
    },
  )

  tell('May Ada edit? AuthZEN says no.')
  const question = {
    subject: { type: 'user', id: 'ada' },
    action: { name: 'edit:articles' },
    resource: { type: 'https://press.example', id: 'workspace' },
  }
  await call('POST', '/access/v1/evaluation', { status: 200, body: { decision: false } }, question)

  tell('The role is given through Auth0’s door; giving it again changes nothing.')
  await call('POST', '/api/v2/users/auth0%7Cada/roles', { status: 204 }, { roles: [editor.id] })
  await call('POST', '/api/v2/users/auth0%7Cada/roles', { status: 204 }, { roles: [editor.id] })

  tell('In the same instant every other door knows.')
  await call('POST', '/access/v1/evaluation', { status: 200, body: { decision: true } }, question)
  const roleId = editor.id.slice('rol_'.length)
  const held = await call('GET', `${native}/users/ada/effective-roles`, { status: 200 })
  assert.deepEqual(
    held.items.map((role: { name: string }) => role.name),
    ['editor'],
  )

  tell('And each can say why: who gave it, through which door, since when.')
  const why = await call('GET', `${native}/explain?userId=ada&roleId=${roleId}`, { status: 200 })
  assert.match(JSON.stringify(why), /"door":"auth0"/u)

  tell('A role for an hour only, given through Rolecall’s own API, with its reason.')
  const reviewerId = reviewer.id.slice('rol_'.length)
  await call(
    'POST',
    `${native}/assignments`,
    { status: 200 },
    {
      userId: 'ada',
      roleId: reviewerId,
      expiresAt: soon,
      reason: 'stands in for Grace',
    },
  )
  const both = await call('GET', '/api/v2/users/auth0%7Cada/roles', { status: 200 })
  assert.deepEqual(
    both.map((role: { name: string }) => role.name),
    ['editor', 'reviewer'],
  )

  tell('An hour later it has stopped counting, by itself and at its instant.')
  server.clock.now += 3_600_000
  const left = await call('GET', '/api/v2/users/auth0%7Cada/roles', { status: 200 })
  assert.deepEqual(
    left.map((role: { name: string }) => role.name),
    ['editor'],
  )

  tell('What happened stands in the events: who did what, to whom, through which door.')
  const events = await call('GET', `${native}/events?userId=ada&type=role.assigned`, { status: 200 })
  assert.deepEqual(
    events.items.map((event: { door: string }) => event.door),
    ['native', 'auth0'],
  )

  tell(
    'A client of Rocket.Chat signs in with the same administrator, makes Grace, and gives her the same role.',
  )
  const chat = '/api/v1'
  const { data } = await call(
    'POST',
    `${chat}/login`,
    { status: 200 },
    { user: administrator.username, password: administrator.password },
    {},
  )
  const inChat = { 'x-user-id': data.userId, 'x-auth-token': data.authToken }
  const grace = { username: 'grace', name: 'Grace', email: 'grace@example.com', password: 'secret' }
  const { user: made } = await call('POST', `${chat}/users.create`, { status: 200 }, grace, inChat)
  const give = { username: 'grace', roleId }
  await call('POST', `${chat}/roles.addUserToRole`, { status: 200 }, give, inChat)
  await call('POST', `${chat}/roles.addUserToRole`, { status: 400 }, give, inChat)

  tell('Auth0’s door shows it in the same instant, beside what everybody gets, and it is explained.')
  const hers = await call('GET', `/api/v2/users/auth0%7C${made._id}/roles`, { status: 200 })
  assert.deepEqual(
    hers.map((role: { name: string }) => role.name),
    ['user', 'editor'],
  )
  const explained = await call('GET', `${native}/explain?userId=${made._id}&roleId=${roleId}`, {
    status: 200,
  })
  assert.match(JSON.stringify(explained), /"door":"rocketchat"/u)

  tell('A client of DreamFactory knows them all, and gives Ada a role in just one app.')
  const system = '/api/v2/system'
  const { email, password } = administrator
  const session = await call('POST', `${system}/admin/session`, { status: 200 }, { email, password }, {})
  const inApp = { 'x-dreamfactory-session-token': session.session_token }
  const oneOf = async (path: string) =>
    (await call('GET', `${system}/${path}`, { status: 200 }, undefined, inApp)).resource[0]
  const ada = await oneOf(`user?fields=id&filter=${encodeURIComponent("email='ada@example.com'")}`)
  const review = await oneOf(`role?fields=id&filter=${encodeURIComponent('name=reviewer')}`)
  const apps = { resource: [{ name: 'printing', is_active: true }] }
  const app = (await call('POST', `${system}/app`, { status: 201 }, apps, inApp)).resource[0]
  const rows = [{ user_id: ada.id, app_id: app.id, role_id: review.id }]
  const relation = 'user_to_app_to_role_by_user_id'
  await call(
    'PATCH',
    `${system}/user/${ada.id}?related=${relation}`,
    { status: 200 },
    { [relation]: rows },
    inApp,
  )
  const inPlaces = await call('GET', `${native}/assignments?userId=ada&roleId=${reviewerId}`, { status: 200 })
  assert.match(JSON.stringify(inPlaces), /"scope":"application:.*"door":"dreamfactory"/u)

  tell('Nobody raises himself: the last administrator can not be removed.')
  const admins = await call('GET', `${native}/roles/admin/holders`, { status: 200 })
  await call('DELETE', `${native}/users/${admins.items[0].id}`, { status: 409, body: any })
}

try {
  await walk()
  console.log(styleText('green', `\n${steps} steps, no surprise.`))
} catch (error) {
  console.error(styleText('red', `\nA surprise in step ${steps}: ${(error as Error).message}`))
  process.exitCode = 1
} finally {
  await server.close()
}
