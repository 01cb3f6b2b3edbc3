import Type from 'typebox'
import { listEventsOfUser } from '#core/events/read.ts'
import { listOrganizationsOfUser } from '#core/organizations/read.ts'
import { getUser } from '#core/users/read.ts'
import { endSessions, forgetSecondFactors, listSessions } from '#core/users/sessions.ts'
import { decodeUserId } from './ids.ts'
import { decodeLogSort, encodeLog, WireLog } from './logs.wire.ts'
import { encodeOrganization, WireOrganization } from './organizations.wire.ts'
import { CheckpointQuery, decodePaging, encodePage, paged, pageOf } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'

/** What is in a list that nobody has anything in yet. */
const Anything = Type.Object({}, { additionalProperties: true })

const { from, take } = CheckpointQuery

/**
 * What clients read beside a user. The model has no sessions, consents and second factors before people sign in here:
 * those lists are true for everybody, and empty. One that gets content moves to a family of its own.
 * @see specs: §1.5.2 of the Auth0 dialect
 */
export const userDetailRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/users/:id/organizations',
    {
      config: { access: { tokenScopes: ['read:organizations'] } },
      schema: {
        summary: "List a user's organizations",
        params: UserParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('organizations', WireOrganization) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodePaging(query)
      const input = { userId: decodeUserId(params.id), listing: paging.listing }
      const page = await run(listOrganizationsOfUser, input, actor)
      return encodePage('organizations', paging, { ...page, items: page.items.map(encodeOrganization) })
    },
  )

  app.get(
    '/users/:id/logs',
    {
      config: { access: { tokenScopes: ['read:logs', 'read:logs_users'] } },
      schema: {
        summary: "Get a user's log events",
        description: 'Newest first, also of a user who is gone.',
        params: UserParams,
        querystring: Type.Object({
          ...CheckpointQuery,
          sort: Type.Optional(Type.String({ description: 'date:1 or date:-1.' })),
        }),
        response: { 200: paged('logs', WireLog) },
      },
    },
    async ({ params, query, actor }) => {
      const paging = decodePaging(query)
      const listing = { ...paging.listing, order: decodeLogSort(query.sort) }
      const page = await run(listEventsOfUser, { userId: decodeUserId(params.id), listing }, actor)
      return encodePage('logs', paging, { ...page, items: page.items.map(encodeLog) }, { withLength: true })
    },
  )

  for (const { path, key, kind, tokenScope } of sessionLists) {
    app.get(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes: [`read:${tokenScope}`] } },
        schema: {
          summary: `Get a user's ${kind}`,
          params: UserParams,
          querystring: Type.Object({ from, take }),
          response: { 200: Type.Object({ [key]: Type.Array(Anything) }) },
        },
      },
      async ({ params, actor }) => ({
        [key]: await run(listSessions, { userId: decodeUserId(params.id), kind }, actor),
      }),
    )

    app.delete(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes: [`delete:${tokenScope}`] } },
        schema: { summary: `Delete a user's ${kind}`, params: UserParams },
      },
      async ({ params, actor }, reply) => {
        await run(endSessions, { userId: decodeUserId(params.id), kind }, actor)
        return reply.code(202).send()
      },
    )
  }

  for (const key of ['connected_accounts', 'groups']) {
    const path = key.replaceAll('_', '-')
    app.get(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes: ['read:users'] } },
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
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('authenticators', Anything) },
      },
    },
    async ({ params, query, actor }) => {
      await run(getUser, { userId: decodeUserId(params.id) }, actor)
      const paging = decodePaging(query)
      return encodePage('authenticators', paging, pageOf([], paging))
    },
  )

  for (const { method, path, what } of forgetting) {
    app.route({
      method,
      url: `/users/:id/${path}`,
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: `Forget a user's ${what === 'factors' ? 'second factors' : 'remembered browsers'}`,
        params: UserParams,
        response: { 204: Type.Null() },
      },
      handler: async ({ params, actor }, reply) => {
        await run(forgetSecondFactors, { userId: decodeUserId(params.id), what }, actor)
        return reply.code(204).send(null)
      },
    })
  }
}

const sessionLists = [
  { path: 'sessions', key: 'sessions', kind: 'sessions', tokenScope: 'sessions' },
  { path: 'refresh-tokens', key: 'tokens', kind: 'refresh tokens', tokenScope: 'refresh_tokens' },
] as const

const forgetting = [
  { method: 'DELETE', path: 'multifactor/:provider', what: 'factors' },
  { method: 'DELETE', path: 'authenticators', what: 'factors' },
  { method: 'DELETE', path: 'authentication-methods', what: 'factors' },
  { method: 'POST', path: 'multifactor/actions/invalidate-remember-browser', what: 'browsers' },
] as const
