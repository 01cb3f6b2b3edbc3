import assert from 'node:assert/strict'
import { test } from 'node:test'
import { archiveRoom } from '#core/rooms/update.ts'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { notAllowed as accessing, missingPermission, plain, thrown } from './answers.ts'
import { give, makeRole, makeRoom, makeUser, system } from './given.ts'

type Line = readonly [roles: string, names: string]

/** Section 3.4 of the specification, row by row, written down once more. */
const asked: readonly Line[] = [
  ['admin', 'access-permissions access-setting-permissions assign-admin-role assign-roles create-user'],
  ['admin', 'bulk-register-user delete-user edit-other-user-info edit-other-user-password'],
  ['admin', 'edit-other-user-active-status edit-other-user-avatar edit-other-user-e2ee edit-other-user-totp'],
  ['admin', 'logout-other-user user-generate-access-token view-full-other-user-info'],
  ['admin user', 'create-personal-access-tokens'],
  ['admin', 'view-other-user-channels view-user-administration manage-moderation-actions'],
  ['admin', 'view-moderation-console send-mail view-room-administration add-user-to-any-c-room'],
  ['admin user bot app guest', 'view-d-room'],
  ['admin owner moderator user', 'view-outside-room'],
  ['admin bot app', 'api-bypass-rate-limit join-without-join-code'],
  ['admin user bot app', 'create-c create-d create-p'],
  ['admin user bot app anonymous', 'view-c-room'],
  ['guest bot app anonymous', 'view-joined-room'],
  ['admin user anonymous guest', 'view-p-room'],
  ['admin user anonymous', 'preview-c-room'],
  ['admin owner moderator', 'view-broadcast-member-list add-user-to-joined-room remove-user ban-user'],
  ['admin owner moderator', 'mute-user edit-room create-invite-links'],
  ['admin owner', 'set-owner set-moderator set-leader archive-room delete-c delete-p'],
  ['', 'add-user-to-any-p-room kick-user-from-any-p-room'],
  ['admin', 'add-all-to-room kick-user-from-any-c-room unarchive-room delete-d'],
  ['admin user bot anonymous app', 'leave-c leave-p'],
  ['admin', 'view-privileged-setting edit-privileged-setting get-server-info view-statistics'],
]

/** Section 3.5: what only programs of their own ask for. */
const seeded: readonly Line[] = [
  ['admin bot app', 'send-many-messages'],
  ['admin', 'add-oauth-service clean-channel-history edit-room-retention-policy manage-assets'],
  ['admin', 'manage-email-inbox manage-emoji manage-user-status manage-outgoing-integrations'],
  ['admin', 'manage-incoming-integrations manage-own-outgoing-integrations manage-oauth-apps'],
  ['admin', 'manage-own-incoming-integrations manage-selected-settings run-import run-migration'],
  ['admin', 'view-device-management view-engagement-dashboard view-join-code view-logs mail-messages'],
  ['admin', 'view-all-teams manage-apps manage-cloud manage-sounds access-mailer view-federation-data'],
  ['admin', 'register-on-cloud test-admin-options sync-auth-services-users restart-server'],
  ['admin', 'remove-slackbridge-links view-import-operations clear-oembed-cache'],
  ['admin owner moderator', 'delete-message edit-message edit-room-avatar add-team-member edit-team-member'],
  ['admin owner moderator', 'move-room-to-team create-team-channel create-team-group'],
  ['admin owner moderator', 'delete-team-channel delete-team-group edit-team-channel remove-team-channel'],
  ['admin owner moderator', 'post-readonly pin-message'],
  ['admin owner', 'force-delete-message toggle-room-e2e-encryption delete-team convert-team edit-team'],
  ['admin owner', 'view-all-team-channels set-readonly set-react-when-readonly'],
  ['admin user', 'access-marketplace delete-own-message create-team mobile-upload-file'],
  ['admin user', 'test-push-notifications'],
  ['admin owner moderator user', 'mention-all mention-here videoconf-ring-users call-management'],
  ['bot app', 'message-impersonate bypass-time-limit-edit-and-delete'],
]

const defaults: readonly Line[] = [...asked, ...seeded]

type Call = readonly ['get' | 'post', string, unknown?]
type Answer = readonly [status: number, body: unknown]
type Row = {
  /** Held besides, by both who are tried. */
  also?: readonly string[]
  given?: (server: TestServer) => Promise<Made>
  /** Where the caller has to be in a room: its id from what was given. */
  joins?: boolean
  /** A role that carries it with all that must be held to give it out, where the permission alone is not enough. */
  carriedBy?: string
  call: (made: Made) => Call
  /** Without the permission. */
  refused: Answer | ((made: Made) => Answer)
}

