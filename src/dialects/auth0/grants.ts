import Type from 'typebox'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

const Owner = {
  user_id: Type.Optional(Type.String({ description: 'user_id of the grants.' })),
  client_id: Type.Optional(Type.String()),
  audience: Type.Optional(Type.String()),
}

/** Consents that people gave. Nobody is asked for one here yet: there is none to list, and none to revoke. */
export const grantRoutes: Auth0Routes = async (app) => {
  app.get(
    '/grants',
    {
      config: { access: { tokenScopes: ['read:grants'] } },
      schema: {
        summary: 'Get grants',
        querystring: Type.Object({ ...CheckpointQuery, ...Owner }),
        response: { 200: paged('grants', Type.Object({ id: Type.String() })) },
      },
    },
    async ({ query }) => encodePage('grants', decodePaging(query), { items: [], total: 0 }),
  )

  app.delete(
    '/grants',
    {
      config: { access: { tokenScopes: ['delete:grants'] } },
      schema: {
        summary: 'Delete the grants of a user',
        querystring: Type.Object({ user_id: Type.String({ minLength: 1 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (_request, reply) => reply.code(204).send(null),
  )

  app.delete(
    '/grants/:id',
    {
      config: { access: { tokenScopes: ['delete:grants'] } },
      schema: {
        summary: 'Delete a grant by ID',
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null() },
      },
    },
    async (_request, reply) => reply.code(204).send(null),
  )
}
