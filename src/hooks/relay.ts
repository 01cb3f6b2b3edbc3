import type { Event } from '#core/events.ts'

/** Whoever must hear of every event, at least once. Handles the same event twice without harm. */
export type Consumer = {
  /** Remembered with how far it has come; never renamed. */
  name: string
  /** Takes events in order. When it throws, the same events come again later. */
  deliver(events: readonly Event[]): Promise<void>
}

export type RelayParts = {
  outbox: {
    pending(consumer: string, limit: number): Promise<Event[]>
    acknowledge(consumer: string, eventNumber: number): Promise<void>
    subscribe(consumer: string): Promise<void>
  }
  consumers: readonly Consumer[]
  /** How long to wait when nothing was pending; another process may have written. */
  pollMilliseconds?: number
  /** How long to wait before a consumer that failed is tried again. */
  retryMilliseconds?: number
  onError(consumer: string, error: unknown): void
}

const batchSize = 200

/** Hands committed events to their consumers, each at its own pace, at least once. */
export const startRelay = ({
  outbox,
  consumers,
  pollMilliseconds = 500,
  retryMilliseconds = 1000,
  onError,
}: RelayParts) => {
  const stop = new AbortController()
  const wakers = new Set<() => void>()

  const serve = async (consumer: Consumer) => {
    const rest = createRest(stop.signal)
    wakers.add(rest.wake)
    while (!stop.signal.aborted) {
      try {
        const events = await outbox.pending(consumer.name, batchSize)
        const last = events.at(-1)
        if (last) {
          await consumer.deliver(events)
          await outbox.acknowledge(consumer.name, last.number)
        }
        // What came in the meantime waits for the next wake: each acknowledgement is a commit, which others wait for.
        if (events.length < batchSize) await rest.pause(pollMilliseconds)
      } catch (error) {
        onError(consumer.name, error)
        await rest.pause(retryMilliseconds)
      }
    }
  }
  const subscribed = Promise.all(consumers.map(({ name }) => outbox.subscribe(name)))
  const wakeAll = () => {
    for (const wake of wakers) wake()
  }
  const serving = consumers.map((consumer) => subscribed.then(() => serve(consumer)))
  return {
    /** From then on nothing that happens is missed, whether or not this process goes on. */
    subscribed,
    /** Something was just committed in this process: look now. */
    wake: wakeAll,
    /** Ends after the delivery that is under way. */
    stop: async () => {
      stop.abort()
      wakeAll()
      await Promise.all(serving)
    },
  }
}

/** A pause that ends early when somebody wakes, also when that was before it began. */
const createRest = (stopped: AbortSignal) => {
  let isAwake = false
  let end: (() => void) | undefined
  return {
    pause: async (milliseconds: number): Promise<void> => {
      if (!isAwake && !stopped.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        end = undefined
      }
      isAwake = false
    },
    wake: (): void => {
      isAwake = true
      end?.()
    },
  }
}
