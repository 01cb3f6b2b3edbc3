import { equal, unlimited } from '../listing.ts'
import type { Refusal } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { caseKey } from '../users/user.ts'

/**
 * How often sign-in failed lately: as somebody, from somewhere, or as somebody from somewhere. Whether there is such a
 * user does not matter, so that a block tells nothing.
 */
export type FailedAttempts = {
  number: number
  /** Says what is counted; see `keysOf`. */
  id: string
  /** What was signed in with, folded; absent where only the address counts. */
  identifier?: string
  ip?: string
  failures: number
  /** When the count began, in milliseconds since 1970. It starts anew after `windowMilliseconds`. */
  since: number
  /** Until then nothing more is tried. */
  blockedUntil?: number
}

type Counted = Pick<FailedAttempts, 'id' | 'identifier' | 'ip'> & {
  by: 'user' | 'address'
  /** This many failures within the window block it. */
  limit: number
}

const windowMilliseconds = 300_000
export const blockMilliseconds = 300_000

/**
 * Somebody who knows only a name can not lock its owner out from elsewhere, but neither can many addresses together
 * guess without end.
 */
const limits = { identifierAndAddress: 10, identifier: 100, address: 50 }

/** As long as an address or name can be that anybody has; longer ones are cut, and nobody has those. */
const identifierLength = 320

/** Where the caller is unknown, as on the command line, only the name counts. */
export const countedFor = (login: string, ip: string | undefined): Counted[] => {
  const identifier = caseKey(login).slice(0, identifierLength)
  const storable = identifier.isWellFormed() && !identifier.includes('\0')
  const address = ip === undefined ? [] : [addressOnly(ip)]
  if (!storable) return address
  const everywhere = {
    id: `user ${identifier}`,
    identifier,
    by: 'user' as const,
    limit: ip === undefined ? limits.identifierAndAddress : limits.identifier,
  }
  if (ip === undefined) return [everywhere]
  const here = { id: `user ${ip} ${identifier}`, identifier, ip, by: 'user' as const }
  return [{ ...here, limit: limits.identifierAndAddress }, everywhere, ...address]
}

const addressOnly = (ip: string): Counted => ({
  id: `address ${ip}`,
  ip,
  by: 'address',
  limit: limits.address,
})

/** Why nothing may be tried now; undefined when something may. */
export const blockOf = async (
  { failedAttempts, now }: Pick<Reader, 'failedAttempts' | 'now'>,
  counted: readonly Counted[],
): Promise<Refusal | undefined> => {
  const found = await failedAttempts.findMany(counted.map(({ id }) => id))
  for (const { id, by } of counted) {
    const until = found.find((each) => each.id === id)?.blockedUntil
    if (until === undefined || until <= now()) continue
    return { code: 'too_many_attempts', by, retryAfterSeconds: Math.ceil((until - now()) / 1000) }
  }
  return undefined
}

/** Counts one more failure; every one counts, however many come at the same time. */
export const countFailure = async (tx: Tx, counted: readonly Counted[]): Promise<void> => {
  for (const { id, identifier, ip, limit } of counted) {
    const before = await tx.failedAttempts.find(id)
    const goesOn = before !== undefined && before.since + windowMilliseconds > tx.now()
    const failures = goesOn ? before.failures + 1 : 1
    const since = goesOn ? before.since : tx.now()
    const blockedUntil = failures >= limit ? tx.now() + blockMilliseconds : undefined
    if (before) await tx.failedAttempts.update(id, { failures, since, blockedUntil })
    else {
      await tx.failedAttempts.insert({
        id,
        failures,
        since,
        ...(identifier !== undefined && { identifier }),
        ...(ip !== undefined && { ip }),
        ...(blockedUntil !== undefined && { blockedUntil }),
      })
    }
  }
}

/** After a success the name starts anew; what failed from the address as others does not. */
export const forgetFailures = async (tx: Tx, counted: readonly Counted[]): Promise<void> => {
  for (const { id, by } of counted) if (by === 'user') await tx.failedAttempts.remove(id)
}

/** Every block of a name, wherever it holds. */
export const blocksOf = async (
  { failedAttempts, now }: Pick<Reader, 'failedAttempts' | 'now'>,
  identifiers: readonly string[],
): Promise<FailedAttempts[]> => {
  const folded = identifiers.map((identifier) => caseKey(identifier).slice(0, identifierLength))
  const { items } = await failedAttempts.list({
    filter: { field: 'identifier', in: folded },
    limit: unlimited,
  })
  return items.filter(({ blockedUntil = 0 }) => blockedUntil > now())
}

/** Lets everybody try as this name again at once. */
export const forgetIdentifier = async (tx: Tx, identifier: string): Promise<void> => {
  const folded = caseKey(identifier).slice(0, identifierLength)
  const { items } = await tx.failedAttempts.list({ filter: equal('identifier', folded), limit: unlimited })
  for (const { id } of items) await tx.failedAttempts.remove(id)
}
