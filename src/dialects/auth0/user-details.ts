import Type from 'typebox'
import type { Actor } from '#core/actor.ts'
import { listEventsOfUser } from '#core/events/read.ts'
import type { Run } from '#core/operation.ts'
import { listOrganizationsOfUser } from '#core/organizations/read.ts'
import { listSecondFactors, removeSecondFactor } from '#core/second-factors/manage.ts'
import { endSessions } from '#core/sessions/end.ts'
import { listSessions } from '#core/sessions/read.ts'
import type { ShownSession } from '#core/sessions/session.ts'
import { getUser } from '#core/users/read.ts'
import { endRefreshTokens, forgetSecondFactors, listRefreshTokens } from '#core/users/sessions.ts'
import {
  AuthenticationMethod,
  decodeMethodId,
  Enrollment,
  encodeAuthenticationMethods,
  encodeEnrollments,
  MethodParams,
} from './authentication-methods.wire.ts'
import { decodeUserId, encodeUserId } from './ids.ts'
import { decodeLogSort, encodeLog, WireLog } from './logs.wire.ts'
import { encodeOrganization, WireOrganization } from './organizations.wire.ts'
import { CheckpointQuery, decodePaging, encodePage, paged, pageOf } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'

/** What is in a list that nobody has anything in yet. */
const Anything = Type.Object({}, { additionalProperties: true })

const { from, take } = CheckpointQuery

/**
 * What clients read beside a user. Lists of what the model does not have are true for everybody, and empty. One that
 * gets content moves to a family of its own.
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

  for (const { path, key, what, tokenScope, list, end } of sessionLists) {
    app.get(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes: [`read:${tokenScope}`] } },
        schema: {
          summary: `Get a user's ${what}`,
          params: UserParams,
          querystring: Type.Object({ from, take }),
          response: { 200: Type.Object({ [key]: Type.Array(Anything) }) },
        },
      },
      async ({ params, actor }) => ({
        [key]: await list(run, decodeUserId(params.id), actor),
      }),
    )

    app.delete(
      `/users/:id/${path}`,
      {
        config: { access: { tokenScopes: [`delete:${tokenScope}`] } },
        schema: { summary: `Delete a user's ${what}`, params: UserParams },
      },
      async ({ params, actor }, reply) => {
        await end(run, decodeUserId(params.id), actor)
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
        response: { 200: Type.Array(Enrollment) },
      },
    },
    async ({ params, actor }) =>
      encodeEnrollments(await run(listSecondFactors, { userId: decodeUserId(params.id) }, actor)),
  )

  app.get(
    '/users/:id/authentication-methods',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: "Get a user's authentication methods",
        params: UserParams,
        querystring: Type.Object(CheckpointQuery),
        response: { 200: paged('authenticators', AuthenticationMethod) },
      },
    },
    async ({ params, query, actor }) => {
      const factors = await run(listSecondFactors, { userId: decodeUserId(params.id) }, actor)
      const paging = decodePaging(query)
      return encodePage('authenticators', paging, pageOf(encodeAuthenticationMethods(factors), paging))
    },
  )

  app.delete(
    '/users/:id/authentication-methods/:methodId',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: "Delete one of a user's authentication methods",
        params: MethodParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      const input = { userId: decodeUserId(params.id), factorId: decodeMethodId(params.methodId) }
      await run(removeSecondFactor, input, actor)
      return reply.code(204).send(null)
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

type SessionList = {
  path: string
  key: string
  what: string
  tokenScope: string
  list: (run: Run, userId: string, actor: Actor) => Promise<object[]>
  end: (run: Run, userId: string, actor: Actor) => Promise<unknown>
}

const sessionLists: readonly SessionList[] = [
  {
    path: 'sessions',
    key: 'sessions',
    what: 'sessions',
    tokenScope: 'sessions',
    list: async (run, userId, actor) => (await run(listSessions, { userId }, actor)).map(encodeSession),
    end: (run, userId, actor) => run(endSessions, { userId }, actor),
  },
  {
    path: 'refresh-tokens',
    key: 'tokens',
    what: 'refresh tokens',
    tokenScope: 'refresh_tokens',
    list: (run, userId, actor) => run(listRefreshTokens, { userId }, actor),
    end: (run, userId, actor) => run(endRefreshTokens, { userId }, actor),
  },
]

const encodeSession = ({ id, userId, createdAt, expiresAt, ip, userAgent }: ShownSession) => ({
  id,
  user_id: encodeUserId(userId),
  created_at: new Date(createdAt).toISOString(),
  updated_at: new Date(createdAt).toISOString(),
  authenticated_at: new Date(createdAt).toISOString(),
  ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
  device: {
    ...(ip !== undefined && { initial_ip: ip, last_ip: ip }),
    ...(userAgent !== undefined && { initial_user_agent: userAgent, last_user_agent: userAgent }),
  },
})

const forgetting = [
  { method: 'DELETE', path: 'multifactor/:provider', what: 'factors' },
  { method: 'DELETE', path: 'authenticators', what: 'factors' },
  { method: 'DELETE', path: 'authentication-methods', what: 'factors' },
  { method: 'POST', path: 'multifactor/actions/invalidate-remember-browser', what: 'browsers' },
] as const
