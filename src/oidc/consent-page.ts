import type { FastifyInstance } from 'fastify'
import { consentPage } from '#pages/plain.ts'
import type { Texts } from '#pages/texts.ts'
import { findPerson } from './account.ts'
import { decodeScope } from './grants.ts'
import { finishInteraction } from './interactions.ts'
import { boundOf, inInteraction, type PageParts } from './sign-in-pages.ts'
import { decodeSubject } from './subject.ts'

const access = { anonymous: 'people decide here what an application may have' }

/** Where somebody lets an application of others have what it asks for, or doesn't. */
export const consentRoutes = (app: FastifyInstance, parts: PageParts): void => {
  const { providers, show } = parts
  const { inner } = providers

  app.get(
    '/u/consent',
    { config: { access }, schema: { hide: true } },
    inInteraction(parts, [], async (open, _fields, request, reply) => {
      const { params, session } = open.interaction
      const client = await inner.findClient(params.client_id ?? '')
      const user = await findPerson(inner.run, decodeSubject(session?.accountId ?? ''))
      return show(
        request,
        reply,
        (setting) =>
          consentPage(setting, {
            ...boundOf(open),
            application: client?.client_name ?? '',
            user: user?.email ?? user?.username ?? '',
            scopes: decodeScope(params.rolecall_scope).map((scope) => meaningOf(setting.texts, scope)),
          }),
        { uiLocales: open.uiLocales, formTarget: open.formTarget },
      )
    }),
  )

  app.post(
    '/u/consent',
    { config: { access }, schema: { hide: true } },
    inInteraction(parts, ['answer'], async (open, { answer }, request, reply) => {
      const { params, session } = open.interaction
      if (answer !== 'yes' || session === undefined || params.client_id === undefined) {
        const refused = { error: 'access_denied', error_description: 'User did not authorize the request' }
        return finishInteraction(providers, request, reply, open, refused)
      }
      await inner.consents.give(session.accountId, params.client_id, {
        audience: params.resource,
        scopes: decodeScope(params.rolecall_scope),
      })
      return finishInteraction(providers, request, reply, open, { consent: { isGiven: true } })
    }),
  )
}

/** A permission of an API is named as its own scope: nobody has described it in the reader's language. */
const meaningOf = (texts: Texts, scope: string): string => {
  const known: Readonly<Record<string, string>> = {
    openid: texts.scopeOpenid,
    profile: texts.scopeProfile,
    email: texts.scopeEmail,
    phone: texts.scopePhone,
    address: texts.scopeAddress,
    offline_access: texts.scopeOffline,
  }
  return known[scope] ?? scope
}
