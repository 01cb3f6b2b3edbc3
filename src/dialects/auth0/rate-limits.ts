import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Allowance, createRateLimit } from '#http/rate-limit.ts'
import { WireError } from './errors.ts'

/** Far above what a console or a deployment needs, far below what would keep others from being served. */
const perAddress = { points: 3000, seconds: 10 }
const perClient = { points: 1000, seconds: 10 }

/** @see specs: §1.4 of the Auth0 dialect: the reset is in seconds since 1970 */
const tell = (reply: FastifyReply, { limit, remaining, resetAt }: Allowance): void => {
  reply.headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': Math.ceil(resetAt / 1000),
  })
}

const refuse = (): Error => new WireError(429, 'Global limit has been reached', 'too_many_requests')

/** A refused client learns when to come back, whichever of the two headers it reads. */
const tellRefused = (reply: FastifyReply, allowance: Allowance): void => {
  tell(reply, allowance)
  if (allowance.isExceeded)
    reply.header('retry-after', Math.max(1, Math.ceil((allowance.resetAt - Date.now()) / 1000)))
}

/** Counts before anything is looked at, by where the request comes from. */
export const limitAddresses = () =>
  createRateLimit({ ...perAddress, keyOf: ({ ip }) => ip }, tellRefused, refuse)

/** Counts who is asking, once that is known. */
export const limitClients = () =>
  createRateLimit(
    {
      ...perClient,
      keyOf: ({ actor, ip }: FastifyRequest) =>
        actor.kind === 'anonymous' ? ip : `${actor.kind} ${actor.id}`,
    },
    tellRefused,
    refuse,
  )
