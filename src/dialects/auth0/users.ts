import Type from 'typebox'
import type { Filter } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import type { Refusal } from '#core/refusals.ts'
import { createUser } from '#core/users/create.ts'
import { deleteUser } from '#core/users/delete.ts'
import { getUser, listUsers, type UserWithIdentities } from '#core/users/read.ts'
import { updateAppMetadata, updateUser, updateUserMetadata } from '#core/users/update.ts'
import { reworded, WireError } from './errors.ts'
import { FieldsQuery, projection } from './fields.ts'
import { decodeUserId } from './ids.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'
import { parseSort, parseUserSearch } from './user-search.ts'
import {
  decodeEmailFilter,
  decodeNewUser,
  decodeUserChange,
  encodeUser,
  NewUser,
  type UserChange,
  UserChanges,
  WireUser,
} from './users.wire.ts'

const UsersQuery = Type.Object({
  ...CheckpointQuery,
  ...FieldsQuery,
  sort: Type.Optional(
    Type.String({
      description: 'Field to sort by. Use field:order where order is 1 for ascending and -1 for descending.',
    }),
  ),
  connection: Type.Optional(Type.String({ description: 'Of an older search engine; ignored.' })),
  q: Type.Optional(Type.String({ description: 'Query in Lucene query string syntax.' })),
  search_engine: Type.Optional(
    Type.Union([Type.Literal('v1'), Type.Literal('v2'), Type.Literal('v3')], {
      description: 'The version of the search engine',
    }),
  ),
  primary_order: Type.Optional(
    Type.Boolean({ description: 'Whether results are ordered; they always are.' }),
  ),
  include_roles: Type.Optional(
    Type.Boolean({ description: "Extension: each user's roles, for tokens that may also read roles." }),
  ),
})

/** @see specs: §1.5 of the Auth0 dialect */
export const userRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/users',
    {
      config: { access: { tokenScopes: ['read:users', 'read:user_idp_tokens'] } },
      schema: {
        summary: 'List or search users',
        querystring: UsersQuery,
        response: { 200: paged('users', WireUser) },
      },
    },
    async ({ query, actor, issuer }) => {
      const paging = decodePaging(query)
      const page = await run(
        listUsers,
        { listing: { ...paging.listing, ...decodeSearch(query) }, withRoles: query.include_roles ?? false },
        actor,
      )
      const project = projection(query)
      const items = page.items.map((user) => project(encodeUser(user, issuer)))
      return encodePage('users', paging, { ...page, items }, { withLength: true })
    },
  )

  app.post(
    '/users',
    {
      config: { access: { tokenScopes: ['create:users'] } },
      schema: { summary: 'Create a user', body: NewUser, response: { 201: WireUser } },
    },
    async ({ body, actor, issuer }, reply) => {
      const user = await reworded(run(createUser, decodeNewUser(body), actor), wordCreation)
      return reply.code(201).send(encodeUser(user, issuer, body))
    },
  )

  app.get(
    '/users/:id',
    {
      config: { access: { tokenScopes: ['read:users', 'read:user_idp_tokens', 'read:current_user'] } },
      schema: {
        summary: 'Get a user',
        params: UserParams,
        querystring: Type.Object(FieldsQuery),
        response: { 200: WireUser },
      },
    },
    async ({ params, query, actor, issuer }) => {
      const user = await run(getUser, { userId: decodeUserId(params.id) }, actor)
      return projection(query)(encodeUser(user, issuer))
    },
  )

  app.patch(
    '/users/:id',
    {
      config: {
        access: {
          tokenScopes: ['update:users', 'update:users_app_metadata', 'update:current_user_metadata'],
        },
      },
      schema: {
        summary: 'Update a user',
        params: UserParams,
        body: UserChanges,
        response: { 200: WireUser },
      },
    },
    async ({ params, body, actor, issuer }) => {
      const change = decodeUserChange(params.id, body)
      return encodeUser(await reworded(runChange(run, change, actor), wordChange), issuer, body)
    },
  )

  app.delete(
    '/users/:id',
    {
      config: { access: { tokenScopes: ['delete:users', 'delete:current_user'] } },
      schema: { summary: 'Delete a user', params: UserParams, response: { 204: Type.Null() } },
    },
    async ({ params, actor }, reply) => {
      await run(deleteUser, { userId: decodeUserId(params.id), allowMissing: true }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/users-by-email',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: 'Search users by email',
        querystring: Type.Object({
          ...FieldsQuery,
          email: Type.String({ minLength: 1, description: 'Email address to search for (case-sensitive).' }),
        }),
        response: { 200: Type.Array(WireUser) },
      },
    },
    async ({ query, actor, issuer }) => {
      const listing = { filter: decodeEmailFilter(query.email), limit: 50 }
      const { items } = await run(listUsers, { listing }, actor)
      const project = projection(query)
      return items.map((user) => project(encodeUser(user, issuer)))
    },
  )
}

/** The change decides which operation it takes: callers with less than `update:users` may do some of them. */
const runChange = (run: Run, change: UserChange, actor: Parameters<Run>[2]): Promise<UserWithIdentities> => {
  if (change.of === 'app metadata') return run(updateAppMetadata, change.input, actor)
  if (change.of === 'user metadata') return run(updateUserMetadata, change.input, actor)
  return run(updateUser, change.input, actor)
}

type Search = { q?: string; sort?: string; search_engine?: 'v1' | 'v2' | 'v3' }

const decodeSearch = ({ q, sort, search_engine: engine = 'v3' }: Search) => {
  if (engine !== 'v3') {
    const message = `You are not allowed to use search_engine=${engine}. Use search_engine=v3 instead.`
    throw new WireError(400, message, 'invalid_query_string')
  }
  const filter: Filter | undefined = q === undefined ? undefined : parseUserSearch(q)
  return { ...(filter && { filter }), ...(sort !== undefined && { order: parseSort(sort) }) }
}

const wordCreation = (refusal: Refusal): WireError | undefined => {
  if (refusal.code === 'not_found' && refusal.kind === 'connection') {
    return new WireError(400, 'Connection does not exist.', 'invalid_body')
  }
  if (refusal.code !== 'invalid') return undefined
  if (refusal.field === 'username') return new WireError(400, refusal.reason, 'invalid_body')
  // What is missing is no property's fault, and is told without one.
  return refusal.reason.startsWith('Missing required property')
    ? new WireError(400, `Payload validation error: '${refusal.reason}'.`, 'invalid_body')
    : undefined
}

const takenMessages: Readonly<Record<string, string>> = {
  email: 'The specified new email already exists',
  username: 'The specified new username already exists',
}

const wordChange = (refusal: Refusal): WireError | undefined => {
  if (refusal.code === 'taken' && refusal.kind === 'user') {
    return new WireError(400, takenMessages[refusal.field] ?? 'The user already exists.', 'auth0_idp_error')
  }
  return wordCreation(refusal)
}
