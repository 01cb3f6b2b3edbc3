import { systemActor } from '#core/actor.ts'
import { claimMail, findDueMails, finishMail, purgeMails, writeQueuedMail } from '#core/mail/queue.ts'
import type { Run } from '#core/operation.ts'
import type { MailTransport } from './transport.ts'

export type MailWorkerParts = {
  run: Run
  transport: MailTransport
  /** Calls back when there may be something new. */
  follow?: (wake: () => void) => () => void
  /** How often to look for mails of other processes, and for those whose next try has come. */
  pollMilliseconds?: number
  onError(error: unknown): void
}

/** Longer than a transport may take for one mail. */
const leaseSeconds = 180
const batchSize = 8
const purgeMilliseconds = 3_600_000

/** Sends queued mails, a few at a time. While it waits for the mail server it holds nothing. */
export const startMailWorker = ({
  run,
  transport,
  follow,
  pollMilliseconds = 1000,
  onError,
}: MailWorkerParts) => {
  const actor = systemActor('system')
  let isStopped = false
  let mayHaveMore = true
  let wake = () => {}
  let nextPurge = 0

  const send = async (mailId: string): Promise<void> => {
    const attempt = await run(claimMail, { mailId, leaseSeconds }, actor)
    if (attempt === undefined) return
    const written = await run(writeQueuedMail, { mailId }, actor)
    if (!written) return
    const failure =
      'fault' in written ? { fault: written.fault, isPermanent: true } : await transport.deliver(written.mail)
    const outcome = failure
      ? { sent: false as const, ...failure }
      : { sent: true as const, isKept: transport.isKept }
    await run(finishMail, { mailId, attempt, outcome }, actor)
  }

  const purge = async () => {
    if (performance.now() < nextPurge) return
    nextPurge = performance.now() + purgeMilliseconds
    while (!isStopped && (await run(purgeMails, {}, actor)) > 0);
  }

  const work = async () => {
    while (!isStopped) {
      mayHaveMore = false
      try {
        const due = await run(findDueMails, { limit: batchSize }, actor)
        if (due.length > 0) mayHaveMore = true
        const sent = await Promise.allSettled(due.map(send))
        for (const outcome of sent) {
          if (outcome.status === 'fulfilled') continue
          onError(outcome.reason)
          mayHaveMore = false
        }
        await purge()
      } catch (error) {
        onError(error)
      }
      if (isStopped || mayHaveMore) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMilliseconds)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const unfollow = follow?.(() => {
    mayHaveMore = true
    wake()
  })
  const running = work()
  return {
    /** Resolves when the mails under way have ended, one way or the other. */
    stop: async (): Promise<void> => {
      isStopped = true
      unfollow?.()
      wake()
      await running
      transport.close()
    },
  }
}
