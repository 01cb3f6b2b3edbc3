import { every } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import type { ListedMail, Mail, WrittenMail } from './mail.ts'
import { withoutSecrets } from './read.ts'
import { writeMail } from './write.ts'

/** Only the system does what is here, which holds every permission. */
const needs = 'settings:update'

/** The ids of mails whose time has come, the longest waiting first. */
export const findDueMails = query<{ limit: number }, string[]>({
  name: 'find due mails',
  needs,
  run: async ({ mails, now }, { limit }) => {
    const due = every(
      { field: 'status', is: 'equal', value: 'queued' },
      { field: 'nextTryAt', is: 'atMost', value: now() },
    )!
    const order = [{ field: 'nextTryAt', direction: 'ascending' } as const]
    return (await mails.list({ filter: due, order, limit })).items.map(({ id }) => id)
  },
})

export type ClaimMail = {
  mailId: string
  /** For how long nobody else will try it: longer than any mail server may take. */
  leaseSeconds: number
}

/**
 * Takes a due mail to be sent. Somebody else's try counts as failed when its lease is over; so a mail may go out twice
 * when a process ends in between, and is never lost.
 * @returns which try this is; undefined when somebody else was faster
 */
export const claimMail = command<ClaimMail, number | undefined>({
  name: 'claim mail',
  needs,
  run: async (tx, { mailId, leaseSeconds }) => {
    const mail = await tx.mails.find(mailId)
    if (mail?.status !== 'queued' || (mail.nextTryAt ?? 0) > tx.now()) return undefined
    const attempts = mail.attempts + 1
    await tx.mails.update(mailId, { attempts, nextTryAt: tx.now() + leaseSeconds * 1000 })
    return attempts
  },
})

/** A queued mail as it goes out, or why its template can't be read; undefined when it is gone. */
export const writeQueuedMail = query<
  { mailId: string },
  { mail: WrittenMail } | { fault: string } | undefined
>({
  name: 'write queued mail',
  needs,
  run: async (reader, { mailId }, _actor, services) => {
    const mail = await reader.mails.find(mailId)
    return mail && writeMail(reader, services, mail)
  },
})

export type FinishMail = {
  mailId: string
  attempt: number
  outcome: /** `isKept`: it lies where administrators read it, and its links stay readable for them. */
  { sent: true; isKept: boolean } | { sent: false; fault: string; isPermanent: boolean }
}

/** Notes what came of a try. One that is late changes nothing. */
export const finishMail = command<FinishMail, void>({
  name: 'finish mail',
  needs,
  run: async (tx, { mailId, attempt, outcome }) => {
    const mail = await tx.mails.find(mailId)
    if (mail?.status !== 'queued' || mail.attempts !== attempt) return
    if (outcome.sent) {
      await tx.mails.update(mailId, {
        status: 'sent',
        sentAt: tx.now(),
        nextTryAt: undefined,
        fault: undefined,
        ...(!outcome.isKept && { sealedSecrets: undefined }),
      })
      return
    }
    const pause = outcome.isPermanent ? undefined : pauseSeconds[mail.attempts - 1]
    const fault = outcome.fault.slice(0, 500)
    if (pause !== undefined) {
      await tx.mails.update(mailId, { nextTryAt: tx.now() + pause * 1000, fault })
      return
    }
    await tx.mails.update(mailId, { status: 'failed', nextTryAt: undefined, fault })
    await tx.emit({
      type: 'mail.failed',
      ...(mail.userId !== undefined && { userId: mail.userId }),
      target: { kind: 'mail', id: mailId },
      data: { template: mail.template, attempts: mail.attempts },
    })
  },
})

/** How long after each failed try the next one is made. About a day in all: as long as a mail server may be away. */
const pauseSeconds: readonly number[] = [10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]

/** Has a mail that failed, or waits for its next try, sent at once. @throws not_found, invalid for one that was sent */
export const retryMail = command<{ mailId: string }, ListedMail>({
  name: 'retry mail',
  needs: 'mails:send',
  run: async (tx, { mailId }) => {
    const mail = found(await tx.mails.find(mailId), 'mail', mailId)
    if (mail.status === 'sent') {
      throw new DomainError({ code: 'invalid', field: 'id', reason: 'The mail was sent already.' })
    }
    // One that is being sent right now has no fault yet, and is left to whoever sends it.
    if (mail.status === 'queued' && mail.fault === undefined) return withoutSecrets(mail)
    const changes = { status: 'queued', attempts: 0, nextTryAt: tx.now() } as const
    await tx.mails.update(mailId, changes)
    return withoutSecrets({ ...mail, ...changes })
  },
})

const keptMilliseconds = 30 * 86_400_000

/** Forgets mails of more than thirty days ago. @returns how many; call it again while there are some */
export const purgeMails = command<Record<never, never>, number>({
  name: 'purge mails',
  needs,
  run: async (tx) => {
    const filter = every(
      { field: 'createdAt', is: 'less', value: tx.now() - keptMilliseconds },
      { not: { field: 'status', is: 'equal', value: 'queued' } },
    )!
    const { items } = await tx.mails.list({ filter, limit: 500 })
    return removeMails(tx, items)
  },
})

/** Removes what was ever written to a user, sent or not. */
export const dropMails = async (tx: Tx, userId: string): Promise<void> => {
  const filter = { field: 'userId', is: 'equal', value: userId } as const
  for (;;) {
    const { items, next } = await tx.mails.list({ filter, limit: 500 })
    await removeMails(tx, items)
    if (next === undefined) return
  }
}

const removeMails = async (tx: Tx, mails: readonly Mail[]): Promise<number> => {
  for (const { id } of mails) await tx.mails.remove(id)
  return mails.length
}
