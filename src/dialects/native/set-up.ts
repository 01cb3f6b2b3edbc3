import formbody from '@fastify/formbody'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { anonymous } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { DomainError, type Refusal } from '#core/refusals.ts'
import { completeSetUp } from '#core/set-up.ts'

type Form = { secret?: string; email?: string; username?: string; password?: string }

const access = { anonymous: 'the one-time link in it is the credential' }

/** What the dashboard answers its own addresses with. */
type Page = { sendPage(reply: FastifyReply): Promise<FastifyReply> }

/**
 * The page behind the link that the first start prints: the dashboard's, or plain HTML where none was built. The form
 * of the latter works either way.
 */
export const setUpPage =
  (run: Run, dashboard?: Page): FastifyPluginAsync =>
  async (app) => {
    await app.register(formbody, { bodyLimit: 16_384 })
    app.addHook('onSend', async (_request, reply) => {
      if (reply.hasHeader('content-security-policy')) return
      reply.headers({
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
    })
    app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const status = error.statusCode ?? 500
      if (status >= 500) request.log.error({ err: error }, 'a request failed')
      return reply
        .code(status)
        .type('text/html')
        .send(page('<h1>That did not work</h1><p>Open the printed link again.</p>'))
    })
    app.get<{ Querystring: { secret?: string } }>(
      '/set-up',
      { config: { access } },
      async ({ query }, reply) =>
        dashboard
          ? dashboard.sendPage(reply)
          : reply.type('text/html').send(formPage({ secret: String(query.secret ?? '') })),
    )
    app.post<{ Body: Form | undefined }>('/set-up', { config: { access } }, async ({ body }, reply) => {
      const form = read(body)
      const missing = (['email', 'username', 'password'] as const).find((field) => form[field] === '')
      if (missing)
        return reply
          .code(400)
          .type('text/html')
          .send(formPage(form, `Please fill in: ${missing}.`))
      try {
        await run(completeSetUp, form, anonymous('native'))
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        return reply
          .code(400)
          .type('text/html')
          .send(formPage(form, sentence(error.refusal)))
      }
      return reply.type('text/html').send(page(donePage(form.email)))
    })
  }

const read = (body: Form | undefined): Required<Form> => {
  const text = (field: keyof Form) => (typeof body?.[field] === 'string' ? body[field].trim() : '')
  const password = typeof body?.password === 'string' ? body.password : ''
  return { secret: text('secret'), email: text('email'), username: text('username'), password }
}

const sentence = (refusal: Refusal): string => {
  if (refusal.code === 'not_found')
    return 'This link was used already or is not the newest. Start the server again for a new one.'
  if (refusal.code === 'invalid') return refusal.reason
  if (refusal.code === 'weak_password') return `The password is too weak: ${refusal.faults.join(', ')}.`
  return `Refused: ${refusal.code.replaceAll('_', ' ')}.`
}

const formPage = ({ secret = '', email = '', username = '' }: Form, problem?: string): string =>
  page(`<h1>Set up Rolecall</h1>
<p>Name the first administrator. This works once.</p>
${problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/set-up">
<input type="hidden" name="secret" value="${escapeHtml(secret)}">
<label>E-mail address <input type="email" name="email" autocomplete="email" required value="${escapeHtml(email)}"></label>
<label>User name <input name="username" autocomplete="username" required value="${escapeHtml(username)}"></label>
<label>Password <input type="password" name="password" autocomplete="new-password" required></label>
<button>Create the administrator</button>
</form>`)

const donePage = (email: string): string =>
  `<h1>Done</h1><p>${escapeHtml(email)} is the administrator now. <a href="/docs">Look at the API reference</a>.</p>`

const page = (content: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rolecall</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui;max-width:26rem;margin:10vh auto;padding:0 1rem}
label,button{display:block;margin-top:1rem}input{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}
button{font:inherit;padding:.5rem 1rem}[role=alert]{border-left:.25rem solid #c22;padding-left:.75rem}</style>
<main>${content}</main></html>`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string => text.replace(/[&<>"']/gu, (letter) => entities[letter]!)
