import Type, { type Static } from 'typebox'
import { databaseStrategy } from '#core/connections/connection.ts'
import type { Refusal } from '#core/refusals.ts'
import { type LinkUsers, linkUsers, unlinkIdentity } from '#core/users/identities.ts'
import { reworded, WireError } from './errors.ts'
import { decodeUserId } from './ids.ts'
import type { Auth0Routes } from './parts.ts'
import { UserId, UserParams } from './profiles.wire.ts'
import { encodeIdentities, WireIdentity } from './users.wire.ts'

const Secondary = Type.Object(
  {
    provider: Type.Optional(
      Type.String({
        minLength: 1,
        pattern: '^[^|]+$',
        description: 'Identity provider of the secondary user.',
      }),
    ),
    user_id: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Integer()], {
        description: 'user_id of the secondary user being linked.',
      }),
    ),
    connection_id: Type.Optional(Type.String({ minLength: 1 })),
    link_with: Type.Optional(Type.String({ minLength: 1, description: 'JWT of the secondary user.' })),
  },
  { additionalProperties: false },
)

const IdentityParams = Type.Object({
  id: UserId,
  provider: Type.String({ description: 'Identity provider name of the identity to unlink.' }),
  user_id: Type.String({ description: 'ID of the identity to unlink.' }),
})

/** Several ways in for one person. @see specs: §1.5.2 of the Auth0 dialect */
export const userIdentityRoutes: Auth0Routes = async (app, { run }) => {
  app.post(
    '/users/:id/identities',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Link a user account',
        params: UserParams,
        body: Secondary,
        response: { 201: Type.Array(WireIdentity) },
      },
    },
    async ({ params, body, actor }, reply) => {
      const user = await reworded(run(linkUsers, decodeLink(params.id, body), actor), wordLink)
      return reply.code(201).send(encodeIdentities(user))
    },
  )

  app.delete(
    '/users/:id/identities/:provider/:user_id',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Unlink a user identity',
        params: IdentityParams,
        response: { 200: Type.Array(WireIdentity) },
      },
    },
    async ({ params, actor }) =>
      encodeIdentities(await reworded(run(unlinkIdentity, decodeUnlink(params), actor), wordLink)),
  )
}

const decodeLink = (wireId: string, body: Static<typeof Secondary>): LinkUsers => {
  if (body.link_with !== undefined) {
    // It proves that somebody signed in as both, which nobody can do before there is a sign-in.
    throw new WireError(400, 'Linking with a token is not supported yet.', 'operation_not_supported')
  }
  const { provider, user_id: given } = body
  if (provider === undefined || given === undefined) {
    const missing = provider === undefined ? 'provider' : 'user_id'
    throw new WireError(
      400,
      `Payload validation error: 'Missing required property: ${missing}'.`,
      'invalid_body',
    )
  }
  // Clients send the part behind the provider, or the whole id.
  const text = String(given)
  const subject = text.startsWith(`${provider}|`) ? text.slice(provider.length + 1) : text
  const userId = decodeUserId(wireId)
  return provider === databaseStrategy
    ? { userId, secondaryUserId: decodeUserId(`${provider}|${subject}`) }
    : { userId, secondaryIdentity: { provider, subject } }
}

const decodeUnlink = ({ id, provider, user_id: subject }: Static<typeof IdentityParams>) => {
  if (id === `${provider}|${subject}`) {
    throw new WireError(400, 'The main identity of a user can not be unlinked.', 'operation_not_supported')
  }
  return { userId: decodeUserId(id), provider, subject }
}

const wordLink = (refusal: Refusal): WireError | undefined => {
  if (refusal.code === 'invalid') return new WireError(400, refusal.reason, 'invalid_body')
  if (refusal.code === 'in_use') {
    return new WireError(400, 'The last identity of a user can not be unlinked.', 'operation_not_supported')
  }
  return undefined
}
