import { systemActor } from '#core/actor.ts'
import { failAbandonedJobs } from '#core/jobs/abandon.ts'
import { createJobQueue } from '#core/jobs/queue.ts'
import type { Run } from '#core/operation.ts'
import { expireRoleRequests } from '#core/registration/expire.ts'
import { clearOutSignIns } from '#core/sign-in/clear-out.ts'
import { createMailTransport } from '#mail/transport.ts'
import { startMailWorker } from '#mail/worker.ts'
import type { Config } from '../config.ts'
import type { Workspace } from './workspace.ts'
import type { World } from './world.ts'

/**
 * The work that goes on after a request was answered. An import that a process leaves behind fails: with SQLite there
 * is no other process that could still be at it; with PostgreSQL another may, so silence tells.
 */
export const startJobs = async ({ databaseUrl }: Config, run: Run, { logger }: World) => {
  const queue = createJobQueue({
    onError: (error) => logger.error({ err: error }, 'a job failed'),
  })
  const limits =
    databaseUrl === undefined
      ? { processingSeconds: 0, pendingSeconds: 0 }
      : { processingSeconds: 60, pendingSeconds: 3600 }
  const failAbandoned = () => run(failAbandonedJobs, limits, systemActor('system'))
  await failAbandoned()
  const watch =
    databaseUrl === undefined
      ? undefined
      : setInterval(() => {
          failAbandoned().catch((error: unknown) =>
            logger.error({ err: error }, 'abandoned jobs could not be ended'),
          )
        }, 30_000).unref()
  return {
    queue,
    stop: async () => {
      clearInterval(watch)
      await queue.stop()
    },
  }
}

const clearingMilliseconds = 600_000

/** Frees, now and then, the space of what expired, and tells of requests that did. Nothing waits for it. */
export const startClearing = ({ run, store }: Workspace, { logger }: World) => {
  let clearing: Promise<void> | undefined
  let isEnding = false
  const clear = async () => {
    while (!isEnding && (await store.protocolRecords.sweep()));
    for (const operation of [clearOutSignIns, expireRoleRequests]) {
      while (!isEnding && (await run(operation, {}, systemActor('system'))));
    }
  }
  const timer = setInterval(() => {
    clearing ??= clear()
      .catch((error: unknown) => logger.error({ err: error }, 'what expired could not be cleared out'))
      .finally(() => {
        clearing = undefined
      })
  }, clearingMilliseconds).unref()
  return {
    stop: async () => {
      isEnding = true
      clearInterval(timer)
      await clearing
    },
  }
}

/** Mails go out beside the requests: to the mail server, or to the data directory. */
export const startMails = (
  { smtpUrl, mailFrom, dataDir, publicUrls }: Config,
  { run }: Workspace,
  follow: (wake: () => void) => () => void,
  { now, logger }: World,
) => {
  const { hostname } = new URL(publicUrls[0])
  return startMailWorker({
    run,
    transport: createMailTransport({ smtpUrl, mailFrom, dataDir, hostname, now }),
    follow,
    onError: (error) => logger.error({ err: error }, 'mails could not be sent'),
  })
}
