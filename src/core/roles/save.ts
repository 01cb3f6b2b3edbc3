import type { Actor } from '../actor.ts'
import { batchOf } from '../batch.ts'
import { type EntryRow, type PreparedEntries, prepareEntryRows, writeEntryRows } from '../entries/write.ts'
import { command } from '../operation.ts'
import { findRef, foundRef, type Ref } from '../ref.ts'
import { type ServiceAccessRow, writeServiceAccess } from '../service-access/write.ts'
import type { Tx } from '../store.ts'
import { preAssignOf } from './assign.ts'
import { type AssignmentRow, givenByRows, writeAssignments } from './assignment-rows.ts'
import { addRole, type CreateRole } from './create.ts'
import { dropRole } from './delete.ts'
import { type RolePart, type RoleWithParts, withRoleParts } from './parts.ts'
import type { Role } from './role.ts'
import { changeRole, type UpdateRole } from './update.ts'

type Parts = {
  access?: readonly ServiceAccessRow[]
  /** Assignments within applications. */
  assignments?: readonly AssignmentRow[]
  replacesHeld?: boolean
  lookups?: readonly EntryRow[]
  /** To be answered along with the role. */
  parts?: readonly RolePart[]
}

type Prepared = PreparedEntries

/** Creates a role together with its access rows, its holders within applications and its lookups. */
export const createRoleWithParts = command<Parts & { role: CreateRole }, RoleWithParts, Prepared>({
  name: 'create role with parts',
  needs: 'roles:create',
  trigger: preAssignOf(async ({ assignments: rows }, reader, actor) =>
    givenByRows(reader, { side: 'role', rows }, actor),
  ),
  prepare: async ({ lookups = [] }, services) => prepareEntryRows(lookups, 'lookup', services),
  run: async (tx, input, actor, prepared) => {
    const role = await addRole(tx, input.role)
    await writeParts(tx, role.id, input, prepared, actor)
    return read(tx, role, input)
  },
})

export const createRolesWithParts = batchOf('create roles with parts', createRoleWithParts)

export type UpdateRoleWithParts = Parts & { ref: Ref } & Omit<UpdateRole, 'roleId'>

/** @throws not_found, and what changing a role, access rows and assignments throws */
export const updateRoleWithParts = command<UpdateRoleWithParts, RoleWithParts, Prepared>({
  name: 'update role with parts',
  needs: 'roles:update',
  trigger: preAssignOf(async ({ ref, assignments: rows }, reader, actor) => {
    const role = await findRef(reader.roles, ref)
    return role && givenByRows(reader, { side: 'role', id: role.id, rows }, actor)
  }),
  prepare: async ({ lookups = [] }, services) => prepareEntryRows(lookups, 'lookup', services),
  run: async (tx, { ref, changes, ...parts }, actor, prepared) => {
    const { id: roleId } = await foundRef(tx.roles, ref, 'role')
    const role = await changeRole(tx, { roleId, changes }, actor)
    await writeParts(tx, roleId, parts, prepared, actor)
    return read(tx, role, parts)
  },
})

export const updateRolesWithParts = batchOf('update roles with parts', updateRoleWithParts)

/** @returns the role as it was @throws what deleting a role throws */
export const deleteRoleByRef = command<{ ref: Ref; parts?: readonly RolePart[] }, RoleWithParts>({
  name: 'delete role by number',
  needs: 'roles:delete',
  run: async (tx, { ref, parts = [] }, actor) => {
    const role = await foundRef(tx.roles, ref, 'role')
    const before = await read(tx, role, { parts })
    await dropRole(tx, { roleId: role.id }, actor)
    return before
  },
})

export const deleteRolesByRef = batchOf('delete roles by number', deleteRoleByRef)

const read = async (tx: Tx, role: Role, { parts = [] }: Parts): Promise<RoleWithParts> =>
  (await withRoleParts(tx, [role], parts))[0]!

const writeParts = async (
  tx: Tx,
  roleId: string,
  { access = [], assignments: rows = [], replacesHeld, lookups = [] }: Parts,
  prepared: Prepared,
  actor: Actor,
): Promise<void> => {
  await writeServiceAccess(tx, roleId, access, actor)
  if (rows.length > 0) {
    await writeAssignments(
      tx,
      { side: 'role', id: roleId, rows, ...(replacesHeld && { replacesHeld }) },
      actor,
    )
  }
  await writeEntryRows(tx, 'lookup', `role:${roleId}`, lookups, prepared, actor)
}
