import { equal, unlimited } from '../listing.ts'
import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { requireMayActAs } from '../users/rules.ts'
import { mustHaveFactor } from './prove.ts'
import { requireRecentProof } from './recent-proof.ts'
import { type SecondFactor, type ShownFactor, shownFactor } from './second-factor.ts'

export type FactorsOfUser = {
  /** Without recovery codes: those are only counted. */
  factors: ShownFactor[]
  recoveryCodesLeft: number
  /** One of his roles asks for a second factor. */
  isRequired: boolean
}

/** @throws not_found */
export const listSecondFactors = query<{ userId: string }, FactorsOfUser>({
  name: 'list second factors of user',
  needs: 'users:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId }) => {
    found(await reader.users.find(userId), 'user', userId)
    const all = await allOf(reader, userId)
    const factors = all.filter(({ kind }) => kind !== 'recovery-code')
    return {
      factors: factors.map(shownFactor),
      recoveryCodesLeft: all.length - factors.length,
      isRequired: await mustHaveFactor(reader, userId),
    }
  },
})

/** Takes one from somebody; with the last one his recovery codes go. @throws proof_needed, not_found, cannot_grant */
export const removeSecondFactor = command<{ userId: string; factorId: string }, void>({
  name: 'remove second factor',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async (tx, { userId, factorId }, actor) => {
    requireRecentProof(actor, userId, tx.now())
    const all = await allOf(tx, userId)
    const factor = found(
      all.find(({ id }) => id === factorId),
      'second_factor',
      factorId,
    )
    await requireMayActAs(tx, actor, userId)
    await remove(tx, factor)
    const isLast = !all.some(({ id, kind }) => id !== factorId && kind !== 'recovery-code')
    if (isLast) await dropSecondFactors(tx, userId)
  },
})

/** Takes all from somebody, as when he has lost his telephone. @throws proof_needed, not_found, cannot_grant */
export const removeSecondFactors = command<{ userId: string }, void>({
  name: 'remove second factors of user',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async (tx, { userId }, actor) => {
    requireRecentProof(actor, userId, tx.now())
    found(await tx.users.find(userId), 'user', userId)
    await requireMayActAs(tx, actor, userId)
    await dropSecondFactors(tx, userId)
  },
})

/** Whatever ends somebody's second factors does it here. */
export const dropSecondFactors = async (tx: Tx, userId: string): Promise<void> => {
  for (const factor of await allOf(tx, userId)) await remove(tx, factor)
}

const remove = async (tx: Tx, { id, userId, kind, isConfirmed }: SecondFactor): Promise<void> => {
  await tx.secondFactors.remove(id)
  if (kind === 'recovery-code' || !isConfirmed) return
  const target = { kind: 'second_factor', id } as const
  await tx.emit({ type: 'user.second-factor-removed', userId, target, data: { kind } })
}

const allOf = async ({ secondFactors }: Pick<Reader, 'secondFactors'>, userId: string) =>
  (await secondFactors.list({ filter: equal('userId', userId), limit: unlimited })).items
