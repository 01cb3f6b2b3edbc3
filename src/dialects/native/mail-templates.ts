import Type, { type Static } from 'typebox'
import type { MailSource } from '#core/mail/mail.ts'
import {
  getMailTemplate,
  listMailTemplates,
  previewMailTemplate,
  putMailTemplate,
  removeMailTemplate,
  type ShownTemplate,
} from '#core/mail/templates.ts'
import { encodeMailContent, WireMailContent } from './mails.wire.ts'
import { encodeWhole, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'

const TemplateParams = Type.Object({
  name: Type.String({ description: '`verify-email`, `reset-password`, … or a name of your own.' }),
  locale: Type.String({ description: 'The language: `en`, `de`, `de-at`.' }),
})

const optionalText = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ maxLength, description }))

const source = {
  subject: Type.String({ minLength: 1, maxLength: 500 }),
  html: Type.String({ minLength: 1, maxLength: 200_000, description: 'Liquid, and `{placeholders}`.' }),
  text: optionalText(200_000, 'Made from the HTML unless given.'),
  fromName: optionalText(200, 'Instead of the name of the workspace’s sender.'),
  fromEmail: optionalText(320, 'Instead of the address of the workspace’s sender.'),
  replyTo: optionalText(320, 'Where answers go.'),
}

const TemplateChanges = Type.Object(
  { ...source, isActive: Type.Optional(Type.Boolean({ description: 'Off: the default counts again.' })) },
  { additionalProperties: false },
)

const WireTemplate = Type.Object({
  name: Type.String(),
  locale: Type.String(),
  ...source,
  isOwn: Type.Boolean({ description: 'Written by the workspace; otherwise the default.' }),
  isActive: Type.Boolean(),
  hasDefault: Type.Boolean({ description: 'Whether removing it brings a default back.' }),
})

const PreviewedTemplate = Type.Object(
  Object.fromEntries(Object.entries(source).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [Name in keyof typeof source]: Type.TOptional<Type.TString>
  },
  { additionalProperties: false },
)

const encodeTemplate = ({ own, ...template }: ShownTemplate): Static<typeof WireTemplate> => ({
  ...template,
  isOwn: own !== undefined,
  isActive: own?.isActive ?? true,
})

export const mailTemplateRoutes: NativeRoutes = async (app, { run }) => {
  app.get(
    '/mail-templates',
    {
      config: { access: { tokenScopes: ['mail-templates:read'] } },
      schema: { summary: 'List what mails say, in each language', response: { 200: paged(WireTemplate) } },
    },
    async ({ actor }) => encodeWhole(await run(listMailTemplates, {}, actor), encodeTemplate),
  )

  app.get(
    '/mail-templates/:name/:locale',
    {
      config: { access: { tokenScopes: ['mail-templates:read'] } },
      schema: { summary: 'Read a mail template', params: TemplateParams, response: { 200: WireTemplate } },
    },
    async ({ params, actor }) => encodeTemplate(await run(getMailTemplate, params, actor)),
  )

  app.put(
    '/mail-templates/:name/:locale',
    {
      config: { access: { tokenScopes: ['mail-templates:update'] } },
      schema: {
        summary: 'Write a mail template',
        params: TemplateParams,
        body: TemplateChanges,
        response: { 200: WireTemplate },
      },
    },
    async ({ params, body, actor }) =>
      encodeTemplate(await run(putMailTemplate, { ...body, ...params }, actor)),
  )

  app.delete(
    '/mail-templates/:name/:locale',
    {
      config: { access: { tokenScopes: ['mail-templates:update'] } },
      schema: {
        summary: 'Go back to the default of a mail template',
        params: TemplateParams,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(removeMailTemplate, params, actor)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/mail-templates/:name/:locale/preview',
    {
      config: { access: { tokenScopes: ['mail-templates:read'] } },
      schema: {
        summary: 'See what a mail would look like, filled with samples',
        description: 'What the body leaves out is taken from the template as it counts now.',
        params: TemplateParams,
        body: PreviewedTemplate,
        response: { 200: WireMailContent },
      },
    },
    async ({ params, body, actor }) => {
      const given = Object.entries(body).filter(([, value]) => value !== undefined)
      const input = { ...params, source: Object.fromEntries(given) as Partial<MailSource> }
      return encodeMailContent(await run(previewMailTemplate, input, actor))
    },
  )
}