const user = async (server: TestServer): Promise<Made> => {
  const { id, username } = await makeUser(server)
  return { id, username }
}
const freshUser = (): object => {
  const name = `table-${Math.random().toString(36).slice(2)}`
  return { name, username: name, email: `${name}@example.com`, password: 'secret' }
}
const roomOf =
  (kind: 'channel' | 'group') =>
  async (server: TestServer): Promise<Made> => {
    const [owner, member, other] = [await makeUser(server), await makeUser(server), await makeUser(server)]
    const { id } = await makeRoom(server, { kind, ownerId: owner.id, memberIds: [member.id] })
    return { room: id, member: member.id, other: other.id, id: other.id }
  }
const ofUsers = (text: string, action: string): Answer => [
  400,
  thrown('error-action-not-allowed', text, { method: 'insertOrUpdateUser', action }),
]
const ofRoom = (text: string, method: string, action: string): Answer => [
  400,
  thrown('error-action-not-allowed', text, { method, action }),
]
const notAllowed = (method: string): Answer => [400, thrown('error-not-allowed', 'Not allowed', { method })]
const missing: Answer = [403, missingPermission]
const unauthorized: Answer = [403, plain('unauthorized')]
const post = (route: string, body: unknown = {}): Call => ['post', `/api/v1/${route}`, body]
const get = (route: string): Call => ['get', `/api/v1/${route}`]

const inRoom = (kind: 'channel' | 'group'): Record<string, Row> => {
  const [prefix, letter] = kind === 'channel' ? (['channels', 'c'] as const) : (['groups', 'p'] as const)
  const given = roomOf(kind)
  return {
    [`create-${letter}`]: {
      call: () => post(`${prefix}.create`, { name: `table-${Math.random().toString(36).slice(2)}` }),
      refused: unauthorized,
    },
    [`delete-${letter}`]: {
      given,
      joins: true,
      call: ({ room }) => post(`${prefix}.delete`, { roomId: room }),
      refused: notAllowed('eraseRoom'),
    },
    [`leave-${letter}`]: {
      given,
      joins: true,
      call: ({ room }) => post(`${prefix}.leave`, { roomId: room }),
      refused: notAllowed('leaveRoom'),
    },
    [`add-user-to-any-${letter}-room`]: {
      given,
      joins: kind === 'group',
      call: ({ room, other }) => post(`${prefix}.invite`, { roomId: room, userId: other }),
      refused: notAllowed('addUsersToRoom'),
    },
    [`kick-user-from-any-${letter}-room`]: {
      given,
      joins: kind === 'group',
      call: ({ room, member }) => post(`${prefix}.kick`, { roomId: room, userId: member }),
      refused: notAllowed('removeUserFromRoom'),
    },
  }
}

const inChannel = roomOf('channel')

