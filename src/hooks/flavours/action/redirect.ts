import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { JsonObject } from '../../../core/json.ts'
import type { ActionSettings } from './payload.ts'

type Ask = (type: string, fields: Record<string, unknown>) => unknown

const defaultSeconds = 900

/** `api.redirect`: sends the user away in the middle of a login, with tokens that both sides can trust. */
export const createRedirect = (event: JsonObject, settings: ActionSettings['redirect'], ask: Ask) => ({
  canRedirect: () => settings?.isPossible ?? false,
  encodeToken: ({
    secret,
    payload = {},
    expiresInSeconds = defaultSeconds,
  }: {
    secret: string
    payload?: JsonObject
    expiresInSeconds?: number
  }): string => {
    const now = Math.floor(Date.now() / 1000)
    const { user, request } = event as { user?: JsonObject; request?: JsonObject }
    return sign(
      {
        iat: now,
        iss: settings?.issuer ?? '',
        sub: user?.user_id ?? '',
        ip: request?.ip ?? '',
        ...payload,
        exp: now + expiresInSeconds,
      },
      secret,
    )
  },
  sendUserTo: (url: string, { query = {} }: { query?: Record<string, string> } = {}) => {
    if (!settings?.isPossible) throw new Error('This login can not be interrupted by a redirect')
    const target = new URL(url)
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
    return ask('redirect.sendUserTo', { url: target.href })
  },
  validateToken: ({
    secret,
    tokenParameterName = 'session_token',
  }: {
    secret: string
    tokenParameterName?: string
  }) => {
    const { query = {}, body = {} } = settings?.returned ?? {}
    const token = query[tokenParameterName] ?? body[tokenParameterName]
    if (typeof token !== 'string') throw new Error(`There is no parameter ${tokenParameterName}`)
    const claims = verify(token, secret)
    const { user } = event as { user?: JsonObject }
    if (user?.user_id !== undefined && claims.sub !== user.user_id)
      throw new Error('The token is for another user')
    if (settings?.state !== undefined && claims.state !== settings.state)
      throw new Error('The token is for another login')
    return claims
  },
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signature = (text: string, secret: string) => createHmac('sha256', secret).update(text).digest()

const sign = (claims: JsonObject, secret: string): string => {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${signature(text, secret).toString('base64url')}`
}

const verify = (token: string, secret: string): JsonObject => {
  const [head = '', body = '', given = ''] = token.split('.')
  const expected = signature(`${head}.${body}`, secret)
  const found = Buffer.from(given, 'base64url')
  const isOurs = found.length === expected.length && timingSafeEqual(found, expected)
  const { alg } = isOurs ? JSON.parse(Buffer.from(head, 'base64url').toString()) : {}
  if (alg !== 'HS256') throw new Error('The token is not signed with this secret')
  const claims: JsonObject = JSON.parse(Buffer.from(body, 'base64url').toString())
  if (typeof claims.exp === 'number' && claims.exp * 1000 <= Date.now())
    throw new Error('The token has expired')
  return claims
}
