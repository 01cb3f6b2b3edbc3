import { Readable } from 'node:stream'
import Type from 'typebox'
import { type Actor, anonymous } from '#core/actor.ts'
import { listEvents } from '#core/events/read.ts'
import type { Event } from '#core/events.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { recogniseSession } from '#core/sessions/read.ts'
import { encodeRefusal, WireError, wireProblem } from './errors.ts'
import { encodeEvent, isAskedFor, StreamQuery, type Which } from './events.wire.ts'
import type { Follow, NativeRoutes } from './parts.ts'

/** Each holds a connection, and reads the events that come; whoever comes later is told to try again. */
const listenerLimit = 100
const heartbeatMilliseconds = 15_000
const batchSize = 100
/** How long a listener has to read the end. */
const partingMilliseconds = 1000
const longestTimerMilliseconds = 2_147_483_647

/**
 * What happens, as it happens: server-sent events in the order of their numbers, which are their SSE ids. Everything
 * is read through `run` as the actor, so that a permission taken away ends the stream at the next look; so does the end
 * of the session in the cookie, which is an event itself and so brings that look about.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const eventStreamRoutes: NativeRoutes = async (app, { run, follow, now }) => {
  const listeners = new Set<AbortController>()
  app.addHook('preClose', async () => {
    for (const listener of listeners) listener.abort()
  })

  app.get(
    '/events/stream',
    {
      config: { access: { tokenScopes: ['events:read'] } },
      exposeHeadRoute: false,
      schema: {
        summary: 'Follow what happens',
        description:
          'Server-sent events, each with the number of the event as its id. `Last-Event-ID` goes on behind that one; without it, the stream begins with what happens next. It ends with an event `end` that says why.',
        querystring: StreamQuery,
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String()) }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      if (listeners.size >= listenerLimit) throw new DomainError({ code: 'busy' })
      const listener = new AbortController()
      listeners.add(listener)
      const { query: which, actor } = request
      const deadline = endWith(request.credentialExpiresAt, now, listener)
      const leave = () => {
        clearTimeout(deadline)
        listeners.delete(listener)
        listener.abort()
      }
      reply.raw.once('close', leave)
      listener.signal.addEventListener('abort', () => {
        // Whoever does not read would never see the end of what waits for him.
        setTimeout(() => reply.raw.destroy(), partingMilliseconds).unref()
      })
      try {
        const behind = decodeLastEventId(request.headers['last-event-id']) ?? (await newestNumber(run, actor))
        const stands = standing(run, request.sessionSecret)
        const events = batches({ run, follow, actor, stands, behind, signal: listener.signal })
        reply.headers({
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies that gather answers would keep events back.
          'x-accel-buffering': 'no',
        })
        return await reply.send(
          Readable.from(written(events, which), { objectMode: false, highWaterMark: 65_536 }),
        )
      } catch (error) {
        leave()
        throw error
      }
    },
  )
}

/** A stream does not outlive the token it was asked for with. */
const endWith = (
  expiresAt: number | undefined,
  now: () => number,
  listener: AbortController,
): NodeJS.Timeout | undefined => {
  if (expiresAt === undefined) return undefined
  const milliseconds = Math.min(Math.max(expiresAt - now(), 0), longestTimerMilliseconds)
  return setTimeout(() => listener.abort(), milliseconds).unref()
}

const decodeLastEventId = (header: string | string[] | undefined): number | undefined => {
  if (header === undefined || header === '') return undefined
  if (typeof header === 'string' && /^\d{1,15}$/u.test(header)) return Number(header)
  const message = 'must be the number of an event'
  throw new WireError('invalid_request', `Last-Event-ID ${message}.`, [
    { in: 'headers', path: 'last-event-id', message },
  ])
}

const newestNumber = async (run: Run, actor: Actor): Promise<number> => {
  const order = [{ field: 'number', direction: 'descending' } as const]
  return (await run(listEvents, { listing: { order, limit: 1 } }, actor)).items[0]?.number ?? 0
}

/** @throws WireError once the session is over; a token ends by itself, and by what its actor may do. */
const standing = (run: Run, secret: string | undefined) => async (): Promise<void> => {
  if (secret === undefined || (await run(recogniseSession, { secret }, anonymous('native')))) return
  throw new WireError('unauthorized', 'The session has ended.')
}

type BatchParts = {
  run: Run
  follow: Follow
  actor: Actor
  stands: () => Promise<void>
  behind: number
  signal: AbortSignal
}

/** Events as they come, some at a time; an empty batch says that nothing came for a while. */
async function* batches({ run, follow, actor, stands, behind, signal }: BatchParts): AsyncGenerator<Event[]> {
  const bell = createBell(follow, signal)
  try {
    yield []
    while (!signal.aborted) {
      const filter = { field: 'number', is: 'more', value: behind } as const
      await stands()
      const { items } = await run(listEvents, { listing: { filter, limit: batchSize } }, actor)
      behind = items.at(-1)?.number ?? behind
      if (items.length > 0) yield items
      if (items.length === batchSize) continue
      const hasRung = await bell.wait(heartbeatMilliseconds)
      if (!hasRung && !signal.aborted) yield []
    }
  } finally {
    bell.stop()
  }
}

/** Waits for `follow`; a ring while nobody waits is kept for the next who does. */
const createBell = (follow: Follow, signal: AbortSignal) => {
  let hasRung = false
  let answer: (() => void) | undefined
  const ring = () => {
    hasRung = true
    answer?.()
  }
  const stop = follow(ring)
  return {
    stop,
    /** Whether it rang before the time was over or the signal came. */
    wait: async (milliseconds: number): Promise<boolean> => {
      if (!hasRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            answer = undefined
            resolve()
          }
          const timer = setTimeout(done, milliseconds)
          signal.addEventListener('abort', done)
          answer = done
        })
      }
      const rang = hasRung
      hasRung = false
      return rang
    },
  }
}

async function* written(events: AsyncGenerator<Event[]>, which: Which): AsyncGenerator<string> {
  try {
    for await (const batch of events) {
      const asked = batch.filter((event) => isAskedFor(event, which)).map(writeEvent)
      // A comment keeps the connection; the id of what was left out keeps the place in the stream.
      yield asked.length > 0 ? asked.join('') : `${writePlace(batch)}: still here\n\n`
    }
  } catch (error) {
    yield `event: end\ndata: ${JSON.stringify(whyItEnds(error))}\n\n`
  }
}

/** @throws what is no refusal */
const whyItEnds = (error: unknown) => {
  if (error instanceof DomainError) return encodeRefusal(error.refusal)
  if (error instanceof WireError) return wireProblem(error.code, error.message)
  throw error
}

const writeEvent = (event: Event): string =>
  `id: ${event.number}\nevent: ${event.type}\ndata: ${JSON.stringify(encodeEvent(event))}\n\n`

const writePlace = (batch: readonly Event[]): string => {
  const last = batch.at(-1)
  return last ? `id: ${last.number}\n` : ''
}
