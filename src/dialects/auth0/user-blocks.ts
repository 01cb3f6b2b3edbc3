import Type from 'typebox'
import {
  findUserBlocks,
  listUserBlocks,
  removeBlocksByIdentifier,
  removeUserBlocks,
  type UserBlock,
} from '#core/users/blocks.ts'
import { decodeUserId } from './ids.ts'
import type { Auth0Routes } from './parts.ts'
import { UserParams } from './profiles.wire.ts'

const WireBlocks = Type.Object({
  blocked_for: Type.Array(Type.Object({ identifier: Type.String(), ip: Type.Optional(Type.String()) })),
})

const IdentifierQuery = Type.Object({
  identifier: Type.String({
    minLength: 1,
    description: 'Should be any of a username, phone number, or email.',
  }),
})

const encodeBlocks = (blocks: readonly UserBlock[]) => ({ blocked_for: [...blocks] })

/** Who may not try to sign in for a while. @see specs: §1.14 of the Auth0 dialect */
export const userBlockRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/user-blocks',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: {
        summary: 'Get blocks by identifier',
        querystring: IdentifierQuery,
        response: { 200: WireBlocks },
      },
    },
    async ({ query, actor }) =>
      encodeBlocks(await run(findUserBlocks, { identifier: query.identifier }, actor)),
  )

  app.delete(
    '/user-blocks',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Unblock by identifier',
        querystring: IdentifierQuery,
        response: { 204: Type.Null() },
      },
    },
    async ({ query, actor }, reply) => {
      await run(removeBlocksByIdentifier, { identifier: query.identifier }, actor)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/user-blocks/:id',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: { summary: "Get a user's blocks", params: UserParams, response: { 200: WireBlocks } },
    },
    async ({ params, actor }) =>
      encodeBlocks(await run(listUserBlocks, { userId: decodeUserId(params.id) }, actor)),
  )

  app.delete(
    '/user-blocks/:id',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: { summary: 'Unblock a user', params: UserParams, response: { 204: Type.Null() } },
    },
    async ({ params, actor }, reply) => {
      await run(removeUserBlocks, { userId: decodeUserId(params.id) }, actor)
      return reply.code(204).send(null)
    },
  )
}
