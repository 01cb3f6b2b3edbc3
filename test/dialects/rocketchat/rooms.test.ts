import assert from 'node:assert/strict'
import { any, type Made, scenarios } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'
import { notSignedIn, plain, thrown } from './answers.ts'
import { give, makeRole, makeRoom, makeUser, signIn } from './given.ts'

const wireRoom = {
  _id: any,
  t: 'c',
  name: any,
  fname: any,
  msgs: 0,
  usersCount: 1,
  u: any,
  ts: /Z$/u,
  ro: false,
  default: false,
  sysMes: true,
  customFields: any,
  _updatedAt: /Z$/u,
}

const unauthorized = plain('unauthorized')
const notAllowed = (method: string) => thrown('error-not-allowed', 'Not allowed', { method })
const noChannel = thrown(
  'error-room-not-found',
  'The required "roomId" or "roomName" param provided does not match any channel',
)
const noGroup = thrown(
  'error-room-not-found',
  'The required "roomId" or "roomName" param provided does not match any group',
)

const idsOf = (answer: unknown, key: string): string[] =>
  (answer as Record<string, { _id: string }[]>)[key]!.map(({ _id }) => _id)

/** An owner who is signed in, a member, a stranger, and the room. */
const room =
  (kind: 'channel' | 'group' = 'channel') =>
  async (server: TestServer): Promise<Made> => {
    const owner = await makeUser(server, { withPassword: true })
    const [member, stranger] = [await makeUser(server), await makeUser(server)]
    const { id, name } = await makeRoom(server, { kind, ownerId: owner.id, memberIds: [member.id] })
    const headers = await signIn(server, owner.username)
    return {
      room: id,
      name,
      owner: owner.id,
      member: member.id,
      memberName: member.username,
      stranger: stranger.id,
      strangerName: stranger.username,
      token: headers['x-auth-token']!,
    }
  }

const asOwner = ({ owner, token }: Made) => ({ 'x-user-id': owner!, 'x-auth-token': token! })

