import Type from 'typebox'
import type { Actor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { roomScope } from '#core/rooms/rules.ts'
import { archiveRoom, type UpdateRoom, updateRoom } from '#core/rooms/update.ts'
import { holds } from './authenticate.ts'
import { type Failure, plain, refuse, thrown } from './errors.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import { findRoom, NamedRoom, type RoomKind, roomKinds } from './room-kinds.ts'
import { encodeRoom, isRoomName, refuseRoomName, roomNameWords, WireRoom } from './rooms.wire.ts'

const text = Type.Optional(Type.String())

const notEditable = thrown('error-action-not-allowed', 'Editing room is not allowed', {
  method: 'saveRoomSettings',
  action: 'Editing_room',
})

/** The texts of a room, the route that sets each, and where it is kept. */
const texts: readonly (readonly [field: string, verb: string, change: (text: string) => Changes])[] = [
  ['topic', 'setTopic', (topic) => ({ topic })],
  ['description', 'setDescription', (description) => ({ description })],
  ['announcement', 'setAnnouncement', (announcement) => ({ extensions: { rocketchat: { announcement } } })],
]
type Changes = UpdateRoom['changes']

const requireInRoom = async (
  run: Run,
  actor: Actor,
  permission: string,
  roomId: string,
  refusal: Failure,
): Promise<void> => {
  if (!(await holds(run, actor, [permission], roomScope(roomId)))) refuse(refusal)
}

/** What a room is called and says of itself, and whether it is still used. @see specs: §3.4 of the Rocket.Chat dialect */
export const roomSettingRoutes: RocketchatRoutes = async (app, { run }) => {
  for (const kind of roomKinds) {
    renameRoute(app, run, kind)
    textRoutes(app, run, kind)
    archiveRoutes(app, run, kind)
  }
}

type App = Parameters<RocketchatRoutes>[0]

const renameRoute = (app: App, run: Run, kind: RoomKind) => {
  app.post(
    `/${kind.prefix}.rename`,
    {
      config: {
        access: { authenticated: 'edit-room is asked for in the room' },
        words: { refusals: { ...roomNameWords, forbidden: notEditable } },
      },
      schema: {
        summary: 'Call a room something else',
        body: Type.Object({ ...NamedRoom, name: text }),
        response: { 200: answer({ [kind.one]: WireRoom } as { channel: typeof WireRoom }) },
      },
    },
    async ({ body, actor }) => {
      const name = given(body.name)?.trim()
      if (name === undefined) return refuse(plain('The bodyParam "name" is required'))
      const { room, membersCount } = await findRoom(run, actor, kind, body, { writes: true })
      await requireInRoom(run, actor, 'edit-room', room.id, notEditable)
      if (!isRoomName(name)) return refuseRoomName(name)
      const changed = await run(updateRoom, { roomId: room.id, changes: { name } }, actor)
      const shown = encodeRoom(changed, membersCount)
      return ok({ [kind.one]: shown } as { channel: typeof shown })
    },
  )
}

const textRoutes = (app: App, run: Run, kind: RoomKind) => {
  for (const [field, verb, change] of texts) {
    app.post(
      `/${kind.prefix}.${verb}`,
      {
        config: {
          access: { authenticated: 'edit-room is asked for in the room' },
          words: { refusals: { forbidden: notEditable } },
        },
        schema: {
          summary: `Set the ${field} of a room`,
          body: Type.Object({ ...NamedRoom, [field]: text } as typeof NamedRoom & { topic: typeof text }),
          response: { 200: answer({ [field]: Type.String() } as { topic: Type.TString }) },
        },
      },
      async ({ body, actor }) => {
        // Blank takes it away; only who sends none at all has forgotten it.
        const value = (body as Record<string, string | undefined>)[field]
        if (value === undefined) return refuse(plain(`The bodyParam "${field}" is required`))
        const { room } = await findRoom(run, actor, kind, body, { writes: true })
        await requireInRoom(run, actor, 'edit-room', room.id, notEditable)
        await run(updateRoom, { roomId: room.id, changes: change(value) }, actor)
        return ok({ [field]: value } as { topic: string })
      },
    )
  }
}

const archiveRoutes = (app: App, run: Run, kind: RoomKind) => {
  for (const [verb, isArchived] of [
    ['archive', true],
    ['unarchive', false],
  ] as const) {
    const refusal = thrown('error-not-authorized', 'Not authorized', { method: `${verb}Room` })
    app.post(
      `/${kind.prefix}.${verb}`,
      {
        config: {
          access: { authenticated: `${verb}-room is asked for in the room` },
          words: { refusals: { forbidden: refusal } },
        },
        schema: {
          summary: isArchived ? 'Close a room for new members' : 'Open a room again',
          body: Type.Object(NamedRoom),
          response: { 200: answer({}) },
        },
      },
      async ({ body, actor }) => {
        const { room } = await findRoom(run, actor, kind, body, { writes: isArchived })
        if (!isArchived && !room.isArchived) {
          refuse(thrown('error-room-not-archived', `The channel, ${room.name}, is not archived`))
        }
        await requireInRoom(run, actor, `${verb}-room`, room.id, refusal)
        await run(archiveRoom, { roomId: room.id, isArchived }, actor)
        return ok({})
      },
    )
  }
}