/** What holds of every permission that a route of ours asks for: refused without, answered with it alone. */
const rows: Record<string, Row> = {
  'access-permissions': {
    call: () => post('roles.create', { name: `table-${Math.random().toString(36).slice(2)}` }),
    refused: [400, accessing],
  },
  'assign-roles': {
    also: ['edit-other-user-info'],
    given: user,
    call: ({ id }) => post('users.update', { userId: id, data: { roles: ['user', 'guest'] } }),
    refused: ofUsers('Assign roles is not allowed', 'Assign_role'),
  },
  'create-user': {
    call: () => post('users.create', freshUser()),
    refused: ofUsers('Adding user is not allowed', 'Adding_user'),
  },
  'delete-user': { given: user, call: ({ id }) => post('users.delete', { userId: id }), refused: missing },
  'edit-other-user-info': {
    given: user,
    call: ({ id }) => post('users.update', { userId: id, data: { name: 'Other' } }),
    refused: ofUsers('Editing user is not allowed', 'Editing_user'),
  },
  'edit-other-user-active-status': {
    given: user,
    call: ({ id }) => post('users.setActiveStatus', { userId: id, activeStatus: false }),
    refused: missing,
  },
  'manage-moderation-actions': {
    given: user,
    call: ({ id }) => post('users.setActiveStatus', { userId: id, activeStatus: false }),
    refused: missing,
  },
  'logout-other-user': {
    given: user,
    call: ({ id }) => post('users.logout', { userId: id }),
    refused: unauthorized,
  },
  'create-personal-access-tokens': {
    call: () => post('users.generatePersonalAccessToken', { tokenName: 'mine' }),
    refused: [
      400,
      thrown('not-authorized', 'Not Authorized', { method: 'personalAccessTokens:generateToken' }),
    ],
  },
  'view-full-other-user-info': {
    also: ['view-d-room'],
    call: () => get('users.list?email=root@example.com'),
    refused: unauthorized,
  },
  'view-other-user-channels': {
    also: ['access-permissions'],
    given: inChannel,
    call: ({ room }) => get(`roles.getUsersInRole?role=owner&roomId=${room}`),
    refused: [400, thrown('error-not-allowed', 'Not allowed')],
  },
  'view-d-room': { call: () => get('users.list'), refused: missing },
  'send-mail': {
    given: async (server) => ({ email: `${(await makeUser(server)).username}@example.com` }),
    call: ({ email }) => post('users.sendWelcomeEmail', { email }),
    refused: missing,
  },
  'view-c-room': { call: () => get('channels.list'), refused: unauthorized },
  'view-joined-room': { call: () => get('channels.list'), refused: unauthorized },
  'view-room-administration': { call: () => get('groups.listAll'), refused: unauthorized },
  'view-broadcast-member-list': {
    given: async (server) => {
      const headers = await server.administratorHeaders()
      const name = `table-${Math.random().toString(36).slice(2)}`
      const body = { name, extraData: { broadcast: true } }
      const made = await server.call('POST', '/api/v1/channels.create', { headers, body })
      return { room: (made.body as { channel: { _id: string } }).channel._id }
    },
    call: ({ room }) => get(`channels.members?roomId=${room}`),
    refused: unauthorized,
  },
  'set-owner': {
    given: inChannel,
    joins: true,
    carriedBy: 'owner',
    call: ({ room, member }) => post('channels.addOwner', { roomId: room, userId: member }),
    refused: notAllowed('addRoomOwner'),
  },
  'set-moderator': {
    given: inChannel,
    joins: true,
    carriedBy: 'owner',
    call: ({ room, member }) => post('channels.addModerator', { roomId: room, userId: member }),
    refused: notAllowed('addRoomModerator'),
  },
  'set-leader': {
    given: inChannel,
    joins: true,
    call: ({ room, member }) => post('channels.addLeader', { roomId: room, userId: member }),
    refused: notAllowed('addRoomLeader'),
  },
  'add-user-to-joined-room': {
    given: inChannel,
    joins: true,
    call: ({ room, other }) => post('channels.invite', { roomId: room, userId: other }),
    refused: notAllowed('addUsersToRoom'),
  },
  'remove-user': {
    given: inChannel,
    joins: true,
    call: ({ room, member }) => post('channels.kick', { roomId: room, userId: member }),
    refused: notAllowed('removeUserFromRoom'),
  },
  'edit-room': {
    given: inChannel,
    joins: true,
    carriedBy: 'owner',
    call: ({ room }) => post('channels.setTopic', { roomId: room, topic: 'Plans' }),
    refused: ofRoom('Editing room is not allowed', 'saveRoomSettings', 'Editing_room'),
  },
  'archive-room': {
    given: inChannel,
    joins: true,
    carriedBy: 'owner',
    call: ({ room }) => post('channels.archive', { roomId: room }),
    refused: [400, thrown('error-not-authorized', 'Not authorized', { method: 'archiveRoom' })],
  },
  'unarchive-room': {
    given: async (server) => {
      const made = await inChannel(server)
      await server.server.workspace.run(archiveRoom, { roomId: made.room!, isArchived: true }, system)
      return made
    },
    joins: true,
    call: ({ room }) => post('channels.unarchive', { roomId: room }),
    refused: [400, thrown('error-not-authorized', 'Not authorized', { method: 'unarchiveRoom' })],
  },
  'view-privileged-setting': { call: () => get('settings/API_Default_Count'), refused: unauthorized },
  'edit-privileged-setting': {
    call: () => post('settings/API_Default_Count', { value: 50 }),
    refused: unauthorized,
  },
  ...inRoom('channel'),
  ...inRoom('group'),
}

const inTeam = async (server: TestServer): Promise<Made> => {
  const [owner, member, other] = [await makeUser(server), await makeUser(server), await makeUser(server)]
  const { id } = await makeRoom(server, { kind: 'team', ownerId: owner.id, memberIds: [member.id] })
  return { room: id, member: member.id, other: other.id }
}

/** Those of section 3.5 that routes about teams ask for. */
const ofTeams: Record<string, Row> = {
  'create-team': {
    call: () => post('teams.create', { name: `table-${Math.random().toString(36).slice(2)}`, type: 0 }),
    refused: missing,
  },
  'view-all-teams': { call: () => get('teams.listAll'), refused: missing },
  'add-team-member': {
    given: inTeam,
    joins: true,
    call: ({ room, other }) => post('teams.addMembers', { teamId: room, members: [{ userId: other }] }),
    refused: unauthorized,
  },
  'edit-team-member': {
    given: inTeam,
    joins: true,
    call: ({ room, member }) => post('teams.removeMember', { teamId: room, userId: member }),
    refused: unauthorized,
  },
  'delete-team': {
    given: inTeam,
    joins: true,
    call: ({ room }) => post('teams.delete', { teamId: room }),
    refused: unauthorized,
  },
}

