import type { Actor } from '../actor.ts'
import { systemActor } from '../actor.ts'
import { generalRoomId } from '../chat/general.ts'
import { equal, unlimited } from '../listing.ts'
import { dropMembers } from '../members.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { giveRoles } from '../roles/assign.ts'
import { ownerRoleId } from '../roles/role.ts'
import { requireAnotherOwner } from '../roles/rules.ts'
import { splitScope } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import type { Room } from './room.ts'
import { roomScope } from './rules.ts'

/** A room that only this user keeps going, and who would: its eldest other member who is not blocked. */
type SoleOwnership = { room: Room; heirId?: string }

const soleOwnerships = async (reader: Reader | Tx, userId: string): Promise<SoleOwnership[]> => {
  const filter = { all: [equal('userId', userId), equal('roleId', ownerRoleId)] }
  const { items: owned } = await reader.assignments.list({ filter, limit: unlimited })
  const sole: SoleOwnership[] = []
  for (const { scope } of owned) {
    const { kind, id } = splitScope(scope)
    const room = kind === 'room' ? await reader.rooms.find(id) : undefined
    if (!room || (await hasAnotherOwner(reader, userId, id))) continue
    const heirId = await heirOf(reader, userId, id)
    sole.push({ room, ...(heirId !== undefined && { heirId }) })
  }
  return sole
}

const hasAnotherOwner = async (reader: Reader | Tx, userId: string, roomId: string): Promise<boolean> => {
  try {
    await requireAnotherOwner(reader, userId, roomId)
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

const heirOf = async (reader: Reader | Tx, userId: string, roomId: string): Promise<string | undefined> => {
  let after: string | undefined
  do {
    const filter = equal('scope', roomScope(roomId))
    const page = await reader.memberships.list({ filter, limit: 100, ...(after !== undefined && { after }) })
    const others = page.items.map((member) => member.userId).filter((id) => id !== userId)
    const users = new Map((await reader.users.findMany(others)).map((user) => [user.id, user]))
    const heir = others.find((id) => users.get(id)?.kind === 'person' && users.get(id)?.isBlocked !== true)
    if (heir !== undefined) return heir
    after = page.next
  } while (after !== undefined)
  return undefined
}

/** What becomes of the rooms that only this user keeps going, should he go. By name. */
export const listSoleOwnerships = query<{ userId: string }, { removed: string[]; handedOver: string[] }>({
  name: 'list sole ownerships',
  needs: ['users:delete', 'users:block', 'users:update'],
  self: ({ userId }) => userId,
  run: async (reader, { userId }) => {
    const sole = await soleOwnerships(reader, userId)
    const names = (isHandedOver: boolean) =>
      sole.filter(({ heirId }) => (heirId !== undefined) === isHandedOver).map(({ room }) => room.name)
    return { removed: names(false), handedOver: names(true) }
  },
})

/** Makes heirs the owners of rooms that only this user keeps going, and deletes those without one. @throws last_owner */
export const handOverRooms = async (tx: Tx, userId: string, actor: Actor): Promise<void> => {
  for (const { room, heirId } of await soleOwnerships(tx, userId)) {
    const scope = roomScope(room.id)
    if (heirId !== undefined) {
      // That a room has an owner is a rule of the workspace, whoever brought it about.
      const grant = { userIds: [heirId], roleIds: [ownerRoleId], scope, source: 'default' } as const
      await giveRoles(tx, { ...grant, reason: 'the last owner left' }, actor, systemActor(actor.door))
      continue
    }
    if (room.id === generalRoomId) throw new DomainError({ code: 'last_owner', userId, roomId: room.id })
    await dropMembers(tx, scope)
    await tx.rooms.remove(room.id)
    await tx.emit({ type: 'room.deleted', target: { kind: 'room', id: room.id }, data: { name: room.name } })
  }
}
