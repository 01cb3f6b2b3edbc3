import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomToken, sha256base64url } from '#crypto/digests.ts'
import { interactionSeconds, providerCookies, sessionSeconds } from './configuration.ts'

/** Says who is signed in here. The provider has a cookie of its own, which is good for nothing without this. */
const sessionCookie = 'rolecall_sign_in'
/** Binds a page to the browser that was sent to it; one for each, so that several can be open. */
const pageCookie = (state: string) => `rolecall_page_${sha256base64url(state).slice(0, 8)}`

export const cookiesOf = ({ headers }: FastifyRequest): Map<string, string> => {
  const cookies = new Map<string, string>()
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && cookies.size < 100) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  return cookies
}

/** What the provider is shown of the browser's cookies: its own. */
export const providerCookieHeader = (request: FastifyRequest): string => {
  const cookies = cookiesOf(request)
  return [providerCookies.session, providerCookies.resume]
    .flatMap((name) => (cookies.has(name) ? [`${name}=${cookies.get(name)}`] : []))
    .join('; ')
}

export const sessionSecretOf = (request: FastifyRequest): string | undefined =>
  cookiesOf(request).get(sessionCookie)

const isSecure = ({ issuer }: FastifyRequest): boolean => issuer.startsWith('https:')

/** Silent sign-in happens in a frame of the application's page, which is another site's. */
const crossSite = (request: FastifyRequest) => (isSecure(request) ? 'SameSite=None; Secure' : 'SameSite=Lax')

export const setSession = (request: FastifyRequest, reply: FastifyReply, secret: string): void => {
  addCookie(
    reply,
    `${sessionCookie}=${secret}; Path=/; Max-Age=${sessionSeconds}; HttpOnly; ${crossSite(request)}`,
  )
}

export const forgetBrowser = (request: FastifyRequest, reply: FastifyReply): void => {
  for (const name of [sessionCookie, providerCookies.session]) {
    addCookie(reply, `${name}=; Path=/; Max-Age=0; HttpOnly; ${crossSite(request)}`)
  }
}

/** Opens a page for this browser alone. */
export const openPage = (request: FastifyRequest, reply: FastifyReply, state: string): void => {
  const secure = isSecure(request) ? '; Secure' : ''
  addCookie(
    reply,
    `${pageCookie(state)}=${state}.${randomToken()}; Path=/u; Max-Age=${interactionSeconds}; HttpOnly; SameSite=Lax${secure}`,
  )
}

export const closePage = (reply: FastifyReply, state: string): void =>
  addCookie(reply, `${pageCookie(state)}=; Path=/u; Max-Age=0; HttpOnly; SameSite=Lax`)

/** What a form of that page must bring along; undefined when the page was not opened for this browser. */
export const csrfOf = (request: FastifyRequest, state: string): string | undefined => {
  const value = cookiesOf(request).get(pageCookie(state))
  return value?.startsWith(`${state}.`) ? sha256base64url(`form ${value}`) : undefined
}

export const addCookie = (reply: FastifyReply, cookie: string): void => {
  const before = reply.getHeader('set-cookie')
  reply.header('set-cookie', [...(before === undefined ? [] : [before].flat()), cookie].map(String))
}

/** The provider's cookies as the browser gets them; the one for its own pages is replaced by ours. */
export const passCookies = (reply: FastifyReply, cookies: readonly string[]): void => {
  for (const cookie of cookies) {
    if (!cookie.startsWith(`${providerCookies.interaction}=`)) addCookie(reply, cookie)
  }
}
