import Type from 'typebox'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '#core/keys/rotate.ts'
import { found } from '#core/refusals.ts'
import type { Auth0Routes } from './parts.ts'
import {
  encodeKeyChange,
  encodeSigningKey,
  isSeen,
  WireKeyChange,
  WireSigningKey,
} from './signing-keys.wire.ts'

const KeyParams = Type.Object({ kid: Type.String({ description: 'Key ID of the key.' }) })

/** @see specs: §1.14 of the Auth0 dialect */
export const signingKeyRoutes: Auth0Routes = async (app, { run }) => {
  app.get(
    '/keys/signing',
    {
      config: { access: { tokenScopes: ['read:signing_keys'] } },
      schema: { summary: 'Get all application signing keys', response: { 200: Type.Array(WireSigningKey) } },
    },
    async ({ actor }) => (await run(listSigningKeys, {}, actor)).filter(isSeen).map(encodeSigningKey),
  )

  app.get(
    '/keys/signing/:kid',
    {
      config: { access: { tokenScopes: ['read:signing_keys'] } },
      schema: {
        summary: 'Get an application signing key by its key id',
        params: KeyParams,
        response: { 200: WireSigningKey },
      },
    },
    async ({ params: { kid }, actor }) => {
      const keys = (await run(listSigningKeys, {}, actor)).filter(isSeen)
      return encodeSigningKey(
        found(
          keys.find(({ id }) => id === kid),
          'signing_key',
          kid,
        ),
      )
    },
  )

  app.post(
    '/keys/signing/rotate',
    {
      config: { access: { tokenScopes: ['create:signing_keys'] } },
      schema: { summary: 'Rotate the application signing key', response: { 201: WireKeyChange } },
    },
    async ({ actor }, reply) =>
      reply.code(201).send(encodeKeyChange(await run(rotateSigningKey, { algorithm: 'RS256' }, actor))),
  )

  app.put(
    '/keys/signing/:kid/revoke',
    {
      config: { access: { tokenScopes: ['update:signing_keys'] } },
      schema: {
        summary: 'Revoke an application signing key by its key id',
        params: KeyParams,
        response: { 200: WireKeyChange },
      },
    },
    async ({ params, actor }) => encodeKeyChange(await run(revokeSigningKey, { keyId: params.kid }, actor)),
  )
}
