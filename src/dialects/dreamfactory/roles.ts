import { listRolesWithParts } from '#core/roles/parts.ts'
import {
  createRolesWithParts,
  deleteRoleByRef,
  deleteRolesByRef,
  updateRolesWithParts,
  updateRoleWithParts,
} from '#core/roles/save.ts'
import type { DreamFactoryRoutes } from './parts.ts'
import { recordHandlers } from './records.ts'
import {
  decodeNewRole,
  decodeRoleChanges,
  type RoleWriting,
  roleColumns,
  roleParts,
  roleShape,
} from './roles.wire.ts'
import { type Call, defineResource } from './routes.ts'

/** @see specs: §3.9 and §3.10 of the DreamFactory dialect */
export const roleRoutes: DreamFactoryRoutes = async (app, parts) => {
  const { run, now } = parts
  const writing = ({ caller, options }: Call): RoleWriting => ({
    replacesHeld: false,
    by: caller.user?.number,
    parts: roleParts(options.related),
  })
  const { collection, single } = recordHandlers({
    shape: roleShape(now),
    columns: roleColumns,
    // Built-in roles are not listed, but can be named.
    list: (call, listing) =>
      run(
        listRolesWithParts,
        {
          listing,
          withBuiltIns: call.id !== '' || call.options.ids !== undefined,
          parts: roleParts(call.options.related),
        },
        call.actor,
      ),
    decodeNew: (record, call) => decodeNewRole(record, writing(call)),
    decodeChanges: (record, number, call) => decodeRoleChanges(record, number, writing(call)),
    decodeRemoval: (number, call) => ({ ref: { number }, parts: roleParts(call.options.related) }),
    create: (batch, { actor }) => run(createRolesWithParts, batch, actor),
    update: (batch, { actor }) => run(updateRolesWithParts, batch, actor),
    updateOne: (input, { actor }) => run(updateRoleWithParts, input, actor),
    remove: (batch, { actor }) => run(deleteRolesByRef, batch, actor),
    removeOne: (input, { actor }) => run(deleteRoleByRef, input, actor),
  })
  defineResource(app, parts, { service: 'system', path: 'role', summary: 'Roles', verbs: collection })
  defineResource(app, parts, {
    service: 'system',
    path: 'role',
    hasId: true,
    summary: 'Roles',
    verbs: single,
  })
}
