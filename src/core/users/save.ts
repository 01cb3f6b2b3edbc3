import type { Actor } from '../actor.ts'
import { batchOf } from '../batch.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { type EntryRow, type PreparedEntries, prepareEntryRows, writeEntryRows } from '../entries/write.ts'
import { command, type Services } from '../operation.ts'
import { findRef, foundRef, type Ref } from '../ref.ts'
import { DomainError, found } from '../refusals.ts'
import { giveRoles, preAssignOf } from '../roles/assign.ts'
import { type AssignmentRow, givenByRows, writeAssignments } from '../roles/assignment-rows.ts'
import { administratorRoleId } from '../roles/role.ts'
import type { Reader, Tx } from '../store.ts'
import { type PreparedMail, prepareTicketMail, type TicketMail } from '../tickets/mail.ts'
import { addUser, type CreateUser } from './create.ts'
import { dropUser } from './delete.ts'
import { requireGroup, type UserGroup } from './group.ts'
import { invite } from './invite.ts'
import { type Part, type UserWithParts, withUserParts } from './parts.ts'
import { type NewPassword, prepareNewPassword } from './password-history.ts'
import { preRegister } from './pre-register.ts'
import { changeUser, type UpdateUser } from './update.ts'
import type { User } from './user.ts'

type Parts = {
  group: UserGroup
  /** Assignments within applications. */
  assignments?: readonly AssignmentRow[]
  /** A second role of a user in an application takes the place of the first, and is not refused. */
  replacesHeld?: boolean
  lookups?: readonly EntryRow[]
  /** Mails him a code with which he sets his password; until then he is not confirmed. */
  invite?: TicketMail
  /** To be answered along with the user. */
  parts?: readonly Part[]
}

export type CreateUserWithParts = Parts & { user: CreateUser }
export type UpdateUserWithParts = Parts & { ref: Ref } & Omit<UpdateUser, 'userId'>

type Prepared = { newPassword: NewPassword | undefined; lookups: PreparedEntries; mail: PreparedMail }

const prepareParts = async (
  { lookups = [], invite: mail = {} }: Parts,
  password: string | undefined,
  services: Services,
  reader: Reader,
  user?: User,
): Promise<Prepared> => ({
  newPassword:
    password === undefined ? undefined : await prepareNewPassword(reader, services, user, password),
  lookups: prepareEntryRows(lookups, 'lookup', services),
  mail: prepareTicketMail(services, 'change-password', undefined, mail),
})

/**
 * Creates a user together with his assignments within applications and his lookups.
 * @throws what creating a user and writing assignments throws
 */
export const createUserWithParts = command<CreateUserWithParts, UserWithParts, Prepared>({
  name: 'create user with parts',
  needs: 'users:create',
  trigger: [
    {
      name: preRegister.name,
      occasion: ({ user }, reader, actor) => preRegister.occasion(user, reader, actor),
      amend: ({ user }, wanted) => ({ user: { ...user, ...preRegister.amend?.(user, wanted) } }),
    },
    preAssignOf(async ({ group, assignments: rows }, reader, actor) => [
      ...(group === 'administrators' ? [{ userIds: [], roleIds: [administratorRoleId] }] : []),
      ...(await givenByRows(reader, { side: 'user', rows }, actor)),
    ]),
  ],
  prepare: (input, services, reader) => prepareParts(input, input.user.password, services, reader),
  run: async (tx, input, actor, prepared) => {
    const user = await addUser(tx, input.user, prepared.newPassword?.hash)
    if (input.group === 'administrators') {
      const roleIds = [administratorRoleId]
      await giveRoles(tx, { userIds: [user.id], roleIds, source: 'direct' }, actor)
    }
    await writeParts(tx, user.id, input, prepared, actor)
    return read(tx, found(await tx.users.find(user.id), 'user', user.id), input)
  },
})

export const createUsersWithParts = batchOf('create users with parts', createUserWithParts)

/**
 * Changes a user together with his assignments within applications and his lookups.
 * @throws wrong_group, and what changing a user and writing assignments throws
 */
