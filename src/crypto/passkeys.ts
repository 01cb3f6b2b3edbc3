import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'

/** Hundreds of files that a start need not read: they wait for the first passkey. */
const library = () => import('@simplewebauthn/server')

/** JSON as browsers send it; what it should be is the library's business, which throws for anything else. */
type Untyped = Readonly<Record<string, unknown>>

// biome-ignore lint/suspicious/noExplicitAny: options are plain JSON, which the library's types do not say
type Options = any

const hostOf = (origin: string): string => new URL(origin).hostname
/** As browsers name it: without a final slash. */
const originOf = (origin: string): string => new URL(origin).origin

/** Passkeys, over the library that knows how browsers and keys answer. @see W3C Web Authentication Level 3 */
export const createPasskeys = () => ({
  creation: async (owner: {
    origin: string
    name: string
    userId: string
    userName: string
    displayName: string
    credentialIds: readonly string[]
  }): Promise<Options> => {
    const { generateRegistrationOptions } = await library()
    return generateRegistrationOptions({
      rpName: owner.name,
      rpID: hostOf(owner.origin),
      userID: new TextEncoder().encode(owner.userId),
      userName: owner.userName,
      userDisplayName: owner.displayName,
      attestationType: 'none',
      excludeCredentials: owner.credentialIds.map((id) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
  },

  created: async (response: Untyped, { challenge, origin }: { challenge: string; origin: string }) => {
    try {
      const { verifyRegistrationResponse } = await library()
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: originOf(origin),
        expectedRPID: hostOf(origin),
        requireUserVerification: true,
      })
      if (!verified) return undefined
      const { credential, credentialBackedUp, credentialDeviceType } = registrationInfo
      return {
        id: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        data: {
          transports: [...(credential.transports ?? [])],
          isBackedUp: credentialBackedUp,
          deviceType: credentialDeviceType,
        },
      }
    } catch {
      return undefined
    }
  },

  request: async ({
    origin,
    credentialIds,
  }: {
    origin: string
    credentialIds: readonly string[]
  }): Promise<Options> => {
    const { generateAuthenticationOptions } = await library()
    return generateAuthenticationOptions({
      rpID: hostOf(origin),
      userVerification: 'required',
      allowCredentials: credentialIds.map((id) => ({ id })),
    })
  },

  asserted: async (
    response: Untyped,
    {
      challenge,
      origin,
      credential,
    }: {
      challenge: string
      origin: string
      credential: { id: string; publicKey: string; counter: number }
    },
  ): Promise<{ counter: number } | undefined> => {
    try {
      const { verifyAuthenticationResponse } = await library()
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: originOf(origin),
        expectedRPID: hostOf(origin),
        requireUserVerification: true,
        credential: {
          id: credential.id,
          publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
          counter: credential.counter,
        },
      })
      return verified ? { counter: authenticationInfo.newCounter } : undefined
    } catch {
      return undefined
    }
  },

  challengeOf: (response: Untyped): string | undefined => {
    try {
      const { clientDataJSON } = response.response as { clientDataJSON: string }
      const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as Untyped
      return typeof challenge === 'string' ? challenge : undefined
    } catch {
      return undefined
    }
  },
})
