import { changesTo } from '../changes.ts'
import type { Extensions } from '../json.ts'
import { command, query, type Services } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader } from '../store.ts'
import { defaultTemplate, defaultTemplateNames, languages } from './default-templates.ts'
import type { MailSource, MailTemplate, WrittenMail } from './mail.ts'
import { brandOf, findSource, renderSource, variablesOf } from './write.ts'

/** A template as it counts now: the workspace's own, or the default. */
export type ShownTemplate = MailSource & {
  name: string
  locale: string
  /** Whether there is a default behind it, which it goes back to. */
  hasDefault: boolean
  /** Absent for a default. */
  own?: Pick<MailTemplate, 'id' | 'number' | 'isActive' | 'createdAt' | 'updatedAt' | 'extensions'>
}

const parts = ['subject', 'html', 'text', 'fromName', 'fromEmail', 'replyTo'] as const

const shown = (name: string, locale: string, own: MailTemplate | undefined): ShownTemplate | undefined => {
  const standard = defaultTemplate(name, locale)
  const source = own ?? standard
  if (!source) return undefined
  const { subject, html } = source
  const more = Object.fromEntries(
    parts.map((part) => [part, source[part]]).filter(([, value]) => value !== undefined),
  )
  return {
    ...more,
    subject,
    html,
    name,
    locale,
    hasDefault: standard !== undefined,
    ...(own && {
      own: {
        id: own.id,
        number: own.number,
        isActive: own.isActive,
        createdAt: own.createdAt,
        updatedAt: own.updatedAt,
        extensions: own.extensions,
      },
    }),
  }
}

/** All of them, by name and language. */
export const listMailTemplates = query<Record<never, never>, ShownTemplate[]>({
  name: 'list mail templates',
  needs: 'mail-templates:read',
  run: async ({ mailTemplates }) => {
    const { items } = await mailTemplates.list({ limit: templateLimit })
    const own = new Map(items.map((template) => [`${template.name} ${template.locale}`, template]))
    const names = defaultTemplateNames.flatMap((name) => languages.map((locale) => ({ name, locale })))
    const keys = new Map(
      [...names, ...items].map(({ name, locale }) => [`${name} ${locale}`, { name, locale }]),
    )
    return [...keys]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, { name, locale }]) => shown(name, locale, own.get(key))!)
  },
})

/** @throws not_found */
export const getMailTemplate = query<{ name: string; locale: string }, ShownTemplate>({
  name: 'get mail template',
  needs: 'mail-templates:read',
  run: async ({ mailTemplates }, { name, locale }) => {
    const own = await mailTemplates.findBy({ name, locale })
    return found(shown(name, locale, own), 'mail_template', `${name} ${locale}`)
  },
})

/** So many can be listed at once. */
const templateLimit = 1000

export type PutMailTemplate = {
  name: string
  locale: string
  subject: string
  html: string
  text?: string | undefined
  fromName?: string | undefined
  fromEmail?: string | undefined
  replyTo?: string | undefined
  isActive?: boolean
  extensions?: Extensions
}

/**
 * Writes the workspace's own template of a name and language, the first time or anew. One that could not be rendered is
 * refused, so that no mail waits for it.
 * @throws invalid, limit_exceeded
 */
