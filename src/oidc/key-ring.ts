import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { systemActor } from '#core/actor.ts'
import { ensureSigningKeys } from '#core/keys/ensure.ts'
import { signingKeyContext } from '#core/keys/new-key.ts'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from '#core/keys/rotate.ts'
import type { SigningKey } from '#core/keys/signing-key.ts'
import type { Run } from '#core/operation.ts'
import { certificateMembers, type SigningJwk } from '#crypto/keys.ts'
import type { Sealer } from '#crypto/sealing.ts'

export type SigningAlgorithm = SigningKey['algorithm']

export type KeyRing = {
  /** Makes the current and the next key of an algorithm where they are missing. */
  ensure(algorithm: SigningAlgorithm): Promise<void>
  /** The private keys that sign, one per algorithm there are keys of. The same array while nothing changes. */
  signingKeys(): Promise<readonly CurrentKey[]>
  /** What `jwks.json` shows: of RS256 the current key, the next and those before it, then the same of ES256. */
  published(): Promise<{ keys: readonly PublishedJwk[] }>
  /** The key a token names, unless it isn't ours, was revoked, or is so old that all its tokens have ended. */
  verifyKey(kid: string): Promise<VerifyKey | undefined>
  /** Reads the keys anew before they are used again. */
  expire(): void
}

export type CurrentKey = {
  kid: string
  algorithm: SigningAlgorithm
  privateKey: KeyObject
  publicKey: KeyObject
}

export type VerifyKey = { algorithm: SigningAlgorithm; key: KeyObject }

export type PublishedJwk = Omit<SigningJwk, 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'> & {
  x5t: string
  x5c: string[]
}

export type KeyRingParts = {
  run: Run
  sealer: Pick<Sealer, 'open'>
  now: () => number
}

/** How long keys are believed before they are read again, so that what another process did counts soon. */
const freshMilliseconds = 2000
/** The same when a token names a key that nobody knows; short, because another process may just have made it. */
const strangerMilliseconds = 250
/** Thirty days: the longest life a token can have, and so the time a key is needed after it signed the last one. */
const longestTokenMilliseconds = 2_592_000_000

type Keys = {
  readAt: number
  signing: readonly CurrentKey[]
  published: { keys: readonly PublishedJwk[] }
  trusted: ReadonlyMap<string, VerifyKey>
}

/** The signing keys of the store, opened and imported once. */
export const createKeyRing = ({ run, sealer, now }: KeyRingParts): KeyRing => {
  const me = systemActor('oidc')
  const open = once(({ id, algorithm, sealedPrivateJwk, publicJwk }): CurrentKey => {
    const privateJwk = sealer.open(sealedPrivateJwk, signingKeyContext(id))
    return {
      kid: id,
      algorithm,
      privateKey: createPrivateKey({ key: JSON.parse(privateJwk) as JsonWebKey, format: 'jwk' }),
      publicKey: createPublicKey({ key: JSON.parse(publicJwk) as JsonWebKey, format: 'jwk' }),
    }
  })
  const publish = once(publishedJwk)
  const trust = once(({ algorithm, publicJwk }): VerifyKey => {
    return { algorithm, key: createPublicKey({ key: JSON.parse(publicJwk) as JsonWebKey, format: 'jwk' }) }
  })
  let keys: Keys | undefined
  let reading: Promise<Keys> | undefined
  let generation = 0

  const read = async (): Promise<Keys> => {
    const begunIn = generation
    const readAt = now()
    const listed = (await run(listSigningKeys, {}, me)).filter((key) => isTrusted(key, readAt)).sort(inOrder)
    const signing = listed.filter(({ status }) => status === 'current').map(open)
    const fresh: Keys = {
      readAt,
      signing: keys && isSame(keys.signing, signing) ? keys.signing : signing,
      published: { keys: listed.map(publish) },
      trusted: new Map(listed.map((key) => [key.id, trust(key)])),
    }
    // Whoever asked before the keys were expired may have this; nobody after.
    if (begunIn === generation) {
      keys = fresh
      reading = undefined
    }
    return fresh
  }

  const get = async (milliseconds = freshMilliseconds): Promise<Keys> => {
    const age = keys ? now() - keys.readAt : Number.POSITIVE_INFINITY
    if (keys && age >= 0 && age < milliseconds) return keys
    reading ??= read().catch((error) => {
      reading = undefined
      throw error
    })
    return reading
  }

  const expire = () => {
    generation++
    reading = undefined
    if (keys) keys = { ...keys, readAt: Number.NEGATIVE_INFINITY }
  }

  return {
    ensure: async (algorithm) => {
      await run(ensureSigningKeys, { algorithm }, me)
      expire()
    },
    signingKeys: async () => (await get()).signing,
    published: async () => (await get()).published,
    verifyKey: async (kid) =>
      (await get()).trusted.get(kid) ?? (await get(strangerMilliseconds)).trusted.get(kid),
    expire,
  }
}

const changeKeys: ReadonlySet<unknown> = new Set([ensureSigningKeys, rotateSigningKey, revokeSigningKey])

/** `run` for all doors of this process: after a command that changes keys, the ring reads them anew. */
export const expiringKeys =
  (run: Run, keyRing: Pick<KeyRing, 'expire'>): Run =>
  async (operation, input, actor) => {
    try {
      return await run(operation, input, actor)
    } finally {
      if (changeKeys.has(operation)) keyRing.expire()
    }
  }

/** Does the work once per key. Keys are few and never change, so nothing is forgotten. */
const once = <Result>(work: (key: SigningKey) => Result) => {
  const done = new Map<string, Result>()
  return (key: SigningKey): Result => {
    let result = done.get(key.id)
    if (result === undefined) {
      result = work(key)
      done.set(key.id, result)
    }
    return result
  }
}

const isTrusted = ({ status, changedAt }: SigningKey, at: number): boolean =>
  status !== 'revoked' && (status !== 'previous' || changedAt + longestTokenMilliseconds > at)

const algorithms: readonly SigningAlgorithm[] = ['RS256', 'ES256']
const statuses: readonly SigningKey['status'][] = ['current', 'next', 'previous']

const inOrder = (a: SigningKey, b: SigningKey): number =>
  algorithms.indexOf(a.algorithm) - algorithms.indexOf(b.algorithm) ||
  statuses.indexOf(a.status) - statuses.indexOf(b.status) ||
  b.number - a.number

const publishedJwk = ({ publicJwk, certificatePem }: SigningKey): PublishedJwk => {
  const { x5c, x5t } = certificateMembers(certificatePem)
  return { ...(JSON.parse(publicJwk) as SigningJwk), x5t, x5c }
}

const isSame = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, at) => item === b[at])
