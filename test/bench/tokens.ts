import { reading, startOurs } from './contenders.ts'
import { compare, inTurns } from './measure.ts'
import { atLeast } from './report.ts'
import { connections, type Rows } from './row.ts'
import { tokenRequest } from './seed.ts'
import type { SignOrder } from './server.ts'

/**
 * Requests to the token endpoint over HTTP, load generator and all, against nothing but signatures: jose's SignJWT in
 * the same server process while it serves nobody, of the same claims, with the same key.
 */
export const tokenRows: Rows = {
  name: 'tokens',
  run: async ({ effort, databases, tell }) => {
    await using ours = await startOurs(await databases.of(effort.sizes[0]!))
    const { origin } = ours.announced
    const issued = reading(origin, { path: '/oauth/token', body: tokenRequest(origin) })
    const signed = async (seconds: number) => {
      const order: SignOrder = { seconds, concurrent: connections }
      return (await ours.ask<{ perSecond: number }>(order)).perSecond
    }
    const measure = `Client-credentials tokens over HTTP, ${connections} connections, against raw RS256 signatures (jose, ${connections} at once, same process and key)`
    const reached = await inTurns(effort, [issued, signed], (round) => tell(measure, round, effort.rounds))
    return [atLeast(measure, 0.8, compare(reached[0]!, reached[1]!))]
  },
}
