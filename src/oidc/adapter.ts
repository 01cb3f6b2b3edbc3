import { errors } from 'oidc-provider'
import type { JsonObject } from '#core/json.ts'
import { sha256base64url } from '#crypto/digests.ts'
import type { Sealer } from '#crypto/sealing.ts'
import type { ClientMetadata } from './client.ts'

/** What the provider remembers between requests; `store/protocol-records.ts` keeps it. Instants in milliseconds. */
export type ProtocolRecords = {
  find(model: string, id: string): Promise<StoredRecord | undefined>
  findByUid(model: string, uid: string): Promise<StoredRecord | undefined>
  findByUserCode(model: string, userCode: string): Promise<StoredRecord | undefined>
  put(record: StoredRecord): Promise<void>
  /** False when it was used before. */
  consume(model: string, id: string): Promise<boolean>
  remove(model: string, id: string): Promise<void>
  removeByGrant(grantId: string): Promise<void>
}

export type StoredRecord = {
  model: string
  id: string
  payload: JsonObject
  grantId?: string
  userCode?: string
  uid?: string
  consumedAt?: number
  expiresAt?: number
}

export type AdapterParts = {
  records: ProtocolRecords
  findClient: (clientId: string) => Promise<ClientMetadata | undefined>
  sealer: Sealer
  now: () => number
}

/**
 * The provider's storage: clients are our applications, everything else is a protocol record. Ids of records are
 * tokens, codes and cookies, so only their digests are kept, and payloads, which repeat them, are sealed.
 * @see https://github.com/panva/node-oidc-provider/blob/v9.x/example/my_adapter.js
 */
export const createAdapter = (parts: AdapterParts) => (model: string) =>
  model === 'Client' ? { find: parts.findClient } : recordAdapter(parts, model)

const recordAdapter = ({ records, findClient, sealer, now }: AdapterParts, model: string) => {
  const context = (id: string) => `${model} ${id}`
  const open = (record: StoredRecord): JsonObject =>
    JSON.parse(sealer.open(record.payload.sealed as string, context(record.id))) as JsonObject
  const read = async (record: StoredRecord | undefined): Promise<JsonObject | undefined> => {
    if (!record) return undefined
    const payload = open(record)
    if (record.consumedAt === undefined || (await isWithinLeeway(record.consumedAt, payload))) return payload
    return { ...payload, consumed: Math.floor(record.consumedAt / 1000) }
  }
  /** A replaced refresh token is good a little longer where its application wants that: answers get lost. */
  const isWithinLeeway = async (consumedAt: number, { clientId }: JsonObject): Promise<boolean> => {
    if (model !== 'RefreshToken' || typeof clientId !== 'string') return false
    const client = await findClient(clientId)
    return client !== undefined && now() < consumedAt + client.rolecall.refreshTokens.leewaySeconds * 1000
  }
  return {
    upsert: async (key: string, payload: JsonObject, ttlSeconds?: number) => {
      const id = sha256base64url(key)
      const { grantId, userCode, uid } = payload
      await records.put({
        model,
        id,
        payload: { sealed: sealer.seal(JSON.stringify(payload), context(id)) },
        ...(typeof grantId === 'string' && { grantId }),
        ...(typeof userCode === 'string' && { userCode: sha256base64url(userCode) }),
        ...(typeof uid === 'string' && { uid }),
        ...(ttlSeconds && { expiresAt: now() + ttlSeconds * 1000 }),
      })
    },
    find: async (key: string) => read(await records.find(model, sha256base64url(key))),
    findByUid: async (uid: string) => read(await records.findByUid(model, uid)),
    findByUserCode: async (userCode: string) =>
      read(await records.findByUserCode(model, sha256base64url(userCode))),
    /** @throws invalid_grant when somebody else was faster, so that a code is never good for two tokens. */
    consume: async (key: string) => {
      const id = sha256base64url(key)
      if (await records.consume(model, id)) return
      const used = await records.find(model, id)
      if (used?.consumedAt !== undefined && (await isWithinLeeway(used.consumedAt, open(used)))) return
      throw new errors.InvalidGrant('already used')
    },
    destroy: (key: string) => records.remove(model, sha256base64url(key)),
    revokeByGrantId: (grantId: string) => records.removeByGrant(grantId),
  }
}
