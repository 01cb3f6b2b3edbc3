import type { JsonObject } from '../json.ts'
import type { Services } from '../operation.ts'
import type { Reader } from '../store.ts'
import type { User } from '../users/user.ts'
import { defaultTemplate } from './default-templates.ts'
import { type Mail, type MailSource, mailSecretsContext, type WrittenMail } from './mail.ts'

type WriteReader = Pick<Reader, 'mailTemplates' | 'users' | 'settings'>

/** Writes a mail from its template: the workspace's own in its language, or the default. */
export const writeMail = async (
  reader: WriteReader,
  services: Pick<Services, 'templates' | 'sealer'>,
  mail: Mail,
): Promise<{ mail: WrittenMail } | { fault: string }> => {
  const source = await findSource(reader, mail.template, mail.locale)
  if (!source) return { fault: `There is no template ${mail.template}.` }
  const { id, to, userId, data, locale } = mail
  const secrets = openSecrets(services, mail)
  if (!secrets) return { fault: 'What the mail holds was sealed with another key.' }
  const user = userId === undefined ? undefined : await reader.users.find(userId)
  const variables = variablesOf({ ...data, ...secrets }, { to, locale, user, ...(await brandOf(reader)) })
  return renderSource(services, source, variables, { id, to })
}

/** A key that was changed would not come back by itself: the mail fails, and says so. */
const openSecrets = (
  { sealer }: Pick<Services, 'sealer'>,
  { id, sealedSecrets }: Mail,
): JsonObject | undefined => {
  if (sealedSecrets === undefined) return {}
  try {
    return JSON.parse(sealer.open(sealedSecrets, mailSecretsContext(id))) as JsonObject
  } catch {
    return undefined
  }
}

/** The workspace's template in the language, else the default in it, else the same in English. */
export const findSource = async (
  { mailTemplates }: Pick<Reader, 'mailTemplates'>,
  name: string,
  locale: string,
): Promise<MailSource | undefined> => {
  for (const language of new Set([locale.toLowerCase(), languageOf(locale), 'en'])) {
    const own = await mailTemplates.findBy({ name, locale: language, isActive: true })
    const source = own ?? defaultTemplate(name, language)
    if (source) return source
  }
  return undefined
}

export const languageOf = (locale: string): string => locale.toLowerCase().split(/[-_]/u)[0] ?? 'en'

export const renderSource = (
  { templates }: Pick<Services, 'templates'>,
  source: MailSource,
  variables: JsonObject,
  { id, to }: { id: string; to: string },
): { mail: WrittenMail } | { fault: string } => {
  const subject = templates.render(source.subject, variables, 'text')
  const html = templates.render(source.html, variables, 'html')
  const text =
    source.text === undefined || source.text === ''
      ? undefined
      : templates.render(source.text, variables, 'text')
  for (const each of [subject, html, text]) if (each && 'fault' in each) return each
  const written = html as { text: string }
  const { fromName, fromEmail, replyTo } = source
  return {
    mail: {
      id,
      to,
      // A line end would begin another header.
      subject: (subject as { text: string }).text.replaceAll(/\s+/gu, ' ').trim(),
      html: written.text,
      text: text ? (text as { text: string }).text : templates.toPlainText(written.text),
      ...(fromName !== undefined && { fromName }),
      ...(fromEmail !== undefined && { fromEmail }),
      ...(replyTo !== undefined && { replyTo }),
    },
  }
}

type Brand = { friendlyName: string; supportEmail?: string; supportUrl?: string }

export const brandOf = async ({ settings }: Pick<Reader, 'settings'>): Promise<Brand> => {
  const tenant = (await settings.get('auth0-tenant')) ?? {}
  const text = (name: string) => (typeof tenant[name] === 'string' ? tenant[name] : undefined)
  const [supportEmail, supportUrl] = [text('support_email'), text('support_url')]
  return {
    friendlyName: text('friendly_name') ?? 'Rolecall',
    ...(supportEmail !== undefined && { supportEmail }),
    ...(supportUrl !== undefined && { supportUrl }),
  }
}

type About = Brand & { to: string; locale: string; user?: Pick<User, ProfileField> | undefined }
type ProfileField =
  | 'email'
  | 'username'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'nickname'
  | 'picture'
  | 'phone'

/**
 * What a template can show: the mail's own data, the reader, and the same in the words of the products whose templates
 * are brought along.
 * @see specs: §3.13 of the DreamFactory dialect; Auth0's "Customize Email Templates" (read 2026-11)
 */
export const variablesOf = (data: JsonObject, about: About): JsonObject => {
  const { to, locale, user, friendlyName, supportEmail = '', supportUrl = '' } = about
  const { link, code, applicationName, organizationName } = data
  const name = user?.name ?? user?.givenName ?? user?.username ?? ''
  const profile = {
    email: user?.email ?? to,
    name,
    username: user?.username ?? '',
    given_name: user?.givenName ?? '',
    family_name: user?.familyName ?? '',
    nickname: user?.nickname ?? '',
    picture: user?.picture ?? '',
    phone_number: user?.phone ?? '',
  }
  return {
    to,
    locale,
    request_language: locale,
    tenant: friendlyName,
    friendly_name: friendlyName,
    instance_name: friendlyName,
    app_name: applicationName ?? friendlyName,
    support_email: supportEmail,
    support_url: supportUrl,
    email: profile.email,
    name,
    first_name: profile.given_name,
    last_name: profile.family_name,
    phone: profile.phone_number,
    user: profile,
    application: { name: applicationName ?? friendlyName },
    organization: { display_name: organizationName ?? '', name: organizationName ?? '' },
    ...(link !== undefined && { url: link }),
    ...(code !== undefined && { confirm_code: code }),
    ...data,
  }
}
