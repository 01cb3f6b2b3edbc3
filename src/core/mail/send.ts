import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import type { Tx } from '../store.ts'
import { requireEmail } from '../users/rules.ts'
import { type ListedMail, type Mail, mailSecretsContext } from './mail.ts'
import { withoutSecrets } from './read.ts'

export type SendMail = {
  to: string
  /** `verify-email`, `reset-password`, …: see `default-templates.ts`. */
  template: string
  /** What the template shows: `inviterName`, `roleName`, …. Listed to administrators, so nothing secret. */
  data?: JsonObject
  /** What only the reader may know: `link`, `code`. Sealed until the mail is written. */
  secrets?: Readonly<Record<string, string>>
  /** The reader's language, as `de` or `de-AT`; the workspace's unless given. */
  locale?: string
  userId?: string
}

/**
 * Queues a mail in the transaction at hand: it is sent if that commits, and soon after. Whether and how often somebody
 * may be written to is the caller's business.
 * @throws invalid for what is no address
 */
export const sendMail = async (
  tx: Tx,
  { to, template, data = {}, secrets = {}, locale, userId }: SendMail,
): Promise<Mail> => {
  requireEmail(to)
  const id = tx.newId()
  const hasSecrets = Object.keys(secrets).length > 0
  return tx.mails.insert({
    id,
    to,
    ...(userId !== undefined && { userId }),
    template,
    locale: locale ?? (await workspaceLocale(tx)),
    data,
    ...(hasSecrets && { sealedSecrets: tx.seal(JSON.stringify(secrets), mailSecretsContext(id)) }),
    status: 'queued',
    attempts: 0,
    nextTryAt: tx.now(),
    createdAt: tx.now(),
  })
}

/** The first of the tenant's languages, where that dialect named some. */
const workspaceLocale = async ({ settings }: Pick<Tx, 'settings'>): Promise<string> => {
  const locales = (await settings.get('auth0-tenant'))?.enabled_locales
  const [first] = Array.isArray(locales) ? locales : []
  return typeof first === 'string' && first !== '' ? first : 'en'
}

/** Sends a mail that only says that mail arrives. @throws invalid */
export const sendTestMail = command<{ to: string; locale?: string }, ListedMail>({
  name: 'send test mail',
  needs: 'mails:send',
  run: async (tx, { to, locale }) =>
    withoutSecrets(await sendMail(tx, { to, template: 'test', ...(locale !== undefined && { locale }) })),
})