export const putMailTemplate = command<PutMailTemplate, ShownTemplate, string | undefined>({
  name: 'put mail template',
  needs: 'mail-templates:update',
  prepare: async (input, services) => {
    const sample = { ...sampleData, name: 'Ada' }
    const rendered = renderSource(services, sourceOf(input), sample, { id: 'sample', to: 'ada@example.com' })
    return 'fault' in rendered ? rendered.fault : undefined
  },
  run: async (tx, input, _actor, fault) => {
    const { name, locale, isActive = true, extensions } = input
    if (!/^[^\s/][^/]{0,63}$/u.test(name))
      throw invalid('name', 'A name has 1 to 64 characters, without a slash.')
    if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/u.test(locale))
      throw invalid('locale', 'A language is like en or de-at.')
    if (fault !== undefined) throw invalid('html', fault)
    const existing = await tx.mailTemplates.findBy({ name, locale })
    const source = sourceOf(input)
    const target = { kind: 'mail_template', id: existing?.id ?? tx.newId() } as const
    if (existing) {
      const wanted = Object.fromEntries(parts.map((part) => [part, source[part]]))
      const changes = changesTo(
        existing,
        { ...wanted, isActive, ...(extensions && { extensions }) },
        [...parts, 'isActive', 'extensions'],
        parts,
      )
      if (Object.keys(changes).length === 0) return shown(name, locale, existing)!
      const written = { ...changes, updatedAt: tx.now() }
      await tx.mailTemplates.update(existing.id, written)
      await tx.emit({ type: 'mail-template.updated', target, data: { name, locale } })
      return shown(name, locale, { ...existing, ...written })!
    }
    if ((await tx.mailTemplates.count()) >= templateLimit) {
      throw new DomainError({ code: 'limit_exceeded', kind: 'mail_template', limit: templateLimit })
    }
    const added = await tx.mailTemplates.insert({
      ...source,
      id: target.id,
      name,
      locale,
      isActive,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: extensions ?? {},
    })
    await tx.emit({ type: 'mail-template.updated', target, data: { name, locale } })
    return shown(name, locale, added)!
  },
})

/** Removes the workspace's own; the default counts again, if there is one. @throws not_found */
export const removeMailTemplate = command<{ name: string; locale: string }, void>({
  name: 'remove mail template',
  needs: 'mail-templates:update',
  run: async (tx, { name, locale }) => {
    const existing = await tx.mailTemplates.findBy({ name, locale })
    const { id } = found(existing, 'mail_template', `${name} ${locale}`)
    await tx.mailTemplates.remove(id)
    const target = { kind: 'mail_template', id } as const
    await tx.emit({ type: 'mail-template.removed', target, data: { name, locale } })
  },
})

/**
 * What a mail would look like, from what is given or else from the template as it counts, filled with sample data.
 * @throws not_found, invalid
 */
export const previewMailTemplate = query<
  { name: string; locale: string; source?: Partial<MailSource> },
  WrittenMail
>({
  name: 'preview mail template',
  needs: 'mail-templates:read',
  run: async (reader, { name, locale, source = {} }, _actor, services) => {
    const standing = await findSource(reader, name, locale)
    const given = source.subject !== undefined && source.html !== undefined
    const base = given ? undefined : found(standing, 'mail_template', `${name} ${locale}`)
    // A text of the standing template would not fit the HTML that is tried.
    const { text: _stale, ...rest } = base ?? {}
    const kept = source.html === undefined ? base : rest
    return preview(reader, services, { ...kept, ...source } as MailSource, locale)
  },
})

const preview = async (
  reader: Pick<Reader, 'settings'>,
  services: Pick<Services, 'templates'>,
  source: MailSource,
  locale: string,
): Promise<WrittenMail> => {
  const user = { email: 'ada@example.com', name: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace' }
  const about = { to: user.email, locale, user, ...(await brandOf(reader)) }
  const rendered = renderSource(services, source, variablesOf(sampleData, about), {
    id: 'sample',
    to: user.email,
  })
  if ('fault' in rendered) throw invalid('html', rendered.fault)
  return rendered.mail
}

const sampleData = {
  link: 'https://rolecall.example/sample',
  code: '123456',
  minutes: 10,
  inviterName: 'Grace Hopper',
  organizationName: 'Example Org',
  applicationName: 'Example App',
  requesterName: 'Ada Lovelace',
  requesterEmail: 'ada@example.com',
  roleName: 'editor',
  decision: 'approved',
  reason: 'I look after the texts.',
  message: 'See you there.',
}

const sourceOf = (input: PutMailTemplate): MailSource => ({
  subject: input.subject,
  html: input.html,
  ...(input.text !== undefined && { text: input.text }),
  ...(input.fromName !== undefined && { fromName: input.fromName }),
  ...(input.fromEmail !== undefined && { fromEmail: input.fromEmail }),
  ...(input.replyTo !== undefined && { replyTo: input.replyTo }),
})

const invalid = (field: string, reason: string): DomainError =>
  new DomainError({ code: 'invalid', field, reason })
