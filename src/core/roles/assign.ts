import type { Actor } from '../actor.ts'
import { command } from '../operation.ts'
import { DomainError, foundAll } from '../refusals.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import type { CommandTrigger, Occasion } from '../triggers.ts'
import type { Source } from './assignment.ts'
import { requireCompatible, requireFits, requireMayGive, requirePlace } from './rules.ts'

export type AssignRoles = {
  userIds: readonly string[]
  roleIds: readonly string[]
  scope?: Scope
  /** Milliseconds since 1970; must lie ahead. */
  expiresAt?: number
  reason?: string
  /** Refuse when a user already holds a role there, where a dialect's callers expect to be told. */
  refuseHeld?: boolean
}

/**
 * Hooks may refuse that roles are given. The command says which, in words of its own: none where a call gives none, or
 * will be refused. What is only being created has no id yet: it is not among the `userIds` and `roleIds`, and the
 * scope of such an application ends after its colon.
 */
export const preAssignOf = <Input>(
  given: (
    input: Input,
    reader: Reader,
    actor: Actor,
  ) => Promise<AssignRoles | readonly AssignRoles[] | undefined>,
): CommandTrigger<Input> => ({
  name: 'role.pre-assign',
  occasion: async (input, reader, actor) =>
    [(await given(input, reader, actor)) ?? []]
      .flat()
      .filter(({ roleIds }) => roleIds.length > 0)
      .map(occasionOf),
})

const occasionOf = ({ userIds, roleIds, scope = workspace, expiresAt, reason }: AssignRoles): Occasion => ({
  ...(userIds.length === 1 && { userId: userIds[0]! }),
  data: {
    userIds: [...userIds],
    roleIds: roleIds.filter((id) => id !== ''),
    scope,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(reason !== undefined && { reason }),
  },
})

/**
 * Gives users roles within a scope, all or none. Repeating it changes nothing and emits nothing.
 * @returns how many assignments are new
 * @throws not_found, cannot_grant, wrong_scope, not_a_member, exclusive_roles, invalid, taken
 */
export const assignRoles = command<AssignRoles, number>({
  name: 'assign roles',
  needs: 'roles:assign',
  scope: ({ scope }) => scope ?? workspace,
  trigger: preAssignOf(async (input: AssignRoles) => input),
  run: (tx, input, actor) => giveRoles(tx, { ...input, source: 'direct' }, actor),
})

export type GiveRoles = AssignRoles & {
  source: Source
  sourceId?: string
  /** Of an assignment that is gone, for the one that takes its place. */
  number?: number
}

/**
 * The one grant path: whatever gives a role out, in any operation, does it here. The actor is who did it; his rights
 * decide, unless something else stands behind it, as the workspace's own rules do behind the owner of a new room.
 */
export const giveRoles = async (
  tx: Tx,
  input: GiveRoles,
  actor: Actor,
  authority: Actor = actor,
): Promise<number> => {
  const { scope = workspace, expiresAt, reason, source, sourceId } = input
  const [userIds, roleIds] = [[...new Set(input.userIds)], [...new Set(input.roleIds)]]
  if (expiresAt !== undefined && expiresAt <= tx.now()) {
    throw new DomainError({ code: 'invalid', field: 'expiresAt', reason: 'The expiry lies in the past.' })
  }
  const users = foundAll(await tx.users.findMany(userIds), 'user', userIds)
  const roles = foundAll(await tx.roles.findMany(roleIds), 'role', roleIds)
  for (const role of roles) requireFits(role, scope)
  await requireMayGive(tx, authority, roleIds, scope)
  await requirePlace(tx, userIds, scope)
  let added = 0
  for (const user of users) {
    await requireCompatible(tx, user.id, roleIds, scope)
    let moved = false
    for (const role of roles) {
      const isNew = await tx.assignments.add({
        userId: user.id,
        roleId: role.id,
        scope,
        source,
        sourceId,
        actor: { kind: actor.kind, id: actor.id },
        door: actor.door,
        ...(input.number !== undefined && { number: input.number }),
        reason,
        createdAt: tx.now(),
        expiresAt,
      })
      if (!isNew) {
        if (input.refuseHeld)
          throw new DomainError({ code: 'taken', kind: 'assignment', field: 'roleId', value: role.id })
        continue
      }
      moved = true
      added += 1
      await tx.emit({ type: 'role.assigned', userId: user.id, roleId: role.id, scope, data: facts(input) })
    }
    if (moved) await tx.users.update(user.id, { rolesVersion: user.rolesVersion + 1 })
  }
  return added
}

const facts = ({ source, sourceId, expiresAt, reason }: GiveRoles) => ({
  source,
  ...(sourceId !== undefined && { sourceId }),
  ...(expiresAt !== undefined && { expiresAt }),
  ...(reason !== undefined && { reason }),
})
