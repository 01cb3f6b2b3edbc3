import Type from 'typebox'
import { retryMail } from '#core/mail/queue.ts'
import { getMail, getMailContent, listMails } from '#core/mail/read.ts'
import { sendTestMail } from '#core/mail/send.ts'
import {
  decodeMailQuery,
  encodeMail,
  encodeMailContent,
  MailQuery,
  TestMail,
  WireMail,
  WireMailContent,
} from './mails.wire.ts'
import { encodePage, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const MailParams = Type.Object({ id: Type.String({ description: 'The id of the mail.' }) })

export const mailRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/mails',
    {
      config: { access: { tokenScopes: ['mails:read'] } },
      schema: {
        summary: 'List mails that were sent or wait to be',
        querystring: MailQuery,
        response: { 200: paged(WireMail) },
      },
    },
    async ({ query, actor }) =>
      encodePage(await run(listMails, { listing: decodeMailQuery(query) }, actor), encodeMail),
  )

  app.get(
    '/mails/:id',
    {
      config: { access: { tokenScopes: ['mails:read'] } },
      schema: { summary: 'Read what became of a mail', params: MailParams, response: { 200: WireMail } },
    },
    async ({ params, actor }) => encodeMail(await run(getMail, { mailId: params.id }, actor)),
  )

  app.get(
    '/mails/:id/content',
    {
      config: { access: { tokenScopes: ['mails:read-content'] } },
      schema: {
        summary: 'Read a mail as its reader sees it',
        description:
          'Its links and codes are kept only where no mail server is set. Whoever reads them must be allowed whatever the reader of the mail is.',
        params: MailParams,
        response: { 200: WireMailContent },
      },
    },
    async ({ params, actor }) => encodeMailContent(await run(getMailContent, { mailId: params.id }, actor)),
  )

  app.post(
    '/mails/:id/retry',
    {
      config: { access: { tokenScopes: ['mails:send'] } },
      schema: {
        summary: 'Send a mail at once that failed or waits for its next try',
        params: MailParams,
        response: { 202: WireMail },
      },
    },
    async ({ params, actor }, reply) =>
      reply.code(202).send(encodeMail(await run(retryMail, { mailId: params.id }, actor))),
  )

  app.post(
    '/mail/test',
    {
      config: { access: { tokenScopes: ['mails:send'] } },
      schema: {
        summary: 'Send a test mail',
        description: 'Answers at once; the mail tells what became of it.',
        body: TestMail,
        response: { 202: WireMail },
      },
    },
    async ({ body, actor }, reply) => reply.code(202).send(encodeMail(await run(sendTestMail, body, actor))),
  )
}
