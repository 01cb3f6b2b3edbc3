import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import {
  type FactorsOfUser,
  listSecondFactors,
  removeSecondFactor,
  removeSecondFactors,
} from '#core/second-factors/manage.ts'
import { addPasskey, requestPasskey } from '#core/second-factors/passkeys.ts'
import type { ShownFactor } from '#core/second-factors/second-factor.ts'
import { confirmTotp, enrolTotp, renewRecoveryCodes } from '#core/second-factors/totp.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import type { NativeRoutes } from './parts.ts'
import { UserParams } from './users.ts'

const FactorParams = Type.Object({
  ...UserParams.properties,
  factorId: Type.String({ description: 'The id of the second factor.' }),
})

const WireFactor = Type.Object({
  id: Type.String(),
  kind: Type.Unsafe<ShownFactor['kind']>({ type: 'string', enum: ['totp', 'passkey'] }),
  name: Type.String(),
  isConfirmed: Type.Boolean({ description: 'An app counts once a code of it was given.' }),
  createdAt: Instant,
  usedAt: Type.Optional(Instant),
})

const WireFactors = Type.Object({
  items: Type.Array(WireFactor),
  recoveryCodesLeft: Type.Integer({ minimum: 0 }),
  isRequired: Type.Boolean({ description: 'A role of the user asks for a second factor.' }),
})

const RecoveryCodes = Type.Array(Type.String(), {
  description: 'Each stands in once for another second factor. Told here and never again.',
})

const Name = Type.Optional(Type.String({ maxLength: 100, description: 'What its owner calls it.' }))
const OpenObject = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true })

const encodeFactor = (factor: ShownFactor): Static<typeof WireFactor> => ({
  ...factor,
  createdAt: encodeInstant(factor.createdAt),
  usedAt: instantAt('usedAt', factor.usedAt).usedAt,
})

const encodeFactors = ({ factors, ...rest }: FactorsOfUser): Static<typeof WireFactors> => ({
  ...rest,
  items: factors.map(encodeFactor),
})

const access = { authenticated: 'people look after their own; others need users:update' } as const
const readAccess = { authenticated: 'people may see their own; others need users:read' } as const

export const secondFactorRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/users/:id/second-factors',
    {
      config: { access: readAccess },
      schema: {
        summary: 'List the second factors of a user',
        params: UserParams,
        response: { 200: WireFactors },
      },
    },
    async ({ params, actor }) => encodeFactors(await run(listSecondFactors, { userId: params.id }, actor)),
  )

  app.delete(
    '/users/:id/second-factors',
    {
      config: { access },
      schema: {
        summary: 'Take all second factors from a user, as when a telephone is lost',
        params: UserParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(removeSecondFactors, { userId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/users/:id/second-factors/:factorId',
    {
      config: { access },
      schema: {
        summary: 'Remove a second factor',
        params: FactorParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(removeSecondFactor, { userId: params.id, factorId: params.factorId }, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/users/:id/second-factors/totp',
    {
      config: { access },
      schema: {
        summary: 'Begin with an app that shows codes',
        params: UserParams,
        body: Type.Object({ name: Name }, { additionalProperties: false }),
        response: {
          201: Type.Object({
            id: Type.String(),
            secret: Type.String({ description: 'To be typed into the app. Told here and never again.' }),
            uri: Type.String({ description: 'The same, to be shown as a QR code.' }),
          }),
        },
      },
    },
    async ({ params, body, actor }, reply) =>
      reply.code(201).send(await run(enrolTotp, { userId: params.id, ...body }, actor)),
  )

  app.post(
    '/users/:id/second-factors/totp/:factorId/confirm',
    {
      config: { access },
      schema: {
        summary: 'Take an app for a second factor, with a code of it',
        params: FactorParams,
        body: Type.Object(
          { code: Type.String({ minLength: 1, maxLength: 50 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ recoveryCodes: Type.Optional(RecoveryCodes) }) },
      },
    },
    async ({ params: { id, factorId }, body, actor }) =>
      run(confirmTotp, { userId: id, factorId, ...body }, actor),
  )

  app.post(
    '/users/:id/second-factors/recovery-codes',
    {
      config: { access },
      schema: {
        summary: 'Put new recovery codes in place of all before',
        params: UserParams,
        response: { 200: Type.Object({ recoveryCodes: RecoveryCodes }) },
      },
    },
    async ({ params, actor }) => ({
      recoveryCodes: await run(renewRecoveryCodes, { userId: params.id }, actor),
    }),
  )

  app.post(
    '/users/:id/second-factors/passkeys/options',
    {
      config: { access },
      schema: {
        summary: 'Begin with a passkey: what a browser needs to make one',
        params: UserParams,
        response: { 200: OpenObject },
      },
    },
    async ({ params, actor, issuer }) => run(requestPasskey, { userId: params.id, origin: issuer }, actor),
  )

  app.post(
    '/users/:id/second-factors/passkeys',
    {
      config: { access },
      schema: {
        summary: 'Keep the passkey that a browser has made',
        params: UserParams,
        body: Type.Object({ name: Name, response: OpenObject }, { additionalProperties: false }),
        response: {
          201: Type.Object({ factor: WireFactor, recoveryCodes: Type.Optional(RecoveryCodes) }),
        },
      },
    },
    async ({ params, body, actor, issuer }, reply) => {
      const input = { userId: params.id, origin: issuer, ...body }
      const { factor, ...rest } = await run(addPasskey, input, actor)
      return reply.code(201).send({ factor: encodeFactor(factor), ...rest })
    },
  )
}
