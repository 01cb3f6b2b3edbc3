import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { WireError } from './errors.ts'

/** Claims of a session token. `jti` is the secret of the session: it is what counts, and where it is looked up. */
export type SessionClaims = {
  /** The MD5 of the user's e-mail address: a token dies when the address changes. */
  sub: string
  user_id: number
  forever: boolean
  /** Seconds since 1970. */
  iat: number
  exp: number
  nbf: number
  jti: string
  iss: string
}

export type SessionTokens = {
  sign(claims: SessionClaims): string
  /** @throws WireError for a token that is none of ours */
  open(token: string): SessionClaims
}

const header = Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'HS256' })).toString('base64url')

/** Not a secret, and not meant to protect the address: clients of old compare it. */
export const subjectOf = (email: string): string => createHash('md5').update(email).digest('hex')

/** @see RFC 7519, RFC 7515. One algorithm, whatever a header says. */
export const createSessionTokens = (secret: string): SessionTokens => {
  const key = Buffer.from(secret)
  /** Tokens whose signature was right: it stays so, and most come again with the next request. */
  const opened = new LRUCache<string, SessionClaims>({ max: 1000 })
  const signatureOf = (signed: string): Buffer => createHmac('sha256', key).update(signed).digest()
  return {
    sign: (claims) => {
      const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${signed}.${signatureOf(signed).toString('base64url')}`
    },
    open: (token) => {
      const known = opened.get(token)
      if (known) return known
      const [head, body, signature, ...rest] = token.split('.')
      if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
        throw invalid('Wrong number of segments')
      }
      const given = Buffer.from(signature, 'base64url')
      const right = signatureOf(`${head}.${body}`)
      const isSame =
        given.toString('base64url') === signature &&
        given.length === right.length &&
        timingSafeEqual(given, right)
      if (head !== header || !isSame) throw invalid('Token Signature could not be verified.')
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as SessionClaims
      opened.set(token, claims)
      return claims
    },
  }
}

const invalid = (why: string) => new WireError(401, `Invalid token: ${why}`)
