import type { Run } from '#core/operation.ts'
import type { Sealer } from '#crypto/sealing.ts'
import type { FindAccount } from './account.ts'
import type { ProtocolRecords } from './adapter.ts'
import type { ClientMetadata } from './client.ts'
import type { Consents } from './consents.ts'
import type { PostLogin } from './hooks.ts'
import type { KeyRing } from './key-ring.ts'
import type { PendingSignIns } from './pending-sign-in.ts'
import type { SignInRecords } from './sign-in-record.ts'

export type ProviderParts = {
  run: Run
  keyRing: KeyRing
  records: ProtocolRecords
  sealer: Sealer
  hosts: { issuers(): ReadonlySet<string> }
  hooks: PostLogin
  now: () => number
}

/** What the provider's parts share, beside what they are given. */
export type InnerParts = ProviderParts & {
  signIns: SignInRecords
  consents: Consents
  pending: PendingSignIns
  findClient: FindClient
  findAccount: FindAccount
}

export type FindClient = (clientId: string) => Promise<ClientMetadata | undefined>
