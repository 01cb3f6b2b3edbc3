import type { Context } from 'oidc-provider'
import type { JsonObject } from '#core/json.ts'
import { sha256base64url } from '#crypto/digests.ts'
import type { Sealer } from '#crypto/sealing.ts'
import type { ProtocolRecords } from './adapter.ts'
import type { TokenChanges } from './hooks.ts'

/**
 * What one sign-in settled for the tokens that come of it. It is kept under the grant that those tokens belong to, and
 * goes with it.
 */
export type SignInRecord = {
  userId: string
  applicationId: string
  /** Everything that was asked for, in the client's words. */
  requested: string[]
  /** As tokens name it. */
  organization?: { id: string; name: string }
  connectionName?: string
  methods: { name: string; at: number }[]
  sessionId?: string
  /** When it was settled who it is, in milliseconds since 1970; a password that is changed later ends what came of it. */
  provenAt: number
  /** Seconds since 1970, when the client wants to know it. */
  authTime?: number
  /** Seconds since 1970, when he last proved who he is: a session that is used again proves nothing anew. */
  authenticatedAt: number
  /** How the tokens came about, in the vendor's words; empty for a browser's. */
  gty: string[]
  changes: TokenChanges
  /** Parameters of the request to `/authorize`, for scripts. */
  parameters: Record<string, string>
}

export type SignInRecords = {
  put(grantId: string, record: SignInRecord, expiresAt: number): Promise<void>
  find(grantId: string): Promise<SignInRecord | undefined>
}

const model = 'SignIn'

export const createSignInRecords = (records: ProtocolRecords, sealer: Sealer): SignInRecords => {
  const context = (id: string) => `${model} ${id}`
  return {
    put: async (grantId, record, expiresAt) => {
      const id = sha256base64url(grantId)
      const payload = { sealed: sealer.seal(JSON.stringify(record), context(id)) }
      await records.put({ model, id, grantId, payload, expiresAt })
    },
    find: async (grantId) => {
      const id = sha256base64url(grantId)
      const found = await records.find(model, id)
      if (!found) return undefined
      return JSON.parse(
        sealer.open((found.payload as JsonObject).sealed as string, context(id)),
      ) as SignInRecord
    },
  }
}

/** What was settled in the sign-in that a token comes of. */
export const recordOf = async (
  { signIns }: { signIns: SignInRecords },
  ctx: Context,
  grantId: string | undefined,
): Promise<SignInRecord | undefined> => {
  ctx.state.record ??= grantId && (await signIns.find(grantId))
  return ctx.state.record as SignInRecord | undefined
}
