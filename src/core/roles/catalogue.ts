import type { Actor } from '../actor.ts'
import { every, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { workspace } from '../scope.ts'
import { countingAt } from './assignment.ts'
import type { Role } from './role.ts'

const people = { anyone: 'Who is signed in sees which roles there are; nobody else is told' }

const requireSignedIn = ({ kind }: Actor): void => {
  if (kind !== 'anonymous') return
  throw new DomainError({ code: 'forbidden', permission: 'roles:read', scope: workspace })
}

/** Every role, built-in ones first. Who holds them is another question. */
export const listRoleCatalogue = query<Record<never, never>, Role[]>({
  name: 'list role catalogue',
  needs: people,
  run: async (reader, _input, actor) => {
    requireSignedIn(actor)
    return (await reader.roles.list({ limit: unlimited })).items
  },
})

/** A role that is gone, as it was last. */
export type GoneRole = Pick<Role, 'id' | 'name' | 'description' | 'heldIn' | 'requiresSecondFactor'> & {
  deletedAt: number
}
export type RoleChanges = { changed: Role[]; gone: GoneRole[] }

/** Roles changed at an instant or later, and those deleted after it. */
export const listRoleChanges = query<{ since: number }, RoleChanges>({
  name: 'list role changes',
  needs: people,
  run: async (reader, { since }, actor) => {
    requireSignedIn(actor)
    const changed = { field: 'updatedAt', is: 'atLeast', value: since } as const
    const deleted = every(
      { field: 'type', is: 'equal', value: 'role.deleted' },
      { field: 'at', is: 'more', value: since },
    )
    const events = await reader.events.list({ filter: deleted, limit: unlimited })
    return {
      changed: (await reader.roles.list({ filter: changed, limit: unlimited })).items,
      gone: events.items.flatMap(({ roleId, at, data = {} }) =>
        roleId === undefined
          ? []
          : [
              {
                id: roleId,
                name: String(data.name ?? ''),
                description: String(data.description ?? ''),
                heldIn: data.heldIn === 'room' ? 'room' : 'workspace',
                requiresSecondFactor: data.requiresSecondFactor === true,
                deletedAt: at,
              },
            ],
      ),
    }
  },
})

export type PublicHolder = { userId: string; username: string; roleIds: string[] }

/** A role of the workspace that says what it is for is shown beside the names of those who hold it. */
const isPublic = ({ heldIn, description, isActive }: Role): boolean =>
  heldIn === 'workspace' && description !== '' && isActive

/** Who holds roles that everybody may know of, by user name. */
export const listPublicHolders = query<Record<never, never>, PublicHolder[]>({
  name: 'list holders of public roles',
  needs: people,
  run: async (reader, _input, actor) => {
    requireSignedIn(actor)
    const roles = (await reader.roles.list({ limit: unlimited })).items.filter(isPublic)
    const { items } = await reader.assignments.list({
      filter: every(
        { field: 'roleId', in: roles.map(({ id }) => id) },
        { field: 'scope', is: 'equal', value: workspace },
        countingAt(reader.now()),
      )!,
      limit: unlimited,
    })
    const held = Map.groupBy(items, ({ userId }) => userId)
    const users = await reader.users.findMany([...held.keys()])
    return users
      .map(({ id, username = '' }) => ({
        userId: id,
        username,
        roleIds: held.get(id)!.map(({ roleId }) => roleId),
      }))
      .sort((one, other) => (one.username < other.username ? -1 : 1))
  },
})
