/**
 * Rocket.Chat's own client, unmodified: signs in, makes a role of its own, gives it with and without a room, lists who
 * holds it, takes it and deletes it. Names a moderator, gives a permission, and goes on with a personal token. Its
 * second-factor handler answers a challenge. Prints what it saw as JSON.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

type Params = Record<string, unknown>
/** Its typings say the same of each route; they drag in a chat server's whole model. */
type Client = {
  get(endpoint: string, params?: Params): Promise<Record<string, unknown>>
  post(endpoint: string, params?: Params): Promise<Record<string, unknown>>
  setCredentials(credentials: { 'X-User-Id': string; 'X-Auth-Token': string }): void
  handleTwoFactorChallenge(answer: (asked: { method: string }) => Promise<string>): void
}

const { RestClient } = createRequire(import.meta.url)('@rocket.chat/api-client') as {
  RestClient: new (options: { baseUrl: string }) => Client
}

const [baseUrl = '', user = '', password = ''] = process.argv.slice(2)

const signIn = async (): Promise<Client> => {
  const client = new RestClient({ baseUrl })
  const { data } = (await client.post('/v1/login', { user, password })) as {
    data: { userId: string; authToken: string }
  }
  client.setCredentials({ 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken })
  return client
}

/** A refusal reaches the caller as a response. */
const refusal = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work
  } catch (response) {
    if (!(response instanceof Response)) throw response
    return response.json()
  }
}

const client = await signIn()
const { role } = (await client.post('/v1/roles.create', {
  name: 'scribe',
  scope: 'Subscriptions',
  description: 'Writes the minutes',
})) as { role: { _id: string } }
const { user: ann } = (await client.post('/v1/users.create', {
  username: 'ann',
  name: 'Ann',
  email: 'ann@example.com',
  password: 'secret',
})) as { user: { _id: string } }
const { channel } = (await client.post('/v1/channels.create', { name: 'minutes', members: ['ann'] })) as {
  channel: { _id: string }
}
const roleId = role._id
const roomId = channel._id
const given = [
  await client.post('/v1/roles.addUserToRole', { username: 'ann', roleId, roomId }),
  await client.post('/v1/roles.addUserToRole', { username: 'ann', roleId }),
]
const again = await refusal(client.post('/v1/roles.addUserToRole', { username: 'ann', roleId, roomId }))
const holders = await client.get('/v1/roles.getUsersInRole', { role: roleId, roomId })
const inUse = await refusal(client.post('/v1/roles.delete', { roleId }))
await client.post('/v1/roles.removeUserFromRole', { username: 'ann', roleId, scope: roomId })
await client.post('/v1/roles.removeUserFromRole', { username: 'ann', roleId })
const deleted = await client.post('/v1/roles.delete', { roleId })
const active = await client.get('/v1/users.listByStatus', { status: 'active', roles: ['user'] })

const moderated = await client.post('/v1/channels.addModerator', { roomId, userId: ann._id })
const roomRoles = await client.get('/v1/channels.roles', { roomId })
const annRooms = await client.get('/v1/users.info', { userId: ann._id, includeUserRooms: 'true' })
await client.post('/v1/channels.removeModerator', { roomId, userId: ann._id })
const permissions = await client.post('/v1/permissions.update', {
  permissions: [{ _id: 'view-logs', roles: ['admin', 'user'] }],
})
const changed = await client.get('/v1/permissions.listAll', { updatedSince: new Date(0).toISOString() })

await client.post('/v1/settings/Accounts_TwoFactorAuthentication_Enforce_Password_Fallback', { value: true })
await client.post('/v1/settings/Accounts_TwoFactorAuthentication_RememberFor', { value: 0 })
const asked: string[] = []
client.handleTwoFactorChallenge(async ({ method }) => {
  asked.push(method)
  return createHash('sha256').update(password).digest('hex')
})
const token = await client.post('/v1/users.generatePersonalAccessToken', { tokenName: 'script' })
const tokens = await client.get('/v1/users.getPersonalAccessTokens')
const own = (await client.get('/v1/me')) as { _id: string; username: string }
const goodbye = await client.post('/v1/logout')
const afterwards = await refusal(client.get('/v1/me'))
client.setCredentials({ 'X-User-Id': own._id, 'X-Auth-Token': String(token.token) })
const byToken = (await client.get('/v1/me')) as { username: string }
const removed = await client.post('/v1/users.removePersonalAccessToken', { tokenName: 'script' })
const withoutToken = await refusal(client.get('/v1/me'))

console.log(
  JSON.stringify({
    roleId,
    annId: ann._id,
    given,
    again,
    holders,
    inUse,
    deleted,
    active,
    asked,
    token,
    moderated,
    roomRoles,
    annRooms,
    permissions,
    changed,
    tokens,
    goodbye,
    afterwards,
    byToken: byToken.username,
    removed,
    withoutToken,
  }),
)
