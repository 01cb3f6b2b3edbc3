import { createTicket } from '#core/tickets/create.ts'
import type { Auth0Routes } from './parts.ts'
import {
  decodeEmailVerification,
  decodePasswordChange,
  EmailVerificationTicket,
  encodeTicket,
  PasswordChangeTicket,
  WireTicket,
} from './tickets.wire.ts'

/** @see specs: §1.14 of the Auth0 dialect */
export const ticketRoutes: Auth0Routes = async (app, { run }) => {
  app.post(
    '/tickets/password-change',
    {
      config: { access: { tokenScopes: ['create:user_tickets'] } },
      schema: {
        summary: 'Create a password change ticket',
        body: PasswordChangeTicket,
        response: { 201: WireTicket },
      },
    },
    async ({ body, actor, issuer }, reply) => {
      const ticket = await run(createTicket, decodePasswordChange(body), actor)
      return reply.code(201).send(encodeTicket(ticket, issuer))
    },
  )

  app.post(
    '/tickets/email-verification',
    {
      config: { access: { tokenScopes: ['create:user_tickets'] } },
      schema: {
        summary: 'Create an email verification ticket',
        body: EmailVerificationTicket,
        response: { 201: WireTicket },
      },
    },
    async ({ body, actor, issuer }, reply) => {
      const ticket = await run(createTicket, decodeEmailVerification(body), actor)
      return reply.code(201).send(encodeTicket(ticket, issuer))
    },
  )
}
