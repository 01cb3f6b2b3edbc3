import { command } from '../operation.ts'
import type { Refusal } from '../refusals.ts'
import { factorsOf, type ProvenFactor, proveFactor, secondFactorRefusal } from './prove.ts'
import type { GivenFactor } from './second-factor.ts'

export type CheckSecondFactor = { userId: string; secondFactor?: GivenFactor }

/**
 * Asks somebody who is signed in for a second factor once more, before something that matters. Who has none is let by.
 * Failing is an answer, since it is counted.
 * @returns `none` for who has none, `shown`, or second_factor_required, second_factor_wrong, too_many_attempts
 */
export const checkSecondFactor = command<
  CheckSecondFactor,
  'none' | 'shown' | Refusal,
  { factor?: ProvenFactor | undefined }
>({
  name: 'check second factor',
  needs: 'users:update',
  self: ({ userId }) => userId,
  prepare: async ({ userId, secondFactor }, services, reader) => ({
    factor: await proveFactor(reader, services, userId, secondFactor),
  }),
  run: async (tx, { userId, secondFactor }, _actor, { factor }) => {
    if ((await factorsOf(tx, userId)).length === 0) return 'none'
    return (await secondFactorRefusal(tx, { id: userId }, secondFactor, factor)) ?? 'shown'
  },
})
