import Type from 'typebox'
import { getRegistrationPolicy, updateRegistrationPolicy } from '#core/registration/policy.ts'
import type { NativeRoutes } from './parts.ts'
import { decodePolicyPatch, encodePolicy, PolicyPatch, WirePolicy } from './registration-policy.wire.ts'

const ApplicationParams = Type.Object({ id: Type.String({ description: 'The id of the application.' }) })

export const registrationPolicyRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/registration-policy',
    {
      config: { access: { tokenScopes: ['settings:read'] } },
      schema: {
        summary: 'Read who may register, and with which roles',
        response: { 200: WirePolicy },
      },
    },
    async ({ actor }) => encodePolicy(await run(getRegistrationPolicy, {}, actor)),
  )

  app.patch(
    '/registration-policy',
    {
      config: { access: { tokenScopes: ['settings:update'] } },
      schema: {
        summary: 'Change who may register, and with which roles',
        description: 'Whoever changes anything must be allowed to give every role that the policy can give.',
        body: PolicyPatch,
        response: { 200: WirePolicy },
      },
    },
    async ({ body, actor }) =>
      encodePolicy(await run(updateRegistrationPolicy, { changes: decodePolicyPatch(body) }, actor)),
  )

  app.get(
    '/applications/:id/registration-policy',
    {
      config: { access: { tokenScopes: ['settings:read'] } },
      schema: {
        summary: 'Read who may register in an application, and with which roles',
        params: ApplicationParams,
        response: { 200: WirePolicy },
      },
    },
    async ({ params, actor }) =>
      encodePolicy(await run(getRegistrationPolicy, { applicationId: params.id }, actor)),
  )

  app.patch(
    '/applications/:id/registration-policy',
    {
      config: { access: { tokenScopes: ['settings:update'] } },
      schema: {
        summary: 'Change who may register in an application, and with which roles',
        description: 'What is not set here is as the workspace says.',
        params: ApplicationParams,
        body: PolicyPatch,
        response: { 200: WirePolicy },
      },
    },
    async ({ params, body, actor }) => {
      const input = { applicationId: params.id, changes: decodePolicyPatch(body) }
      return encodePolicy(await run(updateRegistrationPolicy, input, actor))
    },
  )
}
