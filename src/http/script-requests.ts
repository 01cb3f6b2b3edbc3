import type { FastifyInstance } from 'fastify'

/** What scripts send to this server, each request with the ticket of its run. */
export type ScriptRequests = {
  /**
   * Does the rest of a request within the run that it comes out of, and keeps it with that run; the status is filled in
   * as it is answered. `refused` where that run has sent too many.
   */
  follow<Result>(ticket: string, work: () => Result, call: ScriptRequest): Result | 'refused'
  /** Does more work of a request that was followed. */
  within<Result>(ticket: string, work: () => Result): Result
  /** Asked within a run: why a script that is only tried gets no answer to this. Undefined lets it through. */
  refusal(request: { method: string; path: string; body: unknown }): string | undefined
}

type ScriptRequest = { method: string; target: string; status?: number }

/** In which the requests of scripts carry the ticket of their run. */
const runHeader = 'x-rolecall-run'

/** Lets the server know which requests come out of a script, ahead of every door. */
export const followScripts = (
  app: Pick<FastifyInstance, 'addHook'>,
  { follow, within, refusal }: ScriptRequests,
): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const ticket = request.headers[runHeader]
    if (typeof ticket !== 'string') return done()
    const [target = ''] = request.url.split('?')
    const call: ScriptRequest = { method: request.method, target }
    reply.raw.once('finish', () => {
      call.status = reply.raw.statusCode
    })
    if (follow(ticket, done, call) === 'refused')
      reply
        .code(429)
        .send({ error: 'too_many_requests', error_description: 'The script sent too many requests.' })
  })
  // A body is read in a context of its own, so that what comes after it is led back.
  app.addHook('preValidation', (request, reply, done) => {
    const ticket = request.headers[runHeader]
    if (typeof ticket !== 'string') return done()
    within(ticket, () => {
      const { method, url, body } = request
      const message = refusal({ method, path: url.split('?')[0]!, body })
      if (message === undefined) return done()
      reply.code(403).send({ statusCode: 403, error: 'Forbidden', message, error_description: message })
    })
  })
}
