import { equal, every, unlimited } from '../listing.ts'
import { brandOf } from '../mail/write.ts'
import { command, type Services } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { requireMayActAs } from '../users/rules.ts'
import { factorsOf, recoveryDigest } from './prove.ts'
import { requireRecentProof } from './recent-proof.ts'
import { factorSecretContext } from './second-factor.ts'

/** Everybody may do to himself what stands here; for others it takes the right to change users. */
const ownOr = {
  needs: 'users:update' as const,
  self: ({ userId }: { userId: string }) => userId,
}

const factorLimit = 20

/** @throws proof_needed, not_found, cannot_grant, limit_exceeded */
export const requireOwner = async (tx: Tx, userId: string, actor: Parameters<typeof requireMayActAs>[1]) => {
  requireRecentProof(actor, userId, tx.now())
  const user = found(await tx.users.find(userId), 'user', userId)
  await requireMayActAs(tx, actor, userId)
  const factors = (await factorsOf(tx, userId)).filter(({ kind }) => kind !== 'recovery-code')
  if (factors.length >= factorLimit) {
    throw new DomainError({ code: 'limit_exceeded', kind: 'second_factor', limit: factorLimit })
  }
  return { user, factors }
}

/** `uri` is what an app reads from a QR code; `secret` the same to be typed. Both are told here and never again. */
export type EnrolledTotp = { id: string; secret: string; uri: string }

/**
 * Begins with an app that shows codes. It counts once a code of it was given to `confirmTotp`.
 * @throws proof_needed, not_found, cannot_grant, limit_exceeded
 */
export const enrolTotp = command<
  { userId: string; name?: string },
  EnrolledTotp,
  { secret: string; uri: string }
>({
  name: 'enrol app for codes',
  ...ownOr,
  prepare: async ({ userId }, { secondFactors: { totp } }, reader) => {
    const user = await reader.users.find(userId)
    const secret = totp.newSecret()
    const label = user?.email ?? user?.username ?? userId
    return { secret, uri: totp.uri(secret, { issuer: (await brandOf(reader)).friendlyName, label }) }
  },
  run: async (tx, { userId, name = '' }, actor, { secret, uri }) => {
    await requireOwner(tx, userId, actor)
    const begun = every(equal('userId', userId), equal('isConfirmed', false))!
    for (const { id } of (await tx.secondFactors.list({ filter: begun, limit: unlimited })).items) {
      await tx.secondFactors.remove(id)
    }
    const id = tx.newId()
    await tx.secondFactors.insert({
      id,
      userId,
      kind: 'totp',
      name,
      sealedSecret: tx.seal(secret, factorSecretContext(id)),
      counter: 0,
      isConfirmed: false,
      data: {},
      createdAt: tx.now(),
    })
    return { id, secret, uri }
  },
})

type Codes = { codes: string[]; digests: string[] }

/**
 * Takes an app for a second factor, with the first code of it. Whoever gets his first factor by it gets recovery codes.
 * @throws proof_needed, not_found, cannot_grant, wrong_code
 */
export const confirmTotp = command<
  { userId: string; factorId: string; code: string },
  { recoveryCodes?: string[] },
  Codes & { step: number | undefined }
>({
  name: 'confirm app for codes',
  ...ownOr,
  prepare: async ({ userId, factorId, code }, services, reader) => {
    const factor = await reader.secondFactors.find(factorId)
    const secret =
      factor?.userId === userId && factor.sealedSecret !== undefined
        ? services.sealer.open(factor.sealedSecret, factorSecretContext(factorId))
        : undefined
    const given = code.replaceAll(/\s/gu, '')
    const step =
      secret === undefined ? undefined : services.secondFactors.totp.stepOf(given, secret, reader.now())
    return { ...newRecoveryCodes(services, userId), step }
  },
  run: async (tx, { userId, factorId }, actor, { step, codes, digests }) => {
    const { factors } = await requireOwner(tx, userId, actor)
    const factor = await tx.secondFactors.find(factorId)
    const begun = factor?.userId === userId && factor.kind === 'totp' && !factor.isConfirmed
    found(begun ? factor : undefined, 'second_factor', factorId)
    if (step === undefined) throw new DomainError({ code: 'wrong_code' })
    await tx.secondFactors.update(factorId, { isConfirmed: true, counter: step })
    const target = { kind: 'second_factor', id: factorId } as const
    await tx.emit({ type: 'user.second-factor-added', userId, target, data: { kind: 'totp' } })
    if (factors.length > 0) return {}
    await replaceRecoveryCodes(tx, userId, digests)
    return { recoveryCodes: codes }
  },
})

/**
 * Puts new recovery codes in place of all before. They are told here and never again, and each is good once.
 * @throws proof_needed, not_found, cannot_grant, invalid for somebody without another second factor
 */
export const renewRecoveryCodes = command<{ userId: string }, string[], Codes>({
  name: 'renew recovery codes',
  ...ownOr,
  prepare: async ({ userId }, services) => newRecoveryCodes(services, userId),
  run: async (tx, { userId }, actor, { codes, digests }) => {
    const { factors } = await requireOwner(tx, userId, actor)
    if (factors.length === 0) {
      const reason = 'There is no second factor that they could stand in for.'
      throw new DomainError({ code: 'invalid', field: 'userId', reason })
    }
    await replaceRecoveryCodes(tx, userId, digests)
    await tx.emit({ type: 'user.second-factor-added', userId, data: { kind: 'recovery-code' } })
    return codes
  },
})

/** Without letters and digits that look alike, so that five bits each. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const codeCount = 10

/** Ten of 80 bits each, as people copy them: `ABCD-EFGH-JKLM-NPQR`. */
export const newRecoveryCodes = (services: Pick<Services, 'newSecret' | 'digest'>, userId: string): Codes => {
  const codes = Array.from({ length: codeCount }, () => {
    const bytes = [...Buffer.from(services.newSecret(16), 'base64url')]
    const letters = bytes.map((byte) => alphabet[byte % alphabet.length]).join('')
    return letters.replaceAll(/(.{4})(?=.)/gu, '$1-')
  })
  return { codes, digests: codes.map((code) => recoveryDigest(services, userId, code.replaceAll('-', ''))) }
}

export const replaceRecoveryCodes = async (
  tx: Tx,
  userId: string,
  digests: readonly string[],
): Promise<void> => {
  const filter = every(equal('userId', userId), equal('kind', 'recovery-code'))!
  for (const { id } of (await tx.secondFactors.list({ filter, limit: unlimited })).items) {
    await tx.secondFactors.remove(id)
  }
  for (const digest of digests) {
    await tx.secondFactors.insert({
      id: tx.newId(),
      userId,
      kind: 'recovery-code',
      name: '',
      digest,
      counter: 0,
      isConfirmed: true,
      data: {},
      createdAt: tx.now(),
    })
  }
}
