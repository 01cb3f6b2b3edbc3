import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Run } from '#core/operation.ts'
import { type Allowance, createRateLimit } from '#http/rate-limit.ts'
import { holds } from './authenticate.ts'
import { plain, WireError } from './errors.ts'
import type { ReadSettings, Settings } from './settings.table.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Costs nobody a call. */
    isUncounted?: boolean
    /** How often one address may call the route, where that is not what holds for all. */
    callsLimit?: (settings: Settings) => { calls: number; milliseconds: number }
  }
}

const tell = (reply: FastifyReply, { limit, remaining, resetAt }: Allowance): void => {
  reply.headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': resetAt,
  })
}

const tooMany = ({ resetAt }: Allowance): WireError => {
  const seconds = Math.max(1, Math.ceil((resetAt - Date.now()) / 1000))
  const text = `Error, too many requests. Please slow down. You must wait ${seconds} seconds before trying this endpoint again. [error-too-many-requests]`
  return new WireError(plain(text, undefined, 429))
}

const usual = (settings: Settings) => ({
  calls: settings.API_Enable_Rate_Limiter_Limit_Calls_Default,
  milliseconds: settings.API_Enable_Rate_Limiter_Limit_Time_Default,
})

/**
 * Counts calls of each route by each address; who holds `api-bypass-rate-limit` is not counted.
 * @see specs: §1.9 of the Rocket.Chat dialect
 */
export const limitCalls = (run: Run, readSettings: ReadSettings) => {
  const limits = new Map<string, ReturnType<typeof createRateLimit>>()
  const limitOf = (points: number, milliseconds: number) => {
    const key = `${points} in ${milliseconds}`
    const limit =
      limits.get(key) ??
      createRateLimit(
        {
          points,
          seconds: milliseconds / 1000,
          keyOf: ({ routeOptions, method, ip }) => `${method} ${routeOptions.url} ${ip}`,
        },
        tell,
        tooMany,
      )
    limits.set(key, limit)
    return limit
  }
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.is404 || request.routeOptions.config.isUncounted) return
    const settings = await readSettings()
    if (!settings.API_Enable_Rate_Limiter) return
    if (await holds(run, request.actor, ['api-bypass-rate-limit'])) return
    const { calls, milliseconds } = (request.routeOptions.config.callsLimit ?? usual)(settings)
    await limitOf(Math.max(1, calls), Math.max(1000, milliseconds))(request, reply)
  }
}
