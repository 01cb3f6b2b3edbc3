import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * The dashboard's session in the browser: a cookie that no script reads and no other site sends along, and beside it a
 * token that only our own pages can read. Whatever is not a plain read must carry the token, so that not even a page
 * on another port of this host can make a browser write.
 */

/** Over HTTPS the name itself keeps the cookie to this host and to HTTPS. @see RFC 6265bis §4.1.3 */
const cookieName = (request: FastifyRequest): string =>
  request.protocol === 'https' ? '__Host-rolecall' : 'rolecall'

export const csrfHeader = 'x-csrf-token'

/** Secrets are base64url, so nothing in them needs to be escaped. @see RFC 6265 §4.1.1 */
const cookieOf = (request: FastifyRequest, secret: string, maxAgeSeconds: number): string => {
  const secure = request.protocol === 'https' ? ' Secure;' : ''
  return `${cookieName(request)}=${secret}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly;${secure} SameSite=Strict`
}

/** The secret of the session that the browser sent along. */
export const readSessionCookie = (request: FastifyRequest): string | undefined => {
  const name = `${cookieName(request)}=`
  const pairs = request.headers.cookie?.split(';').map((pair) => pair.trim())
  return pairs?.find((pair) => pair.startsWith(name))?.slice(name.length) || undefined
}

export const setSessionCookie = (
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, maxAgeSeconds }: { secret: string; maxAgeSeconds: number },
): void => {
  reply.header('set-cookie', cookieOf(request, secret, maxAgeSeconds))
}

export const clearSessionCookie = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.header('set-cookie', cookieOf(request, '', 0))
}

/** Derived from the secret, so it needs no place of its own, and tells nothing about it. */
export const csrfTokenOf = (secret: string): string =>
  createHash('sha256').update(`rolecall csrf ${secret}`).digest('base64url')

/** Whether a request can be told to come from our own pages. Reads change nothing, and need not. */
export const isOwnRequest = (request: FastifyRequest, secret: string): boolean => {
  if (request.method === 'GET' || request.method === 'HEAD') return true
  const given = Buffer.from(String(request.headers[csrfHeader] ?? ''))
  const wanted = Buffer.from(csrfTokenOf(secret))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Browsers name the page that asks. Another site's must not sign anybody in, or out of what he was signed in to. */
export const isForeignPage = (request: FastifyRequest): boolean => {
  const { origin } = request.headers
  return origin !== undefined && `${origin}/` !== request.issuer
}
