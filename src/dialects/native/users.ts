import Type from 'typebox'
import { createUser } from '#core/users/create.ts'
import { deleteUser } from '#core/users/delete.ts'
import { getUser, listUsers } from '#core/users/read.ts'
import { updateAppMetadata, updateUser, updateUserMetadata } from '#core/users/update.ts'
import { Metadata } from './metadata.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  decodeNewUser,
  decodeUserChanges,
  decodeUserQuery,
  encodeUser,
  NewUser,
  UserChanges,
  UserQuery,
  WireUser,
} from './users.wire.ts'

export const UserParams = Type.Object({ id: Type.String({ description: 'The id of the user.' }) })

const MetadataChanges = Type.Unsafe<Type.Static<typeof Metadata>>({
  ...Metadata,
  description: 'Merged one level deep: `null` removes a key. An empty object empties the whole.',
})

export const userRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/users',
    {
      config: { access: { tokenScopes: ['users:read'] } },
      schema: {
        summary: 'List users',
        description:
          '`role` without `scope` finds who holds it anywhere, `scope` alone who holds any role there.',
        querystring: UserQuery,
        response: { 200: paged(WireUser) },
      },
    },
    async ({ query, actor }) => encodePage(await run(listUsers, decodeUserQuery(query), actor), encodeUser),
  )

  app.post(
    '/users',
    {
      config: { access: { tokenScopes: ['users:create'] } },
      schema: { summary: 'Create a user', body: NewUser, response: { 201: WireUser } },
    },
    async ({ body, actor }, reply) =>
      reply.code(201).send(encodeUser(await run(createUser, decodeNewUser(body), actor))),
  )

  app.get(
    '/users/:id',
    {
      config: { access: { authenticated: 'people may read themselves; others need users:read' } },
      schema: { summary: 'Read a user', params: UserParams, response: { 200: WireUser } },
    },
    async ({ params, actor }) => encodeUser(await run(getUser, { userId: params.id }, actor)),
  )

  app.patch(
    '/users/:id',
    {
      config: { access: { tokenScopes: ['users:update'] } },
      schema: {
        summary: 'Change a user',
        params: UserParams,
        body: UserChanges,
        response: { 200: WireUser },
      },
    },
    async ({ params, body, actor }) =>
      encodeUser(await run(updateUser, decodeUserChanges(params.id, body), actor)),
  )

  app.delete(
    '/users/:id',
    {
      config: { access: { tokenScopes: ['users:delete'] } },
      schema: {
        summary: 'Delete a user with everything that is his',
        params: UserParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(deleteUser, { userId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/users/:id/app-metadata',
    {
      config: { access: { tokenScopes: ['users:update-metadata', 'users:update'] } },
      schema: {
        summary: 'Change what applications keep about a user',
        params: UserParams,
        body: MetadataChanges,
        response: { 200: WireUser },
      },
    },
    async ({ params, body, actor }) =>
      encodeUser(await run(updateAppMetadata, { userId: params.id, appMetadata: body }, actor)),
  )

  app.patch(
    '/users/:id/user-metadata',
    {
      config: { access: { authenticated: 'people may change their own; others need users:update' } },
      schema: {
        summary: 'Change what a person keeps about himself',
        params: UserParams,
        body: MetadataChanges,
        response: { 200: WireUser },
      },
    },
    async ({ params, body, actor }) =>
      encodeUser(await run(updateUserMetadata, { userId: params.id, userMetadata: body }, actor)),
  )
}
