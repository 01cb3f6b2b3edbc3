import { createHash, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseOptions } from '@node-rs/argon2'
import { Piscina } from 'piscina'
import { argon2Of, type ForeignHash, isBcrypt } from './foreign-passwords.ts'
import type { PasswordResult, PasswordTask } from './password-worker.ts'

/** @see OWASP Password Storage Cheat Sheet, "Argon2id": 19 MiB, two passes, one lane. The algorithm is the default. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

/** Imported hashes name their own cost. What lies above this is refused, or one row could take the machine down. */
const limits = { memoryCost: 262_144, timeCost: 16, parallelism: 16 }

/** Too many passwords wait already. The caller answers "busy, try again" and has changed nothing. */
export class PasswordQueueFull extends Error {
  override readonly name = 'PasswordQueueFull'
}

/** A password as it was typed, or its SHA-256 in lower-case hex, where clients send no more than that. */
export type GivenPassword = string | { sha256: string }

export type PasswordHasher = {
  /** `sha256:` and an argon2id PHC string, with a salt of its own, of the password's SHA-256 in hex. */
  hash(password: string): Promise<string>
  /**
   * False without a hash and for a malformed one too, after the same work, so that time does not tell which accounts
   * have one. Hashes of passwords as they were typed verify no digest.
   */
  verify(password: GivenPassword, hash: string | undefined): Promise<boolean>
  /** Whether a hash is not of the kind that `hash` makes now. */
  isOutdated(hash: string): boolean
}

/** The other cores are for everybody who is not signing in. */
export const defaultThreads = Math.max(1, Math.floor(availableParallelism() / 2))

export type PasswordHasherOptions = {
  /** How many passwords are worked on at the same time, 19 MiB each. Default: half of the cores, at least one. */
  threads?: number
  /** How many more may wait; the next is rejected with `PasswordQueueFull`. Default 1000. */
  queueLimit?: number
}

/**
 * Some clients send only the SHA-256 of a password. One hash serves them and everybody else when it is made of that
 * digest; the prefix tells it from hashes that came from elsewhere.
 */
const digestPrefix = 'sha256:'

/** Before what an import brought that is neither argon2 nor bcrypt: JSON, in base64url. */
const customPrefix = '$custom$'

/** What the threads yield to everybody else by: a tenth of the share, once there is not enough for all. */
const niceIncrement = 10

/** Hashes and verifies passwords on threads of their own, first come first served, within fixed bounds. */
export const createPasswordHasher = (options: PasswordHasherOptions = {}): PasswordHasher => {
  const work = createPool(options)
  const nobodysHash = makeUnmatchableHash()
  const verifyArgon2 = (text: string, hash: string) =>
    isAffordable(hash) ? work({ kind: 'verify', text, hash }) : verifyNothing(text)

  /** A hash of ours, or one that was imported as it came. */
  const verifyText = async (text: string, hash: string): Promise<boolean> => {
    const foreign = foreignOf(hash)
    const argon2 = foreign ? argon2Of(foreign) : hash
    if (!foreign || argon2 !== undefined) return verifyArgon2(text, argon2 ?? hash)
    const { isRight, isCheap } = await work({ kind: 'verify-foreign', text, foreign })
    // A cheap hash would tell by how soon the answer comes that there is such a user.
    if (!isRight && isCheap) await verifyNothing(text)
    return isRight
  }

  const verifyNothing = async (text: string): Promise<false> => {
    await work({ kind: 'verify', text, hash: nobodysHash })
    return false
  }

  return {
    hash: async (password) => {
      const hash = await work({ kind: 'hash', text: digestOf(password), parameters })
      return `${digestPrefix}${hash}`
    },
    verify: (password, hash = '') => {
      const digest = digestOf(password)
      if (hash.startsWith(digestPrefix)) return verifyText(digest, hash.slice(digestPrefix.length))
      return typeof password === 'string' ? verifyText(password, hash) : verifyNothing(digest)
    },
    isOutdated: (hash) => !hash.startsWith(`${digestPrefix}${currentPrefix}`),
  }
}

/** Threads are started when there is work, and end when there was none for a while. */
const createPool = ({ threads = defaultThreads, queueLimit = 1000 }: PasswordHasherOptions) => {
  const pool = new Piscina<PasswordTask>({
    filename: new URL('./password-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 30_000,
    // The next is with its thread before that has done with this one, and no thread waits for us.
    concurrentTasksPerWorker: 2,
    niceIncrement,
  })
  let unfinished = 0
  return async <Task extends PasswordTask>(task: Task): Promise<PasswordResult[Task['kind']]> => {
    if (unfinished >= threads + queueLimit) {
      throw new PasswordQueueFull(`${queueLimit} passwords are waiting already`)
    }
    unfinished++
    try {
      return await pool.run(task)
    } finally {
      unfinished--
    }
  }
}

/** Undefined for a hash of argon2. */
const foreignOf = (hash: string): ForeignHash | undefined => {
  if (isBcrypt(hash)) return { algorithm: 'bcrypt', hash: { value: hash } }
  if (!hash.startsWith(customPrefix)) return undefined
  try {
    return JSON.parse(Buffer.from(hash.slice(customPrefix.length), 'base64url').toString()) as ForeignHash
  } catch {
    return {}
  }
}

const digestOf = (password: GivenPassword): string =>
  typeof password === 'string' ? createHash('sha256').update(password).digest('hex') : password.sha256

const { memoryCost, timeCost, parallelism } = parameters
const currentPrefix = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`

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
  return `${currentPrefix}${random(16)}$${random(parameters.outputLen)}`
}
