import type { Actor } from '../actor.ts'
import { sameValue } from '../changes.ts'
import { sendMail } from '../mail/send.ts'
import { command } from '../operation.ts'
import { DomainError, found, foundAll } from '../refusals.ts'
import { approve } from '../registration/approve.ts'
import { effectivePolicy } from '../registration/policy.ts'
import { mayDo, requireMayDo } from '../rights.ts'
import { giveRoles, preAssignOf } from '../roles/assign.ts'
import { takeRoles } from '../roles/remove.ts'
import { administratorRoleId } from '../roles/role.ts'
import { requireMayGive } from '../roles/rules.ts'
import { handOverRooms } from '../rooms/hand-over.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { addUser, type CreateUser } from './create.ts'
import { handOutDefaults } from './default-roles.ts'
import { requireUnprotected } from './delete.ts'
import { type NewPassword, prepareNewPassword } from './password-history.ts'
import { preRegister } from './pre-register.ts'
import { changeUser, type UpdateUser } from './update.ts'
import type { User } from './user.ts'

/**
 * What an administrator of people does in one go, where a dialect's form has all of it on one page: a user with his
 * roles and whether he may sign in.
 */

export type PersonWithRoles = User & { roleIds: string[] }

export type CreatePerson = CreateUser & {
  /** Just these; without any, what the registration policy gives everybody. */
  roleIds?: readonly string[]
  /** Greet him by mail. */
  isWelcomed?: boolean
  /** He waits to be let in where everybody who registers does. */
  waitsForApproval?: boolean
  /** Give him a password that nobody knows, instead of the given one. */
  hasRandomPassword?: boolean
}

/** Creates a user with roles. @throws as `createUser`, not_found for a role, cannot_grant, forbidden */
export const createPerson = command<CreatePerson, PersonWithRoles, string | undefined>({
  name: 'create person',
  needs: 'users:create',
  trigger: [preRegister, preAssignOf<CreatePerson>(async ({ roleIds = [] }) => ({ userIds: [], roleIds }))],
  prepare: async ({ password, hasRandomPassword }, { passwords, newSecret }) => {
    if (hasRandomPassword) return passwords.hash(newSecret())
    return password === undefined ? undefined : passwords.hash(password)
  },
  run: async (tx, { roleIds = [], isWelcomed, waitsForApproval, ...input }, actor, passwordHash) => {
    foundAll(await tx.roles.findMany(roleIds), 'role', roleIds)
    await requireMayGive(tx, actor, roleIds, workspace)
    if (input.isBlocked !== undefined) await requireMaySwitch(tx, actor)
    const waits = waitsForApproval === true && (await effectivePolicy(tx)).mode === 'approval'
    const { id } = await addUser(tx, { ...input, ...(waits && { approvalAskedAt: tx.now() }) }, passwordHash)
    if (roleIds.length === 0) await handOutDefaults(tx, id, actor)
    else await giveRoles(tx, { userIds: [id], roleIds, source: 'direct' }, actor)
    if (isWelcomed && input.email !== undefined) {
      await sendMail(tx, { to: input.email, userId: id, template: 'welcome' })
    }
    return withRoles(tx, id)
  },
})

export type UpdatePerson = UpdateUser & {
  /** The only roles he holds in the workspace from now on. */
  roleIds?: readonly string[]
}

/**
 * Changes a user, with his roles. People may change themselves, but neither what they may do nor what was proven of
 * them. Roles are replaced without saying what was seen before: that is how such forms work, and only what differs is
 * given or taken.
 * @throws as `updateUser`, not_found for a role, cannot_grant, forbidden
 */
export const updatePerson = command<UpdatePerson, PersonWithRoles, NewPassword | undefined>({
  name: 'update person',
  needs: 'users:update',
  self: ({ userId }) => userId,
  trigger: preAssignOf(async ({ userId, roleIds = [] }, { assignments, now }) => {
    const held = (await assignments.rolesIn(userId, workspace, now())).map(({ id }) => id)
    return { userIds: [userId], roleIds: roleIds.filter((roleId) => !held.includes(roleId)) }
  }),
  prepare: async ({ userId, password }, services, reader) =>
    password === undefined
      ? undefined
      : prepareNewPassword(reader, services, await reader.users.find(userId), password),
  run: async (tx, { roleIds, ...input }, actor, newPassword) => {
    const user = found(await tx.users.find(input.userId), 'user', input.userId)
    if (roleIds) await setRoles(tx, user.id, [...new Set(roleIds)], actor)
    const { isBlocked, isEmailVerified } = input.changes ?? {}
    if (isBlocked !== undefined && (isBlocked === true) !== (user.isBlocked === true)) {
      await requireMaySwitch(tx, actor)
    }
    if (isBlocked === false && user.approvalAskedAt !== undefined) {
      await requireMaySwitch(tx, actor)
      await approve(tx, user)
    }
    if (isEmailVerified === true && !user.isEmailVerified) {
      await requireMayDo(tx, actor, ['users:update'], workspace)
    }
    await changeUser(tx, input, actor, newPassword)
    return withRoles(tx, user.id)
  },
})

