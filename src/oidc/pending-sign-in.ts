import { sha256base64url } from '#crypto/digests.ts'
import type { Sealer } from '#crypto/sealing.ts'
import type { ProtocolRecords } from './adapter.ts'
import type { ProvenPerson } from './settle.ts'

/** A sign-in whose password was right, until a second factor is shown. */
export type PendingSignIn = {
  userId: string
  login: string
  password: string
  /** Of second factors that he has; none where he must set one up first. */
  kinds: string[]
  /** At the token endpoint: what was asked for with the password. */
  asked?: AskedTokens
}

/** A refresh that waits for a second factor, because a role asks for one since. */
export type PendingRefresh = {
  userId: string
  kinds: string[]
  asked: Omit<AskedTokens, 'connectionName'>
  /** How he came in. */
  person: Pick<ProvenPerson, 'methods' | 'connectionName'>
}

export type AskedTokens = {
  clientId: string
  connectionName: string
  resource?: string
  scope?: string
  organization?: string
}

export type PendingSignIns = {
  put(state: string, pending: PendingSignIn | PendingRefresh): Promise<void>
  find(state: string): Promise<PendingSignIn | PendingRefresh | undefined>
  remove(state: string): Promise<void>
}

const model = 'PendingSignIn'
/** Long enough to set an app up. */
const milliseconds = 600_000

/**
 * The domain wants password and second factor together, so that neither is ever good alone. Between two pages the
 * password waits here, sealed and for minutes.
 */
export const createPendingSignIns = (
  records: ProtocolRecords,
  sealer: Sealer,
  now: () => number,
): PendingSignIns => {
  const context = (id: string) => `${model} ${id}`
  const idOf = (state: string) => sha256base64url(`${model} ${state}`)
  return {
    put: async (state, pending) => {
      const id = idOf(state)
      const payload = { sealed: sealer.seal(JSON.stringify(pending), context(id)) }
      await records.put({ model, id, payload, expiresAt: now() + milliseconds })
    },
    find: async (state) => {
      const id = idOf(state)
      const found = await records.find(model, id)
      return (
        found &&
        (JSON.parse(sealer.open(found.payload.sealed as string, context(id))) as
          | PendingSignIn
          | PendingRefresh)
      )
    },
    remove: (state) => records.remove(model, idOf(state)),
  }
}
