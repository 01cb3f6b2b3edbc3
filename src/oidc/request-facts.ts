import type { FastifyRequest } from 'fastify'
import type { RequestFacts } from './settle.ts'

/** What scripts and records may know of a request. */
export const factsOf = (request: FastifyRequest): RequestFacts => {
  const { 'user-agent': userAgent } = request.headers
  return {
    ip: request.ip,
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 500) }),
    hostname: new URL(request.issuer).hostname,
    method: request.method === 'POST' ? 'POST' : 'GET',
    query: queryOf(request.query),
  }
}

const secret = new Set(['code', 'token', 'access_token', 'id_token_hint', 'ticket', 'request', 'password'])

const queryOf = (query: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'string' && !secret.has(name) && name !== '__proto__' ? [[name, value]] : [],
    ),
  )