scenarios('Rocket.Chat: rooms', (scenario) => {
  for (const [prefix, kind, permission, one, t] of [
    ['channels', 'channel', 'create-c', 'channel', 'c'],
    ['groups', 'group', 'create-p', 'group', 'p'],
  ] as const) {
    scenario(`${prefix}.create makes a room with its owner and the members that there are`, {
      chat: [permission],
      given: async (server) => {
        const { id, username } = await makeUser(server)
        return { id, username }
      },
      post: ({ username }) => [
        `/api/v1/${prefix}.create`,
        { name: `made-${kind}`, members: [username, 'nobody'], readOnly: true },
      ],
      expect: {
        status: 200,
        body: { [one]: { ...wireRoom, t, usersCount: 2, ro: true }, success: true },
        events: ['room.created', 'room.member-added', 'room.member-added', 'role.assigned'],
      },
      then: async (server, _made, { body }) => {
        const { _id, u } = (body as Record<string, { _id: string; u: { _id: string } }>)[one]!
        const owners = await server.server.workspace.store.reader.assignments.list({
          filter: { all: [{ field: 'scope', is: 'equal', value: `room:${_id}` }] },
          limit: 10,
        })
        assert.deepEqual(
          owners.items.map(({ userId, roleId }) => [userId, roleId]),
          [[u._id, 'owner']],
        )
      },
    })

    scenario(`${prefix}.create without its creator has no owner`, {
      chat: 'administrator',
      post: [`/api/v1/${prefix}.create`, { name: `empty-${kind}`, excludeSelf: true }],
      expect: { status: 200, body: any, events: ['room.created'] },
    })

    scenario(`${prefix}.create needs the permission`, {
      chat: [permission === 'create-c' ? 'create-p' : 'create-c'],
      post: [`/api/v1/${prefix}.create`, { name: 'x' }],
      expect: { status: 403, body: unauthorized },
    })

    const param = prefix === 'channels' ? 'Param' : 'Body param'
    for (const [what, body, answer] of [
      ['no name', {}, plain(`${param} "name" is required`)],
      [
        'members that are no list',
        { name: 'x', members: 'all' },
        plain(`${param} "members" must be an array if provided`),
      ],
      [
        'operators for members',
        { name: 'x', members: [{ $ne: 1 }] },
        plain(`${param} "members" must be an array if provided`),
      ],
      ['an operator for a name', { name: { $ne: 1 } }, thrown('invalid-params', 'must be string')],
      [
        'a name with blanks',
        { name: 'a b' },
        thrown('error-invalid-room-name', 'a b is not a valid room name.', { channel_name: 'a b' }),
      ],
      [
        'a name that is taken',
        { name: 'general' },
        thrown('error-duplicate-channel-name', "A channel with name 'general' exists", {
          channel_name: 'general',
        }),
      ],
    ] as const) {
      scenario(`${prefix}.create refuses ${what}`, {
        chat: 'administrator',
        post: [`/api/v1/${prefix}.create`, body],
        expect: { status: 400, body: answer },
      })
    }

    for (const [verb, role, article] of [
      ['Owner', 'owner', 'an owner'],
      ['Moderator', 'moderator', 'a moderator'],
      ['Leader', 'leader', 'a leader'],
    ] as const) {
      const added = { method: `addRoom${verb}` }
      const removed = { method: `removeRoom${verb}` }

      scenario(`${prefix}.add${verb} makes a member ${article}, for who may in the room`, {
        given: room(kind),
        headers: asOwner,
        post: ({ room: roomId, member }) => [`/api/v1/${prefix}.add${verb}`, { roomId, userId: member }],
        expect: { status: 200, body: { success: true }, events: ['role.assigned'] },
        then: async (server, made) => {
          const headers = asOwner(made)
          const body = { roomName: made.name, username: made.memberName }
          const again = await server.call('POST', `/api/v1/${prefix}.add${verb}`, { headers, body })
          assert.deepEqual(
            again.body,
            thrown(`error-user-already-${role}`, `User is already ${article}`, added),
          )
          const roles = await server.call('GET', `/api/v1/${prefix}.roles?roomId=${made.room}`, { headers })
          const holder = (roles.body as { roles: { u: { _id: string }; roles: string[] }[] }).roles.find(
            ({ u }) => u._id === made.member,
          )
          assert.deepEqual(holder?.roles, [role])
          const gone = await server.call('POST', `/api/v1/${prefix}.remove${verb}`, { headers, body })
          assert.deepEqual(gone.body, { success: true })
          const missing = await server.call('POST', `/api/v1/${prefix}.remove${verb}`, { headers, body })
          assert.deepEqual(missing.body, thrown(`error-user-not-${role}`, `User is not ${article}`, removed))
        },
      })

      for (const [route, answer] of [
        [`add${verb}`, thrown('error-user-not-in-room', 'User is not in this room', added)],
        [
          `remove${verb}`,
          verb === 'Leader'
            ? thrown('error-user-not-in-room', 'User is not in this room', removed)
            : thrown('error-invalid-room', 'Invalid room', removed),
        ],
      ] as const) {
        scenario(`${prefix}.${route} refuses who is not in the room`, {
          given: room(kind),
          headers: asOwner,
          post: ({ room: roomId, stranger }) => [`/api/v1/${prefix}.${route}`, { roomId, userId: stranger }],
          expect: { status: 400, body: answer },
        })
      }

      scenario(`${prefix}.add${verb} refuses a member without the right`, {
        given: async (server) => {
          const made = await room(kind)(server)
          const other = await makeUser(server, { withPassword: true })
          await server.server.workspace.run(
            (await import('#core/rooms/members.ts')).addRoomMembers,
            { roomId: made.room!, userIds: [other.id] },
            (await import('./given.ts')).system,
          )
          const headers = await signIn(server, other.username)
          return { ...made, owner: other.id, token: headers['x-auth-token']! }
        },
        headers: asOwner,
        post: ({ room: roomId, member }) => [`/api/v1/${prefix}.add${verb}`, { roomId, userId: member }],
        expect: { status: 400, body: notAllowed(`addRoom${verb}`) },
      })
    }

    scenario(`${prefix}.removeOwner keeps the last owner`, {
      given: room(kind),
      headers: asOwner,
      post: ({ room: roomId, owner }) => [`/api/v1/${prefix}.removeOwner`, { roomId, userId: owner }],
      expect: {
        status: 400,
        body: thrown(
          'error-remove-last-owner',
          'This is the last owner. Please set a new owner before removing this one.',
          { method: 'removeRoomOwner' },
        ),
      },
    })

    scenario(`${prefix}.invite brings people in, and says nothing of those who are there`, {
      given: room(kind),
      headers: asOwner,
      post: ({ room: roomId, member, strangerName }) => [
        `/api/v1/${prefix}.invite`,
        { roomId, userIds: [member], usernames: [strangerName, 'nobody'] },
      ],
      expect: { status: 200, body: any, events: ['room.member-added'] },
    })

    for (const [what, body, answer] of [
      [
        'nobody',
        {},
        thrown(
          'error-users-params-not-provided',
          'Please provide "userId" or "username" or "userIds" or "usernames" as param',
        ),
      ],
      [
        'people who are not there',
        { usernames: ['nobody'] },
        kind === 'channel'
          ? plain('invalid-user-invite-list', 'Cannot invite if no users are provided')
          : thrown('error-empty-invite-list', 'Cannot invite if no valid users are provided'),
      ],
      ['an operator', { userId: { $ne: 1 } }, thrown('invalid-params', 'must be string')],
    ] as const) {
      scenario(`${prefix}.invite refuses ${what}`, {
        given: room(kind),
        headers: asOwner,
        post: ({ room: roomId }) => [`/api/v1/${prefix}.invite`, { roomId, ...body }],
        expect: { status: 400, body: answer },
      })
    }

    scenario(`${prefix}.kick sends a member away, with his roles`, {
      given: async (server) => {
        const made = await room(kind)(server)
        await give(server, made.member!, 'moderator', made.room!)
        return made
      },
      headers: asOwner,
      post: ({ room: roomId, member }) => [`/api/v1/${prefix}.kick`, { roomId, userId: member }],
      expect: { status: 200, body: any, events: ['role.removed', 'room.member-removed'] },
      then: async (server, made) => {
        const headers = asOwner(made)
        const body = { roomId: made.room, userId: made.member }
        const again = await server.call('POST', `/api/v1/${prefix}.kick`, { headers, body })
        assert.deepEqual(again.body, thrown('error-user-not-in-room', 'User is not in this room'))
      },
    })

    scenario(`${prefix}.leave keeps the last owner`, {
      given: room(kind),
      headers: asOwner,
      post: ({ room: roomId }) => [`/api/v1/${prefix}.leave`, { roomId }],
      expect: {
        status: 400,
        body: thrown(
          'error-you-are-last-owner',
          'You are the last owner. Please set new owner before leaving the room.',
        ),
      },
    })

    scenario(`${prefix}.members shows who is in it, by user name`, {
      given: room(kind),
      headers: asOwner,
      get: ({ room: roomId }) => [`/api/v1/${prefix}.members?roomId=${roomId}`],
      expect: { status: 200, body: { members: any, count: 2, offset: 0, total: 2, success: true } },
      then: async (_server, { owner, member }, { body }) =>
        assert.deepEqual(idsOf(body, 'members').sort(), [owner, member].sort()),
    })

    scenario(`${prefix}.delete is the owner’s to do`, {
      given: room(kind),
      headers: asOwner,
      post: ({ name }) => [`/api/v1/${prefix}.delete`, { roomName: name }],
      expect: {
        status: 200,
        body: { success: true },
        events: ['role.removed', 'room.deleted'],
      },
    })

    scenario(`${prefix}.rename, setTopic and their like say what a room is, for who may edit it`, {
      given: room(kind),
      headers: asOwner,
      post: ({ room: roomId, name }) => [`/api/v1/${prefix}.rename`, { roomId, name: `${name}-2` }],
      expect: { status: 200, body: any, events: ['room.updated'] },
      then: async (server, made, { body }) => {
        const shown = (answer: unknown) => (answer as Record<string, Record<string, unknown>>)[one]!
        assert.equal(shown(body).name, `${made.name}-2`)
        const headers = asOwner(made)
        const call = (verb: string, more: object) =>
          server.call('POST', `/api/v1/${prefix}.${verb}`, { headers, body: { roomId: made.room, ...more } })
        for (const [verb, field] of [
          ['setTopic', 'topic'],
          ['setDescription', 'description'],
          ['setAnnouncement', 'announcement'],
        ] as const) {
          const set = await call(verb, { [field]: `A ${field}` })
          assert.deepEqual(set.body, { [field]: `A ${field}`, success: true })
          assert.deepEqual((await call(verb, {})).body, plain(`The bodyParam "${field}" is required`))
        }
        const path = `/api/v1/${prefix}.info?roomId=${made.room}`
        const { topic, description, announcement } = shown((await server.call('GET', path, { headers })).body)
        assert.deepEqual([topic, description, announcement], ['A topic', 'A description', 'A announcement'])
        assert.deepEqual((await call('rename', {})).body, plain('The bodyParam "name" is required'))
        assert.deepEqual(
          (await call('rename', { name: 'general' })).body,
          thrown('error-duplicate-channel-name', "A channel with name 'general' exists", {
            channel_name: 'general',
          }),
        )
        assert.deepEqual((await call('archive', {})).body, { success: true })
        const archived = thrown('error-room-archived', `The channel, ${made.name}-2, is archived`)
        assert.deepEqual((await call('setTopic', { topic: 'x' })).body, archived)
        assert.deepEqual(
          (await call('unarchive', {})).body,
          thrown('error-not-authorized', 'Not authorized', { method: 'unarchiveRoom' }),
        )
      },
    })

    scenario(`${prefix}.info says when there is no such room`, {
      chat: 'administrator',
      get: [`/api/v1/${prefix}.info?roomId=nowhere`],
      expect: { status: 400, body: kind === 'channel' ? noChannel : noGroup },
    })

    scenario(`${prefix}.info asks for a name`, {
      chat: 'administrator',
      get: [`/api/v1/${prefix}.info`],
      expect: {
        status: 400,
        body: thrown('error-room-param-not-provided', 'The parameter "roomId" or "roomName" is required'),
      },
    })
  }

  scenario('a group is not there for who is not in it, administrators included', {
    chat: 'administrator',
    given: room('group'),
    get: ({ room: roomId }) => [`/api/v1/groups.info?roomId=${roomId}`],
    expect: { status: 400, body: noGroup },
  })

  scenario('a channel is there for everybody', {
    chat: [],
    given: room(),
    get: ({ name }) => [`/api/v1/channels.info?roomName=${name}`],
    expect: { status: 200, body: any },
  })

  scenario('a channel that is archived takes nobody in', {
    given: async (server) => {
      const made = await room()(server)
      const { archiveRoom } = await import('#core/rooms/update.ts')
      const { system } = await import('./given.ts')
      await server.server.workspace.run(archiveRoom, { roomId: made.room!, isArchived: true }, system)
      return made
    },
    headers: asOwner,
    post: ({ room: roomId, stranger }) => ['/api/v1/channels.invite', { roomId, userId: stranger }],
    expect: { status: 400, body: any },
    then: async (_server, { name }, { body }) =>
      assert.deepEqual(body, thrown('error-room-archived', `The channel, ${name}, is archived`)),
  })

  scenario('everybody enters and leaves a channel', {
    chat: ['leave-c'],
    given: room(),
    post: ({ room: roomId }) => ['/api/v1/channels.join', { roomId }],
    expect: { status: 200, body: any, events: ['room.member-added'] },
  })

  scenario('channels.list shows all to who may, those he is in to who may only that', {
    chat: ['view-joined-room'],
    given: room(),
    get: ['/api/v1/channels.list?count=0'],
    expect: {
      status: 200,
      body: { channels: [], count: 0, offset: 0, total: 0, success: true },
    },
    then: async (server, made) => {
      const headers = await server.administratorHeaders()
      const { body } = await server.call('GET', '/api/v1/channels.list?count=0', { headers })
      assert.equal(idsOf(body, 'channels').includes(made.room!), true)
      assert.equal(idsOf(body, 'channels').includes('GENERAL'), true)
      const nobody = (await server.chatter()).headers
      const refused = await server.call('GET', '/api/v1/channels.list', { headers: nobody })
      assert.deepEqual([refused.status, refused.body], [403, unauthorized])
      const own = await server.call('GET', '/api/v1/channels.list.joined', { headers: asOwner(made) })
      assert.deepEqual(idsOf(own.body, 'channels'), [made.room])
    },
  })

  scenario('groups.listAll is for who administers rooms', {
    chat: ['view-c-room'],
    get: ['/api/v1/groups.listAll'],
    expect: { status: 403, body: unauthorized },
  })

  scenario('rooms.info says no in the vendor’s words, code and text in each other’s place', {
    chat: [],
    given: room('group'),
    get: ({ room: roomId }) => [`/api/v1/rooms.info?roomId=${roomId}`],
    expect: { status: 400, body: plain('not-allowed', 'Not Allowed') },
  })

  scenario('rooms.info asks for a name', {
    chat: [],
    get: ['/api/v1/rooms.info'],
    expect: {
      status: 400,
      body: thrown('error-roomid-param-not-provided', 'The parameter "roomId" or "roomName" is required'),
    },
  })

  scenario('what somebody is in a room stands in his subscription', {
    given: async (server) => {
      const made = await room()(server)
      const role = await makeRole(server, { heldIn: 'room' })
      await give(server, made.owner!, role.id, made.room!)
      return { ...made, role: role.id }
    },
    headers: asOwner,
    get: ({ room: roomId }) => [`/api/v1/subscriptions.getOne?roomId=${roomId}`],
    expect: { status: 200, body: any },
    then: async (server, made, { body }) => {
      const { subscription } = body as { subscription: { _id: string; rid: string; roles: string[] } }
      assert.match(subscription._id, /^[0-9a-f]{24}$/u)
      assert.deepEqual([subscription.rid, subscription.roles], [made.room, ['owner', made.role]])
      const headers = asOwner(made)
      const all = await server.call('GET', '/api/v1/subscriptions.get', { headers })
      assert.deepEqual(idsOf(all.body, 'update'), [subscription._id])
      const info = `/api/v1/users.info?userId=${made.owner}&includeUserRooms=true`
      const { user } = (await server.call('GET', info, { headers })).body as {
        user: { rooms: { rid: string; roles: string[] }[] }
      }
      assert.deepEqual(
        user.rooms.map(({ rid, roles }) => [rid, roles]),
        [[made.room, ['owner', made.role]]],
      )
    },
  })

  scenario('rooms need a session', {
    get: ['/api/v1/channels.list'],
    expect: { status: 401, body: notSignedIn },
  })

  scenario('GENERAL is there, is everybody’s, has the administrator for owner, and stays', {
    chat: 'administrator',
    post: ['/api/v1/channels.delete', { roomId: 'GENERAL' }],
    expect: { status: 400, body: notAllowed('eraseRoom') },
    then: async (server) => {
      const headers = await server.administratorHeaders()
      const { body } = await server.call('GET', '/api/v1/channels.roles?roomId=GENERAL', { headers })
      const { roles } = body as { roles: { u: { username: string }; roles: string[] }[] }
      assert.deepEqual(
        roles.map(({ u, roles: held }) => [u.username, held]),
        [['root', ['owner']]],
      )
    },
  })

  scenario('a team is opened with members, seen by who is in it, and changed by its owner', {
    given: async (server) => {
      const owner = await makeUser(server, { withPassword: true })
      const [member, stranger] = [await makeUser(server), await makeUser(server)]
      const { 'x-auth-token': token } = await signIn(server, owner.username)
      return {
        owner: owner.id,
        token,
        member: member.id,
        memberName: member.username,
        stranger: stranger.id,
        name: `team-${owner.id}`,
      }
    },
    headers: asOwner,
    post: ({ name, memberName }) => ['/api/v1/teams.create', { name, type: 1, members: [memberName] }],
    expect: {
      status: 200,
      body: {
        team: {
          _id: any,
          name: /^team-/u,
          type: 1,
          roomId: any,
          createdAt: /Z$/u,
          createdBy: { _id: any, username: any },
          _updatedAt: /Z$/u,
        },
        success: true,
      },
      events: ['room.created', 'room.member-added', 'room.member-added', 'role.assigned'],
    },
    then: async (server, made, { body }) => {
      const teamId = (body as { team: { _id: string } }).team._id
      const headers = asOwner(made)
      const get = async (path: string, as: Record<string, string> = headers) =>
        (await server.call('GET', `/api/v1/${path}`, { headers: as })).body as Record<string, unknown>
      const ask = async (verb: string, more: object = {}) => {
        const sent = { teamId, ...more }
        return (await server.call('POST', `/api/v1/teams.${verb}`, { headers, body: sent })).body
      }
      const isMember = async () => {
        const { members } = (await get(`teams.members?teamName=${made.name}`)) as {
          members: { user: { _id: string }; roles: string[] }[]
        }
        return Object.fromEntries(members.map(({ user, roles }) => [user._id, roles]))
      }
      assert.deepEqual(await isMember(), { [made.owner!]: ['owner'], [made.member!]: [] })
      const named = `name=&username=${made.memberName!.toUpperCase()}`
      const found = await get(`teams.members?teamId=${teamId}&${named}`)
      assert.deepEqual([found.count, found.total], [1, 1])
      assert.deepEqual(idsOf(await get('teams.list'), 'teams'), [teamId])
      assert.deepEqual(idsOf(await get(`users.listTeams?userId=${made.owner}`), 'teams'), [teamId])
      assert.deepEqual((await get(`teams.info?teamId=${teamId}`)).teamInfo, (body as { team: unknown }).team)
      const stranger = (await server.chatter()).headers
      assert.deepEqual(await get(`teams.info?teamId=${teamId}`, stranger), plain('team-does-not-exist'))
      assert.deepEqual(idsOf(await get(`users.listTeams?userId=${made.owner}`, stranger), 'teams'), [])
      const withTeam = async (as: Record<string, string>, name: string) => {
        const sent = { name, teams: [made.name, 'nowhere', 'general'] }
        const answer = await server.call('POST', '/api/v1/channels.create', { headers: as, body: sent })
        return (answer.body as { channel: { usersCount: number } }).channel.usersCount
      }
      assert.equal(await withTeam(headers, `of-${made.name}`), 2)
      const opener = (await server.chatter('create-c')).headers
      assert.equal(await withTeam(opener, `not-of-${made.name}`), 1, 'who is not in it brings nobody')
      assert.deepEqual(await ask('addMembers', { members: [{ userId: made.stranger }] }), { success: true })
      assert.deepEqual(await ask('addMembers', { members: [{ userId: 'no' }] }), plain('invalid-user'))
      assert.deepEqual(await ask('removeMember', { userId: made.member }), { success: true })
      assert.deepEqual(await ask('removeMember', { userId: made.member }), plain('invalid-user'))
      assert.deepEqual(Object.keys(await isMember()).sort(), [made.owner!, made.stranger!].sort())
      assert.deepEqual(
        await ask('leave'),
        thrown(
          'error-you-are-last-owner',
          'You are the last owner. Please set new owner before leaving the team.',
        ),
      )
      assert.deepEqual(await ask('delete'), { success: true })
      assert.deepEqual(await get(`teams.info?teamId=${teamId}`), plain('team-does-not-exist'))
    },
  })

  for (const [what, method, path, body, answer] of [
    [
      'no name',
      'post',
      'create',
      { type: 0 },
      thrown('invalid-params', "must have required property 'name'"),
    ],
    [
      'a type that is none',
      'post',
      'create',
      { name: 'x', type: 2 },
      thrown('invalid-params', 'must be equal to one of the allowed values'),
    ],
    [
      'a name that is taken',
      'post',
      'create',
      { name: 'general', type: 0 },
      thrown('error-duplicate-channel-name', "A channel with name 'general' exists", {
        channel_name: 'general',
      }),
    ],
    ['no team', 'get', 'info', undefined, thrown('invalid-params', 'must match exactly one schema in oneOf')],
    ['a team that is none', 'get', 'members?teamName=general', undefined, plain('team-does-not-exist')],
  ] as const) {
    scenario(`teams refuse ${what}`, {
      chat: 'administrator',
      [method]: [`/api/v1/teams.${path}`, ...(body ? [body] : [])],
      expect: { status: 400, body: answer },
    })
  }

  scenario('rooms.get shows every room one is in, of any kind, and what changed since', {
    given: async (server) => {
      const made = await room('group')(server)
      const channel = await makeRoom(server, { memberIds: [made.owner!] })
      const team = await makeRoom(server, { kind: 'team', memberIds: [made.owner!] })
      return { ...made, channel: channel.id, team: team.id }
    },
    headers: asOwner,
    get: ['/api/v1/rooms.get'],
    expect: { status: 200, body: { update: any, remove: [], success: true } },
    then: async (server, made, { body }) => {
      assert.deepEqual(idsOf(body, 'update').sort(), [made.room, made.channel, made.team].sort())
      const headers = asOwner(made)
      const since = new Date(server.clock.now + 1000).toISOString()
      const later = await server.call('GET', `/api/v1/rooms.get?updatedSince=${since}`, { headers })
      assert.deepEqual(idsOf(later.body, 'update'), [])
      const never = await server.call('GET', '/api/v1/rooms.get?updatedSince=soon', { headers })
      assert.deepEqual(
        never.body,
        thrown(
          'error-updatedSince-param-invalid',
          'The "updatedSince" query parameter must be a valid date.',
        ),
      )
    },
  })

  scenario('rooms.adminRooms finds rooms by kind and part of a name, for who administers them', {
    chat: ['view-room-administration'],
    given: room('group'),
    get: ({ name }) => [`/api/v1/rooms.adminRooms?types[]=p&filter=${name!.slice(2)}`],
    expect: { status: 200, body: { rooms: any, count: 1, offset: 0, total: 1, success: true } },
    then: async (server, made, { body }) => {
      assert.deepEqual(idsOf(body, 'rooms'), [made.room])
      const path = `/api/v1/rooms.adminRooms?types[]=c&filter=${made.name}`
      const headers = await server.administratorHeaders()
      assert.deepEqual(idsOf((await server.call('GET', path, { headers })).body, 'rooms'), [])
      const refused = await server.call('GET', path, { headers: asOwner(made) })
      assert.deepEqual(refused.body, thrown('error-not-authorized', 'Not Authorized'))
    },
  })

  scenario('members are found by how they stand: nobody is ever online here', {
    given: room(),
    headers: asOwner,
    get: ({ room: roomId }) => [`/api/v1/channels.members?roomId=${roomId}&status[]=online`],
    expect: { status: 200, body: { members: [], count: 0, offset: 0, total: 0, success: true } },
    then: async (server, made) => {
      const path = `/api/v1/channels.members?roomId=${made.room}&status[]=offline&filter=${made.memberName}`
      const { body } = await server.call('GET', path, { headers: asOwner(made) })
      assert.deepEqual(idsOf(body, 'members'), [made.member])
    },
  })
})