export const updateUserWithParts = command<UpdateUserWithParts, UserWithParts, Prepared>({
  name: 'update user with parts',
  needs: 'users:update',
  trigger: preAssignOf(async ({ ref, assignments: rows }, reader, actor) => {
    const user = await findRef(reader.users, ref)
    return user && givenByRows(reader, { side: 'user', id: user.id, rows }, actor)
  }),
  prepare: async (input, services, reader) => {
    const { ref, password } = input
    // Only a new password is compared with what its user had before.
    const user = password === undefined ? undefined : await findRef(reader.users, ref)
    return prepareParts(input, password, services, reader, user)
  },
  run: async (tx, { ref, ...input }, actor, prepared) => {
    const user = await findInGroup(tx, ref, input.group)
    const { userFields: changes } = splitInput(input)
    const isChanged = changes.password !== undefined || Object.values(changes).some(hasKeys)
    if (isChanged) {
      const connectionName = input.password === undefined ? undefined : defaultConnectionName
      const named = user.connectionId === undefined && connectionName ? { connectionName } : {}
      await changeUser(tx, { ...named, ...changes, userId: user.id }, actor, prepared.newPassword)
    }
    await writeParts(tx, user.id, input, prepared, actor)
    // Roles and lookups change nothing that is shown of the user himself.
    const after = isChanged || input.invite ? found(await tx.users.find(user.id), 'user', user.id) : user
    return read(tx, after, input)
  },
})

export const updateUsersWithParts = batchOf('update users with parts', updateUserWithParts)

/** Most calls that give a role change nothing of the user himself. */
const hasKeys = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0

const read = async (tx: Tx, user: User, { parts = [] }: Parts): Promise<UserWithParts> =>
  (await withUserParts(tx, [user], parts))[0]!

export type DeleteUserOfGroup = {
  parts?: readonly Part[]
  ref: Ref
  group: UserGroup
  /** Refuse to delete whoever asks, where a dialect's callers expect that. */
  notSelf?: boolean
}

/** @returns the user as he was @throws not_found, wrong_group, own_account, last_administrator, last_owner */
export const deleteUserOfGroup = command<DeleteUserOfGroup, UserWithParts>({
  name: 'delete user of group',
  needs: 'users:delete',
  run: async (tx, { ref, group, notSelf, parts = [] }, actor) => {
    const user = await foundRef(tx.users, ref, 'user')
    await requireGroup(tx, user.id, group)
    if (notSelf && actor.kind === 'user' && actor.id === user.id) {
      throw new DomainError({ code: 'own_account', userId: user.id })
    }
    const before = await read(tx, user, { group, parts })
    await dropUser(tx, user.id)
    return before
  },
})

export const deleteUsersOfGroup = batchOf('delete users of group', deleteUserOfGroup)

/** Without what belongs to the parts. */
const splitInput = ({
  changes,
  password,
  leastPasswordLength,
  userMetadata,
  appMetadata,
}: Omit<UpdateUserWithParts, 'ref'>) => ({
  userFields: {
    ...(changes && { changes }),
    ...(password !== undefined && { password }),
    ...(leastPasswordLength !== undefined && { leastPasswordLength }),
    ...(userMetadata && { userMetadata }),
    ...(appMetadata && { appMetadata }),
  },
})

const writeParts = async (
  tx: Tx,
  userId: string,
  { assignments: rows = [], replacesHeld, lookups = [], invite: mail }: Parts,
  prepared: Prepared,
  actor: Actor,
): Promise<void> => {
  if (mail) await invite(tx, userId, prepared.mail, mail)
  if (rows.length > 0) {
    await writeAssignments(
      tx,
      { side: 'user', id: userId, rows, ...(replacesHeld && { replacesHeld }) },
      actor,
    )
  }
  await writeEntryRows(tx, 'lookup', `user:${userId}`, lookups, prepared.lookups, actor)
}

const findInGroup = async (tx: Tx, ref: Ref, group: UserGroup): Promise<User> => {
  const user = await foundRef(tx.users, ref, 'user')
  await requireGroup(tx, user.id, group)
  return user
}