const setRoles = async (tx: Tx, userId: string, roleIds: readonly string[], actor: Actor): Promise<void> => {
  const held = (await tx.assignments.rolesIn(userId, workspace, tx.now())).map(({ id }) => id)
  const isChanged = !sameValue([...held].sort(), [...roleIds].sort())
  if (isChanged) await requireMayDo(tx, actor, ['roles:assign'], workspace)
  foundAll(await tx.roles.findMany(roleIds), 'role', roleIds)
  if (roleIds.includes(administratorRoleId) && !(await mayDo(tx, actor, ['roles:assign-admin'], workspace))) {
    throw new DomainError({ code: 'cannot_grant', permission: 'roles:assign-admin' })
  }
  if (!isChanged) return
  // Taken first: the new set may exclude what the old one held.
  const gone = held.filter((id) => !roleIds.includes(id))
  await takeRoles(tx, { userId, roleIds: gone, scope: workspace }, actor)
  const added = roleIds.filter((id) => !held.includes(id))
  await giveRoles(tx, { userIds: [userId], roleIds: added, source: 'direct' }, actor)
}

const requireMaySwitch = (tx: Tx, actor: Actor): Promise<void> =>
  requireMayDo(tx, actor, ['users:block', 'users:update'], workspace)

export type SwitchPerson = {
  userId: string
  isBlocked: boolean
  /** Rooms that only he keeps going find another owner, or end. Without it that is refused. */
  handsOverRooms?: boolean
}

/** Lets somebody in, who registered and waits for it, too, or keeps him out. @throws not_found, built_in, last_administrator, last_owner */
export const switchPerson = command<SwitchPerson, User>({
  name: 'switch person',
  needs: ['users:block', 'users:update'],
  run: async (tx, { userId, isBlocked, handsOverRooms }, actor) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    if (isBlocked) requireUnprotected(userId)
    else await approve(tx, user)
    if ((user.isBlocked === true) === isBlocked) return found(await tx.users.find(userId), 'user', userId)
    if (isBlocked && handsOverRooms) await handOverRooms(tx, userId, actor)
    return changeUser(tx, { userId, changes: { isBlocked } }, actor)
  },
})

export type BlockIdle = { roleId: string; idleSince: number }

/**
 * Keeps out everybody with the role who was not there since; whoever the workspace or a room can't do without stays.
 * @returns how many
 * @throws not_found
 */
export const blockIdlePeople = command<BlockIdle, number>({
  name: 'block idle people',
  needs: ['users:block', 'users:update'],
  run: async (tx, { roleId, idleSince }, actor) => {
    found(await tx.roles.find(roleId), 'role', roleId)
    let [blocked, after]: [number, string | undefined] = [0, undefined]
    do {
      const page = { limit: 500, ...(after !== undefined && { after }) }
      const holders: Awaited<ReturnType<Tx['assignments']['holders']>> = await tx.assignments.holders(
        roleId,
        workspace,
        tx.now(),
        page,
      )
      for (const { id, isBlocked, lastLoginAt, createdAt } of holders.items) {
        if (isBlocked || (lastLoginAt ?? createdAt) >= idleSince) continue
        if (await tryToBlock(tx, id, actor)) blocked += 1
      }
      after = holders.next
    } while (after !== undefined)
    return blocked
  },
})

const tryToBlock = async (tx: Tx, userId: string, actor: Actor): Promise<boolean> => {
  try {
    requireUnprotected(userId)
    await changeUser(tx, { userId, changes: { isBlocked: true } }, actor)
    return true
  } catch (error) {
    const isNeeded = error instanceof DomainError && /^(last_|built_in)/u.test(error.refusal.code)
    if (isNeeded) return false
    throw error
  }
}

const withRoles = async (reader: Reader | Tx, userId: string): Promise<PersonWithRoles> => {
  const user = found(await reader.users.find(userId), 'user', userId)
  const roles = await reader.assignments.rolesIn(userId, workspace, reader.now())
  return { ...user, roleIds: roles.map(({ id }) => id) }
}
