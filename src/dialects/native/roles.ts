import Type from 'typebox'
import { createRole } from '#core/roles/create.ts'
import { deleteRole } from '#core/roles/delete.ts'
import { addRolePermissions, listRolePermissions, removeRolePermissions } from '#core/roles/permissions.ts'
import { getRole, listHolders, listRoles } from '#core/roles/read.ts'
import { updateRole } from '#core/roles/update.ts'
import {
  decodeCountedPaging,
  decodePaging,
  encodeCountedPage,
  encodePage,
  PageQuery,
  paged,
} from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  decodeNewRole,
  decodePermissions,
  decodeRoleChanges,
  decodeRoleQuery,
  encodePermission,
  encodeRole,
  NewRole,
  PermissionList,
  RoleChanges,
  RoleQuery,
  WirePermission,
  WireRole,
} from './roles.wire.ts'
import { decodeScope, ScopeQuery } from './scopes.ts'
import { summarizeUser, UserSummary } from './users.wire.ts'

export const RoleParams = Type.Object({ id: Type.String({ description: 'The id of the role.' }) })

export const roleRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/roles',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List roles, the built-in ones included',
        querystring: RoleQuery,
        response: { 200: paged(WireRole) },
      },
    },
    async ({ query, actor }) => encodePage(await run(listRoles, decodeRoleQuery(query), actor), encodeRole),
  )

  app.post(
    '/roles',
    {
      config: { access: { tokenScopes: ['roles:create'] } },
      schema: { summary: 'Create a role', body: NewRole, response: { 201: WireRole } },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeRole(await run(createRole, decodeNewRole(body), actor))),
  )

  app.get(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: { summary: 'Read a role', params: RoleParams, response: { 200: WireRole } },
    },
    async ({ params, actor }) => encodeRole(await run(getRole, { roleId: params.id }, actor)),
  )

  app.patch(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Change a role',
        params: RoleParams,
        body: RoleChanges,
        response: { 200: WireRole },
      },
    },
    async ({ params, body, actor }) =>
      encodeRole(await run(updateRole, decodeRoleChanges(params.id, body), actor)),
  )

  app.delete(
    '/roles/:id',
    {
      config: { access: { tokenScopes: ['roles:delete'] } },
      schema: {
        summary: 'Delete a role with its assignments',
        params: RoleParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteRole, { roleId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List the permissions a role carries itself',
        params: RoleParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WirePermission) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodeCountedPaging(query)
      const { permissions, total } = await run(listRolePermissions, { roleId: params.id, ...paging }, actor)
      return encodeCountedPage({ items: permissions, total }, paging, encodePermission)
    },
  )

  app.post(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Add permissions to a role, all or none',
        params: RoleParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(addRolePermissions, { roleId: params.id, permissions: decodePermissions(body) }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/roles/:id/permissions',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Take permissions from a role',
        params: RoleParams,
        body: PermissionList,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, body, actor }, reply) => {
      await run(removeRolePermissions, { roleId: params.id, permissions: decodePermissions(body) }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/roles/:id/holders',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List who holds a role in a scope',
        params: RoleParams,
        querystring: Type.Object({ ...PageQuery, ...ScopeQuery }),
        response: { 200: paged(UserSummary) },
      },
    },
    async ({ params, query, actor }) => {
      const input = { roleId: params.id, scope: decodeScope(query.scope), page: decodePaging(query) }
      return encodePage(await run(listHolders, input, actor), summarizeUser)
    },
  )
}
