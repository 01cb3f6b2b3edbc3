import type { Listing, Page } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { requireMayActAs } from '../users/rules.ts'
import type { ListedMail, Mail, WrittenMail } from './mail.ts'
import { writeMail } from './write.ts'

/** Newest last. Fields: those of `Mail`. @throws invalid_cursor, unknown_field */
export const listMails = query<{ listing: Listing }, Page<ListedMail>>({
  name: 'list mails',
  needs: 'mails:read',
  run: async ({ mails }, { listing }) => {
    const page = await mails.list(listing)
    return { ...page, items: page.items.map(withoutSecrets) }
  },
})

/** @throws not_found */
export const getMail = query<{ mailId: string }, ListedMail>({
  name: 'get mail',
  needs: 'mails:read',
  run: async ({ mails }, { mailId }) => withoutSecrets(found(await mails.find(mailId), 'mail', mailId)),
})

/**
 * A mail as its reader sees it, with the links and codes in it while they are kept. Whoever follows them acts as the
 * reader, so that this is for those who may do what he may.
 * @throws not_found, cannot_grant, invalid for a template that can't be read
 */
export const getMailContent = query<{ mailId: string }, WrittenMail>({
  name: 'get content of mail',
  needs: 'mails:read-content',
  run: async (reader, { mailId }, actor, services) => {
    const mail = found(await reader.mails.find(mailId), 'mail', mailId)
    if (mail.userId !== undefined) await requireMayActAs(reader, actor, mail.userId)
    const written = await writeMail(reader, services, mail)
    if ('mail' in written) return written.mail
    throw new DomainError({ code: 'invalid', field: 'template', reason: written.fault })
  },
})

export const withoutSecrets = ({ sealedSecrets: _sealed, data: _data, ...listed }: Mail): ListedMail => listed
