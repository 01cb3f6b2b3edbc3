import type { JsonObject } from '#core/json.ts'
import { sha256base64url } from '#crypto/digests.ts'
import type { ProtocolRecords } from './adapter.ts'

/** What somebody lets an application of others have: scopes by audience. */
export type Consent = Record<string, string[]>

export type Consents = {
  find(subject: string, clientId: string): Promise<Consent>
  /** Adds to what was given before. */
  give(subject: string, clientId: string, asked: Asked): Promise<void>
}

export type Asked = { audience: string | undefined; scopes: readonly string[] }

const model = 'Consent'

/** Consents outlive sign-ins; a person gives each of them once. */
export const createConsents = (records: ProtocolRecords): Consents => {
  const idOf = (subject: string, clientId: string) => sha256base64url(JSON.stringify([subject, clientId]))
  const find = async (subject: string, clientId: string): Promise<Consent> => {
    const record = await records.find(model, idOf(subject, clientId))
    return ((record?.payload as JsonObject | undefined)?.given ?? {}) as Consent
  }
  return {
    find,
    give: async (subject, clientId, { audience = '', scopes }) => {
      const before = await find(subject, clientId)
      const given = { ...before, [audience]: [...new Set([...(before[audience] ?? []), ...scopes])] }
      await records.put({ model, id: idOf(subject, clientId), payload: { given } })
    },
  }
}

export const coversAll = (given: Consent, { audience = '', scopes }: Asked): boolean => {
  const held = given[audience]
  return held !== undefined && scopes.every((scope) => held.includes(scope))
}
