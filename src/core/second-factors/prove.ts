import { equal, every, unlimited } from '../listing.ts'
import type { Services } from '../operation.ts'
import type { Refusal } from '../refusals.ts'
import { countingAt } from '../roles/assignment.ts'
import type { Scope } from '../scope.ts'
import { workspace } from '../scope.ts'
import { blockOf, type countedFor, countFailure, forgetFailures } from '../sign-in/attempts.ts'
import type { Reader, Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { proveAssertion, spendChallenge } from './challenge.ts'
import {
  factorSecretContext,
  type GivenFactor,
  type SecondFactor,
  type SecondFactorKind,
} from './second-factor.ts'

/** What was shown, as far as it can be looked at outside the transaction; `spendFactor` has the last word. */
export type ProvenFactor =
  | { kind: 'totp'; factorId: string; step: number }
  | { kind: 'recovery-code'; digest: string }
  | { kind: 'passkey'; factorId: string; counter: number; challenge: string }

export const factorsOf = async (
  { secondFactors }: Pick<Reader, 'secondFactors'>,
  userId: string,
): Promise<SecondFactor[]> => {
  const filter = every(equal('userId', userId), equal('isConfirmed', true))!
  return (await secondFactors.list({ filter, limit: unlimited })).items
}

/** Which kinds somebody can show. Recovery codes only help out where there is another. */
export const kindsOf = (factors: readonly SecondFactor[]): SecondFactorKind[] => [
  ...new Set(factors.map(({ kind }) => kind)),
]

/** Looks at what was shown, in `prepare`: secrets are opened and signatures checked there. */
export const proveFactor = async (
  reader: Reader,
  services: Pick<Services, 'secondFactors' | 'sealer' | 'digest'>,
  userId: string,
  given: GivenFactor | undefined,
): Promise<ProvenFactor | undefined> => {
  if (!given) return undefined
  const factors = await factorsOf(reader, userId)
  if (given.kind === 'passkey') {
    const proven = await proveAssertion(reader, services, given)
    return proven?.userId === userId ? proven : undefined
  }
  const code = given.code.replaceAll(/[\s-]/gu, '').toUpperCase()
  if (given.kind !== 'recovery-code') {
    for (const { id, kind, sealedSecret } of factors) {
      if (kind !== 'totp' || sealedSecret === undefined) continue
      const secret = services.sealer.open(sealedSecret, factorSecretContext(id))
      const step = services.secondFactors.totp.stepOf(code, secret, reader.now())
      if (step !== undefined) return { kind: 'totp', factorId: id, step }
    }
  }
  if (given.kind === 'totp') return undefined
  return { kind: 'recovery-code', digest: recoveryDigest(services, userId, code) }
}

export const recoveryDigest = ({ digest }: Pick<Services, 'digest'>, userId: string, code: string): string =>
  digest(`recovery ${userId} ${code}`)

/** A code that somebody read over a shoulder is good for nothing: each counts once. */
const spendFactor = async (tx: Tx, userId: string, proven: ProvenFactor | undefined): Promise<boolean> => {
  if (!proven) return false
  if (proven.kind === 'recovery-code') {
    const factor = await tx.secondFactors.findBy({ userId, digest: proven.digest })
    return factor !== undefined && (await tx.secondFactors.remove(factor.id))
  }
  const factor = await tx.secondFactors.find(proven.factorId)
  if (factor?.userId !== userId || !factor.isConfirmed) return false
  if (proven.kind === 'passkey') return spendChallenge(tx, factor, proven)
  if (proven.step <= factor.counter) return false
  await tx.secondFactors.update(factor.id, { counter: proven.step, usedAt: tx.now() })
  return true
}

type Counted = ReturnType<typeof countedFor>

/** Few wrong ones in a while, from anywhere: whoever gets this far knows the password. */
const countedFactor = (userId: string): Counted => [
  { id: `factor ${userId}`, identifier: `factor ${userId}`, by: 'user', limit: 10 },
]

/**
 * What is left to say against somebody whose password, or what stands for it, was right: that he must show a second
 * factor, or that what he showed is none. Undefined when he may go on. Whoever has a factor shows it; whose role asks
 * for one and who has none is refused with no kinds to choose from, and has to set one up first.
 */
export const secondFactorRefusal = async (
  tx: Tx,
  { id: userId }: Pick<User, 'id'>,
  given: GivenFactor | undefined,
  proven: ProvenFactor | undefined,
): Promise<Refusal | undefined> => {
  const factors = await factorsOf(tx, userId)
  if (!factors.some(({ kind }) => kind !== 'recovery-code')) {
    if (!(await mustHaveFactor(tx, userId))) return undefined
    return { code: 'second_factor_required', userId, kinds: [] }
  }
  const kinds = kindsOf(factors)
  if (!given) return { code: 'second_factor_required', userId, kinds }
  const counted = countedFactor(userId)
  const block = await blockOf(tx, counted)
  if (block) return block
  if (await spendFactor(tx, userId, proven)) {
    await forgetFailures(tx, counted)
    return undefined
  }
  await countFailure(tx, counted)
  return { code: 'second_factor_wrong', userId, kinds }
}

/** Whether any role that counts for somebody, in whatever scope, asks for a second factor. */
export const mustHaveFactor = async (
  reader: Pick<Reader, 'assignments' | 'now'>,
  userId: string,
): Promise<boolean> => {
  const filter = every(equal('userId', userId), countingAt(reader.now()))
  const { items } = await reader.assignments.list({ ...(filter && { filter }), limit: unlimited })
  const scopes = new Set<Scope>([workspace, ...items.map(({ scope }) => scope)])
  const roles = await reader.assignments.effectiveRoles(userId, [...scopes], reader.now())
  return roles.some(({ requiresSecondFactor }) => requiresSecondFactor)
}
