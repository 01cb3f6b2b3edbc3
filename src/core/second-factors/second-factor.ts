import type { Json, JsonObject } from '../json.ts'

/** Something with which somebody proves more than a password: an app that shows codes, a passkey, a code on paper. */
export type SecondFactor = {
  number: number
  id: string
  userId: string
  kind: SecondFactorKind
  /** What its owner calls it. */
  name: string
  /** Of an app: what its codes are made from, sealed. */
  sealedSecret?: string
  /** Of a recovery code: its digest. */
  digest?: string
  /** Of a passkey. */
  credentialId?: string
  /** Of a passkey, in base64url. */
  publicKey?: string
  /** Of a passkey: how often it was used, as it says itself. Of an app: the time step of the last code. */
  counter: number
  /** An app counts once its owner has typed a code of it. */
  isConfirmed: boolean
  /** Of a passkey: how it is reached, whether it is kept elsewhere too. */
  data: JsonObject
  createdAt: number
  usedAt?: number
}

export type SecondFactorKind = 'totp' | 'passkey' | 'recovery-code'

export type ShownFactor = Pick<SecondFactor, 'id' | 'kind' | 'name' | 'isConfirmed' | 'createdAt' | 'usedAt'>

/** What a browser was asked to sign. Good once, for five minutes. */
export type PasskeyChallenge = {
  number: number
  /** The challenge itself, as the browser returns it. */
  id: string
  /** Whose passkey it shall be; absent where anybody may sign in. */
  userId?: string
  purpose: 'add' | 'sign-in'
  expiresAt: number
}

/**
 * What somebody shows at sign-in. Without a kind a code is one of an app or, failing that, a recovery code.
 * `response`: what the browser answered; `origin`: the origin of ours that it was asked from.
 */
export type GivenFactor =
  | { kind?: 'totp' | 'recovery-code'; code: string }
  | { kind: 'passkey'; response: JsonObject; origin: string }

/** What computes and checks second factors, outside the domain. */
export type SecondFactorServices = {
  totp: {
    newSecret(): string
    /** What an app reads from a QR code. */
    uri(secret: string, about: { issuer: string; label: string }): string
    /** The time step that the code is of, around an instant in milliseconds; undefined for a wrong one. */
    stepOf(code: string, secret: string, at: number): number | undefined
  }
  passkeys: {
    /** What a browser needs to make one, the challenge included. */
    creation(about: PasskeyOwner): Promise<JsonObject & { challenge: string }>
    /** Undefined for an answer that proves nothing. */
    created(
      response: JsonObject,
      expected: { challenge: string; origin: string },
    ): Promise<CreatedPasskey | undefined>
    request(about: {
      origin: string
      credentialIds: readonly string[]
    }): Promise<JsonObject & { challenge: string }>
    /** The new counter; undefined for an answer that proves nothing. */
    asserted(
      response: JsonObject,
      expected: { challenge: string; origin: string; credential: KnownPasskey },
    ): Promise<{ counter: number } | undefined>
    /** What the browser says it was asked, unproven. */
    challengeOf(response: JsonObject): string | undefined
  }
}

export type PasskeyOwner = {
  origin: string
  name: string
  userId: string
  userName: string
  displayName: string
  /** Passkeys he has already. */
  credentialIds: readonly string[]
}
export type KnownPasskey = { id: string; publicKey: string; counter: number }
export type CreatedPasskey = KnownPasskey & { data: { [name: string]: Json } }

export const factorSecretContext = (factorId: string): string => `second factor ${factorId}`

export const shownFactor = ({
  id,
  kind,
  name,
  isConfirmed,
  createdAt,
  usedAt,
}: SecondFactor): ShownFactor => ({
  id,
  kind,
  name,
  isConfirmed,
  createdAt,
  ...(usedAt !== undefined && { usedAt }),
})
