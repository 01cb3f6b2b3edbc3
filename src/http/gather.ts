import type { FastifyInstance } from 'fastify'

/**
 * Starts the requests that the event loop finds waiting together, once all of them are read, not each as it is read.
 * Reads of one turn share a snapshot and one look at what was committed, and answers go out in a row: a client that
 * sleeps is woken once and not for each of them (docs/decisions/0019). Goes ahead of every other hook.
 */
export const gatherRequests = (app: Pick<FastifyInstance, 'addHook'>): void => {
  let waiting: (() => void)[] = []
  const start = (): void => {
    const gathered = waiting
    waiting = []
    for (const go of gathered) go()
  }
  app.addHook('onRequest', (_request, _reply, done) => {
    // Comes right after what was found waiting was read, and before anything new is looked for.
    if (waiting.push(done) === 1) setImmediate(start)
  })
}
