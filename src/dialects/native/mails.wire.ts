import Type, { type Static } from 'typebox'
import { equal, every, type Listing } from '#core/listing.ts'
import type { ListedMail, WrittenMail } from '#core/mail/mail.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

export const MailStatus = Type.Unsafe<ListedMail['status']>({
  type: 'string',
  enum: ['queued', 'sent', 'failed'],
})

export const WireMail = Type.Object({
  id: Type.String(),
  to: Type.String(),
  userId: Type.Optional(Type.String()),
  template: Type.String(),
  locale: Type.String(),
  status: MailStatus,
  attempts: Type.Integer({ description: 'How often it was handed to the mail server.' }),
  nextTryAt: Type.Optional(Instant),
  fault: Type.Optional(Type.String({ description: 'What the mail server said the last time.' })),
  createdAt: Instant,
  sentAt: Type.Optional(Instant),
})

export const WireMailContent = Type.Object({
  to: Type.String(),
  subject: Type.String(),
  html: Type.String({ description: 'Show it in a sandbox: templates are written by people.' }),
  text: Type.String(),
  fromName: Type.Optional(Type.String()),
  fromEmail: Type.Optional(Type.String()),
  replyTo: Type.Optional(Type.String()),
})

export const MailQuery = Type.Object({
  ...PageQuery,
  to: Type.Optional(Type.String({ maxLength: 500, description: 'The address, whatever its letter case.' })),
  user: Type.Optional(Type.String({ maxLength: 300, description: 'The id of the user it is for.' })),
  template: Type.Optional(Type.String({ maxLength: 100 })),
  status: Type.Optional(MailStatus),
  ...orderBy('createdAt'),
})

/** Newest first unless something else is asked for. */
export const decodeMailQuery = (query: Static<typeof MailQuery>): Listing => {
  const { to, user, template, status, order = '-createdAt' } = query
  const filter = every(
    to === undefined ? undefined : { ...equal('to', to), ignoreCase: true },
    user === undefined ? undefined : equal('userId', user),
    template === undefined ? undefined : equal('template', template),
    status === undefined ? undefined : equal('status', status),
  )
  return { ...decodePaging(query), ...decodeOrder(order), ...(filter && { filter }) }
}

export const encodeMail = (mail: ListedMail): Static<typeof WireMail> => ({
  ...mail,
  createdAt: encodeInstant(mail.createdAt),
  nextTryAt: instantAt('nextTryAt', mail.nextTryAt).nextTryAt,
  sentAt: instantAt('sentAt', mail.sentAt).sentAt,
})

export const encodeMailContent = ({ id: _id, ...content }: WrittenMail): Static<typeof WireMailContent> =>
  content

export const TestMail = Type.Object(
  {
    to: Type.String({ minLength: 3, maxLength: 320 }),
    locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$' })),
  },
  { additionalProperties: false },
)
