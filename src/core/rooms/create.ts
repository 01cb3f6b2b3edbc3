import { type Actor, systemActor } from '../actor.ts'
import type { Extensions } from '../json.ts'
import { equal, unlimited } from '../listing.ts'
import { addMembers, maySee } from '../members.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { giveRoles } from '../roles/assign.ts'
import { ownerRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import type { Room } from './room.ts'
import { requireRoomName, roomScope } from './rules.ts'

export type CreateRoom = {
  /** An id to keep, from where the room comes from; a new one otherwise. */
  id?: string
  name: string
  kind: Room['kind']
  topic?: string
  description?: string
  isDefault?: boolean
  extensions?: Extensions
  /** Who becomes its first member and its owner; `null` for nobody. Default: the user who creates it. */
  ownerId?: string | null
  memberIds?: readonly string[]
  /** The same by user names; unknown ones are passed over. */
  memberUsernames?: readonly string[]
  /** Everybody in these teams, by their names, as far as the creator sees them; other names are passed over. */
  memberTeams?: readonly string[]
}

/**
 * Creates a room with its owner and first members. Who may only open rooms of his own owns it, or nobody does.
 * @throws taken, invalid, not_found, exclusive_roles, forbidden
 */
export const createRoom = command<CreateRoom, Room>({
  name: 'create room',
  needs: ['rooms:create', 'rooms:open'],
  run: async (tx, input, actor) => {
    const { id = tx.newId(), kind, topic = '', description = '', isDefault = false } = input
    const { ownerId = actor.kind === 'user' ? actor.id : null, memberIds = [], extensions = {} } = input
    const isOwn = input.id === undefined && !isDefault && (ownerId === null || ownerId === actor.id)
    if (!isOwn) await requireMayDo(tx, actor, ['rooms:create'], workspace)
    const name = await requireRoomName(tx, input.name)
    if (await tx.rooms.find(id)) {
      throw new DomainError({ code: 'taken', kind: 'room', field: 'id', value: id })
    }
    const room = await tx.rooms.insert({
      id,
      name,
      kind,
      topic,
      description,
      isDefault,
      isArchived: false,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions,
    })
    await tx.emit({ type: 'room.created', target: { kind: 'room', id }, data: { name, kind } })
    const scope = roomScope(id)
    const named = await idsOf(tx, input.memberUsernames ?? [])
    const ofTeams = await idsOfTeams(tx, input.memberTeams ?? [], actor)
    await addMembers(tx, [ownerId === null ? [] : ownerId, memberIds, named, ofTeams].flat(), scope)
    if (ownerId !== null) {
      // That a room has an owner is a rule of the workspace: who may create it need not hold what owners may.
      const grant = { userIds: [ownerId], roleIds: [ownerRoleId], scope, source: 'default' } as const
      await giveRoles(tx, grant, actor, systemActor(actor.door))
    }
    return room
  },
})

const idsOfTeams = async (tx: Tx, names: readonly string[], actor: Actor): Promise<string[]> => {
  const ids: string[] = []
  for (const name of new Set(names)) {
    const team = await tx.rooms.findBy({ name })
    if (team?.kind !== 'team' || !(await maySee(tx, actor, 'rooms:read', roomScope(team.id)))) continue
    const filter = equal('scope', roomScope(team.id))
    const { items } = await tx.memberships.list({ filter, limit: unlimited })
    ids.push(...items.map(({ userId }) => userId))
  }
  return ids
}

const idsOf = async (tx: Tx, usernames: readonly string[]): Promise<string[]> => {
  const ids: string[] = []
  for (const username of usernames) {
    const user = await tx.users.findByUsername(username)
    if (user) ids.push(user.id)
  }
  return ids
}
