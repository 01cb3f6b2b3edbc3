import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '#core/keys/rotate.ts'
import type { SigningKey } from '#core/keys/signing-key.ts'
import { encodeInstant, Instant } from './instants.ts'
import { Metadata } from './metadata.ts'
import { encodeWhole, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const Algorithm = Type.Enum(['RS256', 'ES256'])

const WireSigningKey = Type.Object({
  id: Type.String({ description: 'Its `kid`.' }),
  algorithm: Algorithm,
  status: Type.Enum(['next', 'current', 'previous', 'revoked']),
  publicJwk: Metadata,
  certificatePem: Type.String(),
  createdAt: Instant,
  changedAt: Instant,
})

const Rotation = Type.Object({ algorithm: Type.Optional(Algorithm) }, { additionalProperties: false })

const encodeSigningKey = ({
  id,
  algorithm,
  status,
  publicJwk,
  certificatePem,
  createdAt,
  changedAt,
}: SigningKey): Static<typeof WireSigningKey> => ({
  id,
  algorithm,
  status,
  publicJwk: JSON.parse(publicJwk) as JsonObject,
  certificatePem,
  createdAt: encodeInstant(createdAt),
  changedAt: encodeInstant(changedAt),
})

export const signingKeyRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/signing-keys',
    {
      config: { access: { tokenScopes: ['keys:read'] } },
      schema: { summary: 'List the signing keys, the newest last', response: { 200: paged(WireSigningKey) } },
    },
    async ({ actor }) => encodeWhole(await run(listSigningKeys, {}, actor), encodeSigningKey),
  )

  app.post(
    '/signing-keys/rotate',
    {
      config: { access: { tokenScopes: ['keys:rotate'] } },
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        summary: 'Sign with the next key from now on, and make another next one',
        body: Rotation,
        response: { 200: WireSigningKey },
      },
    },
    async ({ body, actor }) => encodeSigningKey(await run(rotateSigningKey, body, actor)),
  )

  app.post(
    '/signing-keys/:id/revoke',
    {
      config: { access: { tokenScopes: ['keys:revoke'] } },
      schema: {
        summary: 'Stop trusting a key: every token it signed is refused',
        params: Type.Object({ id: Type.String({ description: 'The `kid` of the key.' }) }),
        response: { 200: WireSigningKey },
      },
    },
    async ({ params, actor }) => encodeSigningKey(await run(revokeSigningKey, { keyId: params.id }, actor)),
  )
}
