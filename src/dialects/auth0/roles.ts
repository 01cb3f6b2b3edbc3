import Type from 'typebox'
import { contains, every } from '#core/listing.ts'
import type { Refusal } from '#core/refusals.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { deleteRole } from '#core/roles/delete.ts'
import { addRolePermissions, listRolePermissions, removeRolePermissions } from '#core/roles/permissions.ts'
import { getRole, listHolders, listRoles } from '#core/roles/read.ts'
import { updateRole } from '#core/roles/update.ts'
import { reworded, WireError } from './errors.ts'
import { decodeUserId, requireRoleId } from './ids.ts'
import { CheckpointQuery, decodeCountedPaging, decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import {
  decodeNewRole,
  decodePermissions,
  decodeRoleChanges,
  encodeRole,
  encodeRolePermission,
  encodeRoleUser,
  NewRole,
  PermissionList,
  RoleChanges,
  RoleUsers,
  WireRole,
  WireRolePermission,
  WireRoleUser,
} from './roles.wire.ts'

const RoleParams = Type.Object({ id: Type.String({ description: 'ID of the role.' }) })
const Done = Type.Object({})

/** @see specs: §1.6 of the Auth0 dialect */
export const roleRoutes: Auth0Routes = async (app, { run, issuers }) => {
  app.get(
    '/roles',
    {
      config: { access: { tokenScopes: ['read:roles'] } },
      schema: {
        summary: 'Get roles',
        querystring: Type.Object({
          ...CheckpointQuery,
          name_filter: Type.Optional(
            Type.String({ description: 'Filter on the name, whatever the letter case.' }),
          ),
          type: Type.Optional(Type.String()),
        }),
        response: { 200: paged('roles', WireRole) },
      },
    },
    async ({ query, actor }) => {
      const paging = decodePaging(query)
      const named = query.name_filter
        ? { ...contains('name', query.name_filter), ignoreCase: true }
        : undefined
      const page = await run(
        listRoles,
        { listing: { ...paging.listing, filter: every(named) }, withBuiltIns: false },
        actor,
      )
      return encodePage('roles', paging, { ...page, items: page.items.map(encodeRole) })
    },
  )

  app.post(
    '/roles',
    {
      config: { access: { tokenScopes: ['create:roles'] } },
      schema: { summary: 'Create a role', body: NewRole, response: { 200: WireRole } },
    },
    async ({ body, actor }) => encodeRole(await run(createRole, decodeNewRole(body), actor)),
  )

  app.get(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['read:roles'] } },
      schema: { summary: 'Get a role', params: RoleParams, response: { 200: WireRole } },
    },
    async ({ params, actor }) => encodeRole(await run(getRole, { roleId: requireRoleId(params.id) }, actor)),
  )

  app.patch(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['update:roles'] } },
      schema: {
        summary: 'Update a role',
        params: RoleParams,
        body: RoleChanges,
        response: { 200: WireRole },
      },
    },
    async ({ params, body, actor }) => {
      const input = { roleId: requireRoleId(params.id), changes: decodeRoleChanges(body) }
      return encodeRole(await run(updateRole, input, actor))
    },
  )

  app.delete(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['delete:roles'] } },
      schema: { summary: 'Delete a role', params: RoleParams, response: { 200: Done } },
    },
    async ({ params, actor }) => {
      await run(deleteRole, { roleId: requireRoleId(params.id) }, actor)
      return {}
    },
  )

  app.get(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['read:roles'] } },
      schema: {
        summary: 'Get permissions granted by role',
        params: RoleParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged('permissions', WireRolePermission) },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const paging = decodeCountedPaging(query)
      const input = { roleId: requireRoleId(params.id), ...paging.listing }
      const { permissions, ...rest } = await run(listRolePermissions, input, actor)
      return encodePage('permissions', paging, {
        ...rest,
        items: permissions.map((each) => encodeRolePermission(each, issuer)),
      })
    },
  )

  app.post(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['update:roles'] } },
      schema: {
        summary: 'Associate permissions with a role',
        params: RoleParams,
        body: PermissionList,
        response: { 201: Done },
      },
    },
    async ({ params, body, actor }, reply) => {
      const input = { roleId: requireRoleId(params.id), permissions: decodePermissions(body, issuers()) }
      await run(addRolePermissions, input, actor)
      return reply.code(201).send({})
    },
  )

  app.delete(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['update:roles'] } },
      schema: {
        summary: 'Remove permissions from a role',
        params: RoleParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      const input = { roleId: requireRoleId(params.id), permissions: decodePermissions(body, issuers()) }
      await run(removeRolePermissions, input, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/roles/:id/users',
    {
      config: { access: { tokenScopes: ['read:users', 'read:roles'], match: 'all' } },
      schema: {
        summary: "Get a role's users",
        params: RoleParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('users', WireRoleUser) },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const paging = decodePaging(query)
      const page = await run(listHolders, { roleId: requireRoleId(params.id), page: paging.listing }, actor)
      return encodePage('users', paging, {
        ...page,
        items: page.items.map((user) => encodeRoleUser(user, issuer)),
      })
    },
  )

  app.post(
    '/roles/:id/users',
    {
      config: { access: { tokenScopes: ['update:roles', 'create:role_members'] } },
      schema: {
        summary: 'Assign users to a role',
        params: RoleParams,
        body: RoleUsers,
        response: { 200: Done },
      },
    },
    async ({ params, body, actor }) => {
      const input = { roleIds: [requireRoleId(params.id)], userIds: body.users.map(decodeUserId) }
      await reworded(run(assignRoles, input, actor), wordMissingUsers)
      return {}
    },
  )
}

const wordMissingUsers = (refusal: Refusal): WireError | undefined =>
  refusal.code === 'not_found' && refusal.kind === 'user'
    ? new WireError(404, 'One or more of the users do not exist.', 'inexistent_user')
    : undefined
