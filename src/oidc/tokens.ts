import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { KeyRing } from './key-ring.ts'

/** What a token of ours says. Whether it is meant for whoever was shown it, `aud` tells; that is the caller's check. */
export type TokenClaims = Readonly<
  JWTPayload & {
    iss: string
    sub: string
    aud: string | readonly string[]
    exp: number
    iat: number
    /** Space-separated. */
    scope?: string
    azp?: string
    client_id?: string
    gty?: string | readonly string[]
    permissions?: readonly string[]
  }
>

export type VerifiedToken =
  | { ok: true; claims: TokenClaims }
  /** Not a JWT at all, not ours or not intact, past its end. */
  | { ok: false; reason: 'malformed' | 'invalid' | 'expired' }

export type VerifyToken = (token: string) => Promise<VerifiedToken>

export type TokenVerifierParts = {
  hosts: { issuers(): ReadonlySet<string> }
  now?: () => number
}

/** Longer than any token we issue, and than what fits a header. */
const lengthLimit = 32_768
const shape = /^[\w-]+\.[\w-]+\.([\w-]+)$/u

const rememberedLimit = 10_000
const rememberedBytesLimit = 33_554_432

type Remembered = { kid: string; claims: TokenClaims }

/**
 * Verifies access tokens of our own. A signature is checked once per token; whether its key is still trusted, its
 * issuer still ours and its time not over is asked on every use.
 */
export const createTokenVerifier = (
  keyRing: Pick<KeyRing, 'verifyKey'>,
  { hosts, now = Date.now }: TokenVerifierParts,
): VerifyToken => {
  const remembered = new LRUCache<string, Remembered>({
    max: rememberedLimit,
    maxSize: rememberedBytesLimit,
    // The text, the claims in it as objects, and what the cache itself needs.
    sizeCalculation: (_value, token) => token.length * 3 + 500,
  })

  const recall = async (token: string): Promise<VerifiedToken | undefined> => {
    const known = remembered.get(token)
    if (!known) return undefined
    const { claims } = known
    const isTrusted = (await keyRing.verifyKey(known.kid)) !== undefined && hosts.issuers().has(claims.iss)
    const seconds = Math.floor(now() / 1000)
    if (isTrusted && claims.exp > seconds) return { ok: true, claims }
    remembered.delete(token)
    return { ok: false, reason: isTrusted ? 'expired' : 'invalid' }
  }

  const check = async (token: string, kid: string): Promise<VerifiedToken> => {
    const trusted = await keyRing.verifyKey(kid)
    if (!trusted) return { ok: false, reason: 'invalid' }
    try {
      const { payload } = await jwtVerify(token, trusted.key, {
        // The key's own: what the token says about it is not believed.
        algorithms: [trusted.algorithm],
        issuer: [...hosts.issuers()],
        requiredClaims: ['sub', 'aud', 'exp', 'iat'],
        currentDate: new Date(now()),
      })
      const claims = freeze(payload as TokenClaims)
      remembered.set(token, { kid, claims })
      return { ok: true, claims }
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' }
      if (error instanceof errors.JOSEError) return { ok: false, reason: 'invalid' }
      throw error
    }
  }

  return async (token) => {
    const recalled = await recall(token)
    if (recalled) return recalled
    const kid = keyNamed(token)
    if (kid === undefined) return { ok: false, reason: 'malformed' }
    return kid === '' ? { ok: false, reason: 'invalid' } : check(token, kid)
  }
}

/** The `kid` of a JWT's header, empty when it has none that is usable; undefined when the text is no JWT. */
const keyNamed = (token: string): string | undefined => {
  if (token.length > lengthLimit) return undefined
  const [, signature] = shape.exec(token) ?? []
  if (signature === undefined) return undefined
  try {
    const { kid, typ } = decodeProtectedHeader(token)
    const isOurForm = typ === 'JWT' || typ === 'at+jwt'
    return isOurForm && isCanonical(signature) && typeof kid === 'string' ? kid : ''
  } catch {
    return undefined
  }
}

/** The bits left over in the last character could be set at will, and a token would have several spellings. */
const isCanonical = (text: string): boolean => Buffer.from(text, 'base64url').toString('base64url') === text

/** Several requests share remembered claims. */
const freeze = (claims: TokenClaims): TokenClaims => {
  for (const value of Object.values(claims)) if (typeof value === 'object') Object.freeze(value)
  return Object.freeze(claims)
}

/** Claims of an ID token of ours, however old it is; undefined for anything else. */
export type ReadIdToken = (token: string) => Promise<TokenClaims | undefined>

/** What an application shows to say whom it means: it may well have expired. @see OpenID Connect RP-Initiated Logout §2 */
export const createIdTokenReader =
  (keyRing: Pick<KeyRing, 'verifyKey'>, { hosts }: TokenVerifierParts): ReadIdToken =>
  async (token) => {
    const trusted = await trustedKey(keyRing, token)
    if (!trusted) return undefined
    try {
      const { payload } = await jwtVerify(token, trusted.key, {
        algorithms: [trusted.algorithm],
        issuer: [...hosts.issuers()],
        requiredClaims: ['sub', 'aud', 'exp', 'iat'],
        currentDate: new Date(0),
      })
      return payload as TokenClaims
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

/** ID tokens do not say what they are, as access tokens do. */
const trustedKey = async (keyRing: Pick<KeyRing, 'verifyKey'>, token: string) => {
  if (token.length > lengthLimit || !shape.test(token)) return undefined
  try {
    const { kid, typ = 'JWT' } = decodeProtectedHeader(token)
    return typ === 'JWT' && typeof kid === 'string' ? await keyRing.verifyKey(kid) : undefined
  } catch {
    return undefined
  }
}
