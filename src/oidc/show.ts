import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Run } from '#core/operation.ts'
import { getSettings } from '#core/settings/settings.ts'
import { type Brand, decodeBrand } from '#pages/brand.ts'
import type { Setting } from '#pages/layout.ts'
import { chooseLanguage, textsFor } from '#pages/texts.ts'
import { me } from './actor.ts'

/** Renders a page for a request. `formTarget` is where its forms may lead in the end, beside us. */
export type Show = (
  request: FastifyRequest,
  reply: FastifyReply,
  render: (setting: Setting) => string,
  options?: {
    status?: number
    uiLocales?: string | undefined
    formTarget?: string | undefined
    script?: boolean
  },
) => Promise<FastifyReply>

export const createShow =
  ({ run }: { run: Run }): Show =>
  async (request, reply, render, { status = 200, uiLocales, formTarget, script = false } = {}) => {
    const brand = decodeBrand(await run(getSettings, { name: 'branding' }, me))
    const language = chooseLanguage(brand, {
      uiLocales,
      acceptLanguage: request.headers['accept-language'],
    })
    const nonce = randomBytes(16).toString('base64')
    return reply
      .code(status)
      .headers({ ...pageHeaders, 'content-security-policy': policyOf(brand, nonce, formTarget, script) })
      .type('text/html; charset=utf-8')
      .send(render({ brand, language, texts: textsFor(language, brand), nonce }))
  }

export const pageHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  vary: 'accept-language, cookie',
}

/**
 * Nothing is loaded from anywhere, and nobody may frame a page. Chromium holds redirects after a form to `form-action`
 * too, so the application that people go back to is named.
 */
const policyOf = (
  { logoUrl }: Brand,
  nonce: string,
  formTarget: string | undefined,
  script: boolean,
): string =>
  [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data:${logoUrl?.startsWith('https:') ? ` ${new URL(logoUrl).origin}` : ''}`,
    ...(script ? [`script-src 'nonce-${nonce}'`, "connect-src 'self'"] : []),
    `form-action 'self'${formTarget === undefined ? '' : ` ${formTarget}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')

/** How a policy names where an address leads: its origin, or its scheme where programs have one of their own. */
export const sourceOf = (url: string | undefined): string | undefined => {
  const parsed = URL.parse(url ?? '')
  if (!parsed) return undefined
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.origin : parsed.protocol
}

/** For a page of the provider's: it runs just the scripts that are in it. */
export const policyOfScripts = (text: string, ancestors: string): string => {
  const hashes = [...text.matchAll(/<script>([\s\S]*?)<\/script>/gu)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  )
  return `default-src 'none'; script-src ${hashes.join(' ') || "'none'"}; base-uri 'none'; frame-ancestors ${ancestors}`
}