/** Rows of section 3.4 that are tried elsewhere, or that nothing here asks for: programs of one's own may. */
const elsewhere: Record<string, string> = {
  'assign-admin-role': 'role-members.test.ts: making an administrator takes a right of its own',
  'edit-other-user-password': 'users.test.ts: users.update passes over a password for who may not set any',
  'view-outside-room': 'settings.test.ts: users.list, users.listByStatus and users.autocomplete',
  'api-bypass-rate-limit': 'limits.test.ts: who holds api-bypass-rate-limit is not counted',
  'preview-c-room': 'settings.test.ts: strangers read channels once the setting says so',
  'access-setting-permissions': 'there are no permissions of single settings',
  'bulk-register-user': 'imports are the command line’s',
  'edit-other-user-avatar': 'avatars are drawn from names',
  'edit-other-user-e2ee': 'nothing is encrypted here',
  'edit-other-user-totp': 'second factors are reset in the dashboard',
  'user-generate-access-token': 'users.createToken refuses everybody: sessions.test.ts',
  'view-user-administration': 'a page of the vendor’s client',
  'view-moderation-console': 'a page of the vendor’s client',
  'create-d': 'there are no messages, and no rooms for two',
  'delete-d': 'there are no messages, and no rooms for two',
  'view-p-room': 'groups are seen by who is in them: rooms.test.ts',
  'add-all-to-room': 'no route of the specification',
  'ban-user': 'no route of the specification',
  'mute-user': 'no route of the specification',
  'join-without-join-code': 'channels have no join code',
  'create-invite-links': 'no route of the specification',
  'get-server-info': '7.x tells everybody its release: sessions.test.ts',
  'view-statistics': 'metrics are the operator’s',
}

test('every row of section 3.4 is tried with and without the permission, or says where it counts', () => {
  const names = asked.flatMap(([, each]) => each.split(' ')).sort()
  assert.deepEqual([...Object.keys(rows), ...Object.keys(elsewhere)].sort(), names)
})

scenarios('Rocket.Chat: the table of permissions', (scenario, server) => {
  scenario('permissions have the default roles of the specification, in their order', {
    chat: [],
    get: ['/api/v1/permissions.listAll'],
    expect: { status: 200, body: { update: any, remove: [], success: true } },
    then: async (_server, _made, { body }) => {
      const { update } = body as { update: { _id: string; roles: string[] }[] }
      const shown = new Map(update.map(({ _id, roles }) => [_id, roles.join(' ')]))
      for (const [roles, names] of defaults) {
        for (const name of names.split(' ')) assert.equal(shown.get(name), roles, name)
      }
      assert.equal(defaults.flatMap(([, names]) => names.split(' ')).length, shown.size)
    },
  })

  for (const [permission, row] of Object.entries({ ...rows, ...ofTeams })) {
    const { also = [], given = async () => ({}), joins, carriedBy, call, refused } = row
    const try_ = async (permissions: readonly string[]) => {
      const made: Made = await given(server())
      const caller = await server().chatter(...permissions)
      if (joins) {
        // Somebody who is in the room holds a role there, and no more than that.
        const role = await makeRole(server(), { heldIn: 'room' })
        const headers = await server().administratorHeaders()
        for (const name of permissions) {
          const body = { permissionId: name, role: role.id }
          await server().call('POST', '/api/v1/permissions.addRole', { headers, body })
        }
        await server().server.workspace.store.write((tx) =>
          tx.memberships.add({ userId: caller.id, scope: `room:${made.room}`, createdAt: 0 }),
        )
        const holds = carriedBy !== undefined && permissions.includes(permission)
        await give(server(), caller.id, holds ? carriedBy : role.id, made.room)
      }
      await server().events()
      const [method, path, body] = call(made)
      const { headers } = caller
      const answer = await server().call(method.toUpperCase(), path, { headers, body })
      return { made, answer, events: await server().events() }
    }

    scenario(`${permission}: refused without it`, {
      given: async () => {
        const { made, answer, events } = await try_(also)
        const [status, body] = typeof refused === 'function' ? refused(made) : refused
        assert.deepEqual([answer.status, answer.body, events], [status, body, []])
        return {}
      },
      get: ['/api/info'],
      expect: { status: 200 },
    })

    scenario(`${permission}: answered with it`, {
      given: async () => {
        const { answer } = await try_([...also, permission])
        assert.equal(answer.status, 200, answer.text)
        return {}
      },
      get: ['/api/info'],
      expect: { status: 200 },
    })
  }
})
