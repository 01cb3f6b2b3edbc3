import Type from 'typebox'
import { getUser } from '#core/users/read.ts'
import { endSessions } from '#core/users/sessions.ts'
import { decodeUserId } from './ids.ts'
import { CheckpointQuery, decodePaging, encodePage, PageQuery, paged, pageOf } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'

/** What is in a list that nobody has anything in yet. */
const Anything = Type.Object({}, { additionalProperties: true })

const { from, take } = CheckpointQuery

/**
 * What clients read of a user that the model does not have before people sign in here: true for everybody, and empty.
 * A list that gets content moves to a family of its own.
 * @see specs: §1.5.2 of the Auth0 dialect
 */
export const userDetailRoutes: Auth0Routes = async (app, { run }) => {
  const lists = [
    { path: 'sessions', key: 'sessions', tokenScopes: ['read:sessions'] },
    { path: 'refresh-tokens', key: 'tokens', tokenScopes: ['read:refresh_tokens'] },
    { path: 'connected-accounts', key: 'connected_accounts', tokenScopes: ['read:users'] },
    { path: 'groups', key: 'groups', tokenScopes: ['read:users'] },
  ]
  for (const { path, key, tokenScopes } of lists) {
    app.get(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes } },
        schema: {
          summary: `Get a user's ${path.replaceAll('-', ' ')}`,
          params: UserParams,
          querystring: Type.Object({ from, take }),
          response: { 200: Type.Object({ [key]: Type.Array(Anything) }) },
        },
      },
      async ({ params, actor }) => {
        await run(getUser, { userId: decodeUserId(params.id) }, actor)
        return { [key]: [] }
      },
    )
  }

  app.get(
    '/users/:id/enrollments',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: "Get a user's second factors",
        params: UserParams,
        response: { 200: Type.Array(Anything) },
      },
    },
    async ({ params, actor }) => {
      await run(getUser, { userId: decodeUserId(params.id) }, actor)
      return []
    },
  )

  app.get(
    '/users/:id/authentication-methods',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: "Get a user's authentication methods",
        params: UserParams,
        querystring: Type.Object(PageQuery),
        response: { 200: paged('authenticators', Anything) },
      },
    },
    async ({ params, query, actor }) => {
      await run(getUser, { userId: decodeUserId(params.id) }, actor)
      const paging = decodePaging(query)
      return encodePage('authenticators', paging, pageOf([], paging))
    },
  )

  const endings = [
    { path: 'sessions', of: 'browsers', tokenScopes: ['delete:sessions'] },
    { path: 'refresh-tokens', of: 'applications', tokenScopes: ['delete:refresh_tokens'] },
  ] as const
  for (const { path, of, tokenScopes } of endings) {
    app.delete(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes } },
        schema: {
          summary: `Delete a user's ${path.replaceAll('-', ' ')}`,
          params: UserParams,
          response: { 202: Type.Null() },
        },
      },
      async ({ params, actor }, reply) => {
        await run(endSessions, { userId: decodeUserId(params.id), of }, actor)
        return reply.code(202).send(null)
      },
    )
  }
}
