import type { Run } from '#core/operation.ts'

/** Commands that end within this time of each other wake followers once. */
const gatherMilliseconds = 20

/**
 * Tells whoever follows the events that there may be new ones: soon after a command of this process, and from time to
 * time because another process may have written. It only tells; followers read for themselves, as far as they may.
 */
export const createFollowers = ({ pollMilliseconds = 1000 }: { pollMilliseconds?: number } = {}) => {
  const wakers = new Set<() => void>()
  let gathering: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined
  const wakeAll = () => {
    gathering = undefined
    for (const wake of wakers) wake()
  }
  return {
    follow: (wake: () => void): (() => void) => {
      // Wrapped, so that the same function can follow twice.
      const waker = () => wake()
      wakers.add(waker)
      polling ??= setInterval(wakeAll, pollMilliseconds).unref()
      return () => {
        wakers.delete(waker)
        if (wakers.size > 0) return
        clearInterval(polling)
        polling = undefined
      }
    },
    /** `run` for all doors of this process: a command that is done wakes the followers. */
    wakingAfter:
      (run: Run): Run =>
      async (operation, input, actor) => {
        const output = await run(operation, input, actor)
        if (operation.kind === 'command' && wakers.size > 0 && gathering === undefined) {
          gathering = setTimeout(wakeAll, gatherMilliseconds).unref()
        }
        return output
      },
  }
}
