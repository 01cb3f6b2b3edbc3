import Type from 'typebox'
import { approveRegistration, listRegistrations, rejectRegistration } from '#core/registration/approve.ts'
import { registerDiscreetly } from '#core/registration/discreet.ts'
import { registrationForm } from '#core/registration/form.ts'
import { decodePaging, encodePage, PageQuery, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import {
  decodeRegistration,
  encodeForm,
  encodeRegistration,
  FormQuery,
  NewRegistration,
  WireForm,
  WireRegistration,
} from './registrations.wire.ts'
import { encodeUser, WireUser } from './users.wire.ts'

const UserParams = Type.Object({ id: Type.String({ description: 'The id of the user who registered.' }) })

export const registrationRoutes: NativeRoutes = async (app, { run }) => {
  app.post(
    '/registrations',
    {
      config: { access: { anonymous: 'the registration policy decides who may register' } },
      schema: {
        summary: 'Register',
        description:
          'Who must confirm his address or be approved first is answered 202 and no more, whether or not the address has an account already: its owner is told by mail.',
        body: NewRegistration,
        response: { 201: WireRegistration, 202: WireRegistration },
      },
    },
    async (request, reply) => {
      const facts = { ip: request.ip, userAgent: request.headers['user-agent'] }
      const outcome = await run(registerDiscreetly, decodeRegistration(request.body, facts), request.actor)
      return reply.code(outcome.registered ? 201 : 202).send(encodeRegistration(outcome))
    },
  )

  app.get(
    '/registrations/form',
    {
      config: { access: { anonymous: 'shows what a sign-up form does' } },
      schema: {
        summary: 'What a form to register with needs to know',
        querystring: FormQuery,
        response: { 200: WireForm },
      },
    },
    async ({ query, actor }) => encodeForm(await run(registrationForm, query, actor)),
  )

  app.get(
    '/registrations',
    {
      config: { access: { tokenScopes: ['users:read'] } },
      schema: {
        summary: 'List people who have registered and wait for approval',
        querystring: Type.Object(PageQuery),
        response: { 200: paged(WireUser) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listRegistrations, { listing: decodePaging(query) }, actor), encodeUser),
  )

  app.post(
    '/registrations/:id/approve',
    {
      config: { access: { tokenScopes: ['users:update'] } },
      schema: {
        summary: 'Let somebody in who has registered',
        params: UserParams,
        response: { 200: WireUser },
      },
    },
    async ({ params, actor }) => encodeUser(await run(approveRegistration, { userId: params.id }, actor)),
  )

  app.post(
    '/registrations/:id/reject',
    {
      config: { access: { tokenScopes: ['users:delete'] } },
      schema: {
        summary: 'Turn somebody away who has registered: he is deleted',
        params: UserParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(rejectRegistration, { userId: params.id }, actor)
      return reply.code(204).send(null)
    },
  )
}
