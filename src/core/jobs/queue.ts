/** Work that goes on after its request was answered. */
export type JobWork = (signal: AbortSignal) => Promise<void>

export type JobQueue = ReturnType<typeof createJobQueue>

/** Each waiting one keeps what it was given in memory. */
const defaultWaitingLimit = 20

/**
 * Does one job after the other, so that a few large ones never crowd out the requests. A job that fails harms no other.
 */
export const createJobQueue = ({
  onError,
  waitingLimit = defaultWaitingLimit,
}: {
  onError: (error: unknown) => void
  waitingLimit?: number
}) => {
  const stopping = new AbortController()
  const waiting: JobWork[] = []
  let running: Promise<void> | undefined

  const drain = async () => {
    for (let work = waiting.shift(); work && !stopping.signal.aborted; work = waiting.shift()) {
      await work(stopping.signal).catch(onError)
    }
    running = undefined
  }

  return {
    waitingLimit,
    /** Nothing more can be taken just now. */
    isFull: (): boolean => stopping.signal.aborted || waiting.length >= waitingLimit,
    add: (work: JobWork): void => {
      if (stopping.signal.aborted) return
      waiting.push(work)
      running ??= new Promise<void>((settle) => setImmediate(settle)).then(drain)
    },
    /** Resolves when nothing is under way or waiting any more. */
    idle: async (): Promise<void> => {
      while (running) await running
    },
    /** The job under way is told to end; those that wait are left to `failAbandonedJobs`. */
    stop: async (): Promise<void> => {
      stopping.abort()
      await running
    },
  }
}
