import Type from 'typebox'
import { assignRoles } from '#core/roles/assign.ts'
import { listAssignments } from '#core/roles/read.ts'
import { removeRoles } from '#core/roles/remove.ts'
import {
  AssignmentQuery,
  decodeAssignmentQuery,
  decodeGoneAssignments,
  decodeNewAssignments,
  encodeAssignment,
  GoneAssignmentQuery,
  GoneAssignments,
  NewAssignments,
  WireAssignment,
} from './assignments.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

export const assignmentRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/assignments',
    {
      config: { access: { tokenScopes: ['roles:read'] } },
      schema: {
        summary: 'List who holds which role where, since when and why',
        querystring: AssignmentQuery,
        response: { 200: paged(WireAssignment) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listAssignments, decodeAssignmentQuery(query), actor), encodeAssignment),
  )

  app.post(
    '/assignments',
    {
      config: { access: { tokenScopes: ['roles:assign'] } },
      schema: {
        summary: 'Give users roles within a scope, all or none',
        description: 'Repeating it changes nothing.',
        body: NewAssignments,
        response: { 200: Type.Object({ added: Type.Integer({ description: 'How many are new.' }) }) },
      },
    },
    async ({ body, actor }) => ({ added: await run(assignRoles, decodeNewAssignments(body), actor) }),
  )

  app.delete(
    '/assignments',
    {
      config: { access: { tokenScopes: ['roles:remove'] } },
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        summary: 'Take roles from users within a scope, all or none',
        description: 'Named in the body, or in the query by clients that can not send one.',
        querystring: GoneAssignmentQuery,
        body: GoneAssignments,
        response: { 200: Type.Object({ removed: Type.Integer({ description: 'How many are gone.' }) }) },
      },
    },
    async ({ body, query, actor }) => ({
      removed: await run(
        removeRoles,
        decodeGoneAssignments(Object.keys(body).length > 0 ? body : query),
        actor,
      ),
    }),
  )
}
