import type { FastifyReply, FastifyRequest } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

export type RateLimit = {
  /** Tokens a client may spend at once, refilled over `seconds`. */
  points: number
  seconds: number
  /** Whose bucket a request empties. Never taken from what the caller can choose freely. */
  keyOf(request: FastifyRequest): string
}

/** How full the bucket was after the request was counted. */
export type Allowance = { limit: number; remaining: number; resetAt: number; isExceeded: boolean }

/**
 * Counts requests per client in this process.
 * @returns a hook that counts, tells by headers, and hands an exceeded allowance to `refuse`
 */
export const createRateLimit = (
  { points, seconds, keyOf }: RateLimit,
  tell: (reply: FastifyReply, allowance: Allowance) => void,
  refuse: (allowance: Allowance) => Error,
) => {
  const limiter = new RateLimiterMemory({ points, duration: seconds })
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const result = await limiter.consume(keyOf(request)).catch((exceeded: RateLimiterRes | Error) => {
      if (exceeded instanceof RateLimiterRes) return exceeded
      throw exceeded
    })
    const allowance = {
      limit: points,
      remaining: Math.max(0, result.remainingPoints),
      resetAt: Date.now() + result.msBeforeNext,
      isExceeded: result.consumedPoints > points,
    }
    tell(reply, allowance)
    if (allowance.isExceeded) throw refuse(allowance)
  }
}

/** Tells in seconds since 1970, as Auth0's clients read it; a refused one also learns when to come back. */
export const tellInSeconds = (
  reply: FastifyReply,
  { limit, remaining, resetAt, isExceeded }: Allowance,
): void => {
  reply.headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': Math.ceil(resetAt / 1000),
    ...(isExceeded && { 'retry-after': Math.max(1, Math.ceil((resetAt - Date.now()) / 1000)) }),
  })
}
