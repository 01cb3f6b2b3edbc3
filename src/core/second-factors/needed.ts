import { query } from '../operation.ts'
import { factorsOf, kindsOf, mustHaveFactor } from './prove.ts'
import type { SecondFactorKind } from './second-factor.ts'

/**
 * What somebody must show who came in without a second factor, as before a role was given to him that asks for one.
 * Undefined when no role of his does; no kinds when he has none to show yet.
 */
export const readNeededFactor = query<{ userId: string }, SecondFactorKind[] | undefined>({
  name: 'read needed second factor',
  needs: 'users:read',
  self: ({ userId }) => userId,
  run: async (reader, { userId }) =>
    (await mustHaveFactor(reader, userId)) ? kindsOf(await factorsOf(reader, userId)) : undefined,
})
