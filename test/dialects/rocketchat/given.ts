import { randomBytes } from 'node:crypto'
import { systemActor } from '#core/actor.ts'
import { openChat } from '#core/chat/general.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import type { Role } from '#core/roles/role.ts'
import { createRoom } from '#core/rooms/create.ts'
import { createPerson } from '#core/users/administer.ts'
import type { TestServer } from '#test/harness/server.ts'

/** What scenarios of this door begin with, made beside it. */

export const system = systemActor('system')

const unique = (): string => randomBytes(4).toString('hex')

export const password = 'plain enough'

export const makeUser = async (
  { server }: TestServer,
  { roleIds = ['user'], name = `user-${unique()}`, withPassword = false } = {},
): Promise<{ id: string; username: string }> => {
  const input = {
    username: name,
    name,
    email: `${name}@example.com`,
    roleIds,
    joinsDefaultRooms: false,
    ...(withPassword && { password, anyPassword: true }),
  }
  await server.workspace.run(openChat, {}, systemActor('rocketchat'))
  const { id } = await server.workspace.run(createPerson, input, system)
  return { id, username: name }
}

export const makeRole = async (
  { server }: TestServer,
  input: { name?: string; heldIn?: Role['heldIn']; description?: string } = {},
): Promise<Role> =>
  server.workspace.run(createRole, { name: `role-${unique()}`, seesBuiltIns: true, ...input }, system)

export const makeRoom = async (
  { server }: TestServer,
  {
    ownerId = null,
    memberIds = [],
    kind = 'channel',
  }: {
    ownerId?: string | null
    memberIds?: readonly string[]
    kind?: 'channel' | 'group' | 'team'
  } = {},
): Promise<{ id: string; name: string }> =>
  server.workspace.run(createRoom, { name: `room-${unique()}`, kind, ownerId, memberIds }, system)

export const give = (
  { server }: TestServer,
  userId: string,
  roleId: string,
  roomId?: string,
): Promise<number> =>
  server.workspace.run(
    assignRoles,
    {
      userIds: [userId],
      roleIds: [roleId],
      ...(roomId !== undefined && { scope: `room:${roomId}` as const }),
    },
    system,
  )

/** Signs in through the door, and returns the headers of every later request. */
export const signIn = async (server: TestServer, user: string, secret = password) => {
  const { status, body } = await server.call('POST', '/api/v1/login', { body: { user, password: secret } })
  if (status !== 200) throw new Error(`Signing in failed: ${JSON.stringify(body)}`)
  const { data } = body as { data: { userId: string; authToken: string } }
  return { 'x-user-id': data.userId, 'x-auth-token': data.authToken }
}
