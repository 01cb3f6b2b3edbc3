import Type from 'typebox'
import {
  addExclusion,
  addInclusion,
  getHierarchy,
  removeExclusion,
  removeInclusion,
} from '#core/roles/hierarchy.ts'
import { getRelations } from '#core/roles/relations.ts'
import { encodeWhole, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { RoleParams } from './roles.ts'
import { RoleSummary, summarizeRole } from './roles.wire.ts'

const InclusionParams = Type.Object({
  ...RoleParams.properties,
  includedRoleId: Type.String({ description: 'The id of the role that is in the other one.' }),
})
const ExclusionParams = Type.Object({
  ...RoleParams.properties,
  otherRoleId: Type.String({ description: 'The id of the role that may not be held together with it.' }),
})

const WireHierarchy = Type.Object({
  inclusions: Type.Array(Type.Object({ roleId: Type.String(), includedRoleId: Type.String() })),
  exclusions: Type.Array(Type.Object({ roleId: Type.String(), otherRoleId: Type.String() })),
})

/** Which role includes which, and which exclude each other. */
export const roleRelationRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/role-hierarchy',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: { summary: 'Read every inclusion and exclusion', response: { 200: WireHierarchy } },
    },
    async ({ actor }) => {
      const { inclusions, exclusions } = await run(getHierarchy, {}, actor)
      return { inclusions, exclusions: exclusions.map(([roleId, otherRoleId]) => ({ roleId, otherRoleId })) }
    },
  )

  app.get(
    '/roles/:id/inclusions',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List the roles a role includes itself',
        params: RoleParams,
        response: { 200: paged(RoleSummary) },
      },
    },
    async ({ params, actor }) =>
      encodeWhole((await run(getRelations, { roleId: params.id }, actor)).includes, summarizeRole),
  )

  app.put(
    '/roles/:id/inclusions/:includedRoleId',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Make a role include another',
        params: InclusionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, includedRoleId }, actor }, reply) => {
      await run(addInclusion, { roleId: id, includedRoleId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/roles/:id/inclusions/:includedRoleId',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Make a role no longer include another',
        params: InclusionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, includedRoleId }, actor }, reply) => {
      await run(removeInclusion, { roleId: id, includedRoleId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/roles/:id/exclusions',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List the roles that may not be held together with a role',
        params: RoleParams,
        response: { 200: paged(RoleSummary) },
      },
    },
    async ({ params, actor }) =>
      encodeWhole((await run(getRelations, { roleId: params.id }, actor)).excludes, summarizeRole),
  )

  app.put(
    '/roles/:id/exclusions/:otherRoleId',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Declare two roles that nobody may hold together',
        params: ExclusionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, otherRoleId }, actor }, reply) => {
      await run(addExclusion, { roleId: id, otherRoleId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/roles/:id/exclusions/:otherRoleId',
    {
      config: { access: { tokenScopes: ['roles:update'] } },
      schema: {
        summary: 'Let two roles be held together again',
        params: ExclusionParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params: { id, otherRoleId }, actor }, reply) => {
      await run(removeExclusion, { roleId: id, otherRoleId }, actor)
      return reply.code(204).send(null)
    },
  )
}
