import { setTimeout as wait } from 'node:timers/promises'
import { bearer, reading, rolesPath, startOurs } from './contenders.ts'
import { compare, inTurns } from './measure.ts'
import { atLeast } from './report.ts'
import { connections, ordinarySize, type Rows } from './row.ts'
import { benchAdministrator } from './seed.ts'
import type { VerifyOrder } from './server.ts'

/** Sign-ins are begun ahead of the reads that they shall disturb, and go on behind them. */
const headStartMilliseconds = 500

/**
 * Sign-ins over HTTP, session, event and load generator and all, against nothing but verifications of the same hash on
 * as many threads, in the same process while it serves nobody. Then what is left for those who only read.
 */
export const signInRows: Rows = {
  name: 'sign-ins',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    await using ours = await startOurs(await databases.copy(users))
    const { origin } = ours.announced
    const { email, password } = benchAdministrator
    const body = JSON.stringify({ user: email, password })
    const signedIn = reading(origin, { path: '/api/v1/login', body })
    const verified = async (seconds: number) => {
      const order: VerifyOrder = { seconds, password }
      return (await ours.ask<{ perSecond: number }>(order)).perSecond
    }
    const speed = `Sign-ins with a password over HTTP, ${connections} connections, against raw argon2id verifications (same parameters and threads, same process)`
    const signIns = await inTurns(effort, [signedIn, verified], (round) => tell(speed, round, effort.rounds))

    const reads = reading(origin, { path: rolesPath, headers: bearer(ours), users })
    const disturbed = async (seconds: number) => {
      const flood = signedIn(seconds + 1)
      await wait(headStartMilliseconds)
      const perSecond = await reads(seconds)
      await flood
      return perSecond
    }
    const rest = `Reading a user's roles while ${connections} connections sign in without a pause, against the same while nobody does, ${connections} connections`
    const rates = await inTurns(effort, [disturbed, reads], (round) => tell(rest, round, effort.rounds))
    return [
      atLeast(speed, 0.85, compare(signIns[0]!, signIns[1]!)),
      atLeast(rest, 0.5, compare(rates[0]!, rates[1]!)),
    ]
  },
}
