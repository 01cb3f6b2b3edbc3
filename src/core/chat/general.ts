import { type Actor, systemActor } from '../actor.ts'
import { equal, unlimited } from '../listing.ts'
import { addMembers } from '../members.ts'
import { command } from '../operation.ts'
import {
  newSharedSecret,
  readSharedSecret,
  type SharedSecret,
  writeSharedSecret,
} from '../registration/shared-secret.ts'
import { giveRoles } from '../roles/assign.ts'
import { administratorRoleId, ownerRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'

/** The room that everybody is in, and the bot: what every chat has, by ids that its clients know. */
export const generalRoomId = 'GENERAL'
export const chatBotId = 'rocket.cat'
const botRoleId = 'bot'

/**
 * Makes what every chat has, once somebody comes through a door for chats: workspaces without one are spared it. The
 * eldest administrator becomes the room's owner. Repeating it changes nothing, but that it finds an owner once there is
 * somebody to be it.
 */
export const openChat = command<Record<never, never>, void, SharedSecret>({
  name: 'open chat',
  needs: 'settings:update',
  prepare: async (_input, services) => newSharedSecret(services),
  run: async (tx, _input, actor, secret) => {
    if (!(await tx.users.find(chatBotId))) await addBot(tx)
    if (!(await tx.rooms.find(generalRoomId))) await addGeneral(tx)
    await ensureGeneralOwner(tx, systemActor(actor.door))
    // What its clients put into the address of a form that is not for everybody. Nobody knows it before he looks.
    if (!(await readSharedSecret(tx))) await writeSharedSecret(tx, secret)
  },
})

const addBot = async (tx: Tx): Promise<void> => {
  // Somebody may have the name already.
  const username = (await tx.users.findByUsername(chatBotId)) ? undefined : chatBotId
  await tx.users.insert({
    id: chatBotId,
    kind: 'bot',
    ...(username !== undefined && { username }),
    name: 'Rocket.Cat',
    isEmailVerified: false,
    userMetadata: {},
    appMetadata: {},
    rolesVersion: 0,
    loginsCount: 0,
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: {},
  })
  await tx.emit({ type: 'user.created', userId: chatBotId, data: {} })
  const system = systemActor('system')
  await giveRoles(tx, { userIds: [chatBotId], roleIds: [botRoleId], source: 'default' }, system)
}

const addGeneral = async (tx: Tx): Promise<void> => {
  const name = (await tx.rooms.findBy({ name: 'general' })) ? generalRoomId : 'general'
  await tx.rooms.insert({
    id: generalRoomId,
    name,
    kind: 'channel',
    topic: '',
    description: '',
    isDefault: true,
    isArchived: false,
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: {},
  })
  const target = { kind: 'room', id: generalRoomId } as const
  await tx.emit({ type: 'room.created', target, data: { name, kind: 'channel' } })
}

/** Makes the eldest administrator its owner, unless it has one. */
export const ensureGeneralOwner = async (tx: Tx, system: Actor): Promise<void> => {
  const scope = `room:${generalRoomId}` as const
  const owners = await tx.assignments.list({
    filter: { all: [equal('roleId', ownerRoleId), equal('scope', scope)] },
    limit: 1,
  })
  if (owners.items.length > 0) return
  const page = { limit: 100 }
  const { items } = await tx.assignments.holders(administratorRoleId, workspace, tx.now(), page)
  const eldest = items.find(({ kind, isBlocked }) => kind === 'person' && isBlocked !== true)
  if (!eldest) return
  await addMembers(tx, [eldest.id], scope)
  await giveRoles(tx, { userIds: [eldest.id], roleIds: [ownerRoleId], scope, source: 'default' }, system)
}

/** Brings somebody new into the rooms that new people join by themselves. */
export const joinDefaultRooms = async (tx: Tx, userId: string): Promise<void> => {
  const { items } = await tx.rooms.list({ filter: equal('isDefault', true), limit: unlimited })
  for (const { id, isArchived } of items) if (!isArchived) await addMembers(tx, [userId], `room:${id}`)
}
