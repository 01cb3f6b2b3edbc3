import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2'
import { createTurns } from './turns.ts'

/** @see OWASP Password Storage Cheat Sheet, "Argon2id": 19 MiB, two passes, one lane. The algorithm is the default. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

/** Imported hashes name their own cost. What lies above this is refused, or one row could take the machine down. */
const limits = { memoryCost: 262_144, timeCost: 16, parallelism: 16 }

/** Too many passwords wait already. The caller answers "busy, try again" and has changed nothing. */
export class PasswordQueueFull extends Error {
  override readonly name = 'PasswordQueueFull'
}

export type PasswordHasher = {
  /** An argon2id PHC string with a salt of its own. */
  hash(password: string): Promise<string>
  /** False for a malformed hash too, after the same work, so that time does not tell which accounts have one. */
  verify(password: string, hash: string): Promise<boolean>
  /** The work of a verification, for when there is no such user or the user has no password. */
  verifyNothing(password: string): Promise<false>
}

export type PasswordHasherOptions = {
  /** How many passwords are worked on at the same time, 19 MiB each. Default: half of the cores, at least one. */
  threads?: number
  /** How many more may wait; the next is rejected with `PasswordQueueFull`. Default 1000. */
  queueLimit?: number
}

/** Hashes and verifies passwords off the main thread, first come first served, within fixed bounds. */
export const createPasswordHasher = (options: PasswordHasherOptions = {}): PasswordHasher => {
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / 2))
  const queueLimit = options.queueLimit ?? 1000
  const takeTurn = createTurns(threads, queueLimit, () => {
    throw new PasswordQueueFull(`${queueLimit} passwords are waiting already`)
  })
  const nobodysHash = makeUnmatchableHash()

  const verifyNothing = async (password: string): Promise<false> => {
    await takeTurn(() => argon2Verify(nobodysHash, password))
    return false
  }

  return {
    hash: (password) => takeTurn(() => argon2Hash(password, parameters)),
    verify: (password, hash) =>
      isAffordable(hash) ? takeTurn(() => argon2Verify(hash, password)) : verifyNothing(password),
    verifyNothing,
  }
}

/** Also whether it is a hash at all: what `parseOptions` lets through, verifying does not throw on. */
const isAffordable = (hash: string): boolean => {
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(hash)
    return memoryCost <= limits.memoryCost && timeCost <= limits.timeCost && parallelism <= limits.parallelism
  } catch {
    return false
  }
}

/** Well-formed and costly like a real one, but its digest is random: no password leads to it. */
const makeUnmatchableHash = (): string => {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  const { memoryCost: m, timeCost: t, parallelism: p, outputLen } = parameters
  return `$argon2id$v=19$m=${m},t=${t},p=${p}$${random(16)}$${random(outputLen)}`
}
