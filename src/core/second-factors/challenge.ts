import type { Services } from '../operation.ts'
import type { Reader, Tx } from '../store.ts'
import type { GivenFactor, PasskeyChallenge, SecondFactor } from './second-factor.ts'

export const challengeMilliseconds = 300_000

export const addChallenge = async (
  tx: Tx,
  challenge: Pick<PasskeyChallenge, 'id' | 'userId' | 'purpose'>,
): Promise<void> => {
  // What nobody answered goes when the next is asked.
  const expired = { field: 'expiresAt', is: 'atMost', value: tx.now() } as const
  const { items } = await tx.passkeyChallenges.list({ filter: expired, limit: 100 })
  for (const { id } of items) await tx.passkeyChallenges.remove(id)
  await tx.passkeyChallenges.insert({ ...challenge, expiresAt: tx.now() + challengeMilliseconds })
}

/** The challenge while it is good; it is used up by `removeChallenge`. */
export const findChallenge = async (
  { passkeyChallenges, now }: Pick<Reader, 'passkeyChallenges' | 'now'>,
  id: string | undefined,
  purpose: PasskeyChallenge['purpose'],
): Promise<PasskeyChallenge | undefined> => {
  if (id === undefined || id.length > 200 || !/^[\w-]+$/u.test(id)) return undefined
  const challenge = await passkeyChallenges.find(id)
  return challenge?.purpose === purpose && challenge.expiresAt > now() ? challenge : undefined
}

export type ProvenPasskey = {
  kind: 'passkey'
  userId: string
  factorId: string
  counter: number
  challenge: string
}

/** Whose passkey signed a challenge of ours; undefined when none did. */
export const proveAssertion = async (
  reader: Reader,
  { secondFactors: { passkeys } }: Pick<Services, 'secondFactors'>,
  { response, origin }: Extract<GivenFactor, { kind: 'passkey' }>,
): Promise<ProvenPasskey | undefined> => {
  const challenge = await findChallenge(reader, passkeys.challengeOf(response), 'sign-in')
  const { id: credentialId } = response
  if (!challenge || typeof credentialId !== 'string' || !/^[\w-]{1,1400}$/u.test(credentialId))
    return undefined
  const factor = await reader.secondFactors.findBy({ credentialId })
  if (factor?.publicKey === undefined) return undefined
  // A challenge that was made for somebody is good for nobody else.
  if (challenge.userId !== undefined && challenge.userId !== factor.userId) return undefined
  const { id: factorId, userId, publicKey, counter } = factor
  const credential = { id: credentialId, publicKey, counter }
  const asserted = await passkeys.asserted(response, { challenge: challenge.id, origin, credential })
  return asserted && { kind: 'passkey', userId, factorId, counter: asserted.counter, challenge: challenge.id }
}

/** Uses a challenge up, once. A counter that did not move tells of a copy; a passkey that does not count says 0. */
export const spendChallenge = async (
  tx: Tx,
  factor: SecondFactor,
  { challenge, counter }: Pick<ProvenPasskey, 'challenge' | 'counter'>,
): Promise<boolean> => {
  if (!(await findChallenge(tx, challenge, 'sign-in'))) return false
  await tx.passkeyChallenges.remove(challenge)
  if ((counter > 0 || factor.counter > 0) && counter <= factor.counter) return false
  await tx.secondFactors.update(factor.id, { counter, usedAt: tx.now() })
  return true
}
