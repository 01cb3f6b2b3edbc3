import type { JsonObject } from '../json.ts'
import { command, type Services } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Job } from './job.ts'
import type { ExportInput } from './start.ts'

/** Long enough to follow, too short to be found in somebody's history. */
const lifetimeMilliseconds = 10 * 60_000

const context = 'link to an export'

type Link = { jobId: string; nonce: string; expiresAt: number }

/** The secret of a link to an export: good once, for ten minutes. Only those who may see the job are told one. */
export const newDownloadLink = (
  { sealer, newSecret }: Pick<Services, 'sealer' | 'newSecret'>,
  jobId: string,
  at: number,
): string =>
  sealer.seal(
    JSON.stringify({ jobId, nonce: newSecret(12), expiresAt: at + lifetimeMilliseconds } satisfies Link),
    context,
  )

const openLink = (sealer: Services['sealer'], text: string): Link | undefined => {
  try {
    return JSON.parse(sealer.open(text, context)) as Link
  } catch {
    return undefined
  }
}

export type RedeemedExport = ExportInput & { jobId: string }

/**
 * Uses a link to an export up. Whoever follows it acts with the rights of who started the export, as long as he has
 * them.
 * @throws not_found for a link that is used, expired or of another job, forbidden
 */
export const redeemDownload = command<{ jobId: string; link: string }, RedeemedExport, Link | undefined>({
  name: 'redeem link to export',
  needs: { anyone: 'Whoever has the link, which is told to those who may see the job' },
  prepare: async ({ link }, { sealer }) => openLink(sealer, link),
  run: async (tx, { jobId }, _actor, link) => {
    const job = link && link.jobId === jobId ? await tx.jobs.find(jobId) : undefined
    const used = job ? usedLinks(job).filter(({ expiresAt }) => expiresAt > tx.now()) : []
    const isGood = link && link.expiresAt > tx.now() && used.every(({ nonce }) => nonce !== link.nonce)
    const { input } = found(isGood ? job : undefined, 'ticket', jobId)
    const redeemed = input as unknown as ExportInput
    await requireMayDo(tx, redeemed.startedBy, ['users:read'], workspace)
    const { nonce, expiresAt } = link!
    const links = [...used, { nonce, expiresAt }]
    await tx.jobs.update(jobId, { summary: { links } satisfies JsonObject })
    return { ...redeemed, jobId }
  },
})

const usedLinks = ({ summary }: Job): { nonce: string; expiresAt: number }[] =>
  (summary.links as { nonce: string; expiresAt: number }[] | undefined) ?? []
