import { createRateLimit, tellInSeconds } from '#http/rate-limit.ts'
import { WireError } from './errors.ts'

/** Far above what a console or a deployment needs, far below what would keep others from being served. */
const perAddress = { points: 3000, seconds: 10 }
const perClient = { points: 1000, seconds: 10 }

/** @see specs: §1.2 and §1.4 of the Auth0 dialect */
const refuse = (): Error => new WireError(429, 'Global limit has been reached', 'too_many_requests')

/** Counts before anything is looked at, by where the request comes from. */
export const limitAddresses = () =>
  createRateLimit({ ...perAddress, keyOf: ({ ip }) => ip }, tellInSeconds, refuse)

/** Counts who is asking, once that is known. */
export const limitClients = () =>
  createRateLimit(
    {
      ...perClient,
      keyOf: ({ actor, ip }) => (actor.kind === 'anonymous' ? ip : `${actor.kind} ${actor.id}`),
    },
    tellInSeconds,
    refuse,
  )
