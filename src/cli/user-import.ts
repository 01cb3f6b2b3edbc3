import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { finishJob } from '#core/jobs/finish.ts'
import type { Job } from '#core/jobs/job.ts'
import { listJobErrors, listJobs } from '#core/jobs/read.ts'
import { startUsersImport } from '#core/jobs/start.ts'
import { equal, every } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import type { Refusal } from '#core/refusals.ts'
import { countsOf, type ImportCounts, type ImportRecord, importUsers } from '#core/users/import.ts'
import { operator } from './command.ts'
import { wordRefusal } from './faults.ts'
import { readRecords } from './user-file.ts'
import { decodeRecord, type FindRole } from './user-record.ts'

export type ImportFile = {
  file: string
  connectionId: string
  updatesExisting: boolean
  findRole: FindRole
  /** Called with the bytes that were read. */
  advance: (bytes: number) => void
}

export type Refused = { line: number; user: string; code: string; message: string; path: string }

export type ImportedFile = ImportCounts & {
  jobId: string
  /** How many records an earlier run, which was interrupted, had stored or refused already. */
  resumedAt: number
}

/** Each batch is one transaction, and others wait for it. */
const batchSize = 200

/**
 * Stores the users of a file. How far it has come is kept with each batch, in its transaction: a run that was killed
 * is gone on with where it stood, by the same command with the same file, and nobody is stored or refused twice.
 */
export const importFile = async (
  run: Run,
  { file, connectionId, updatesExisting, findRole, advance }: ImportFile,
): Promise<ImportedFile> => {
  const externalId = await keyOf(file, { connectionId, updatesExisting })
  const job =
    (await findInterrupted(run, externalId)) ??
    (await run(startUsersImport, { connectionId, updatesExisting, externalId, isResumable: true }, operator))
  const counts = { ...countsOf(job) }
  const resumedAt = counts.inserted + counts.updated + counts.failed
  const batches = batchesOf(readRecords(file, advance), findRole, resumedAt)
  for await (const records of batches) {
    const input = { connectionId, updatesExisting, records, word, job: { id: job.id, total: 0 } }
    const done = await run(importUsers, input, operator)
    for (const name of ['inserted', 'updated', 'failed'] as const) counts[name] += done[name]
  }
  const total = counts.inserted + counts.updated + counts.failed
  await run(finishJob, { jobId: job.id, status: 'completed', summary: { ...counts, total } }, operator)
  return { ...counts, jobId: job.id, resumedAt }
}

/** The lines that were refused, in their order; read page by page, however many there are. */
export async function* refusedOf(run: Run, jobId: string): AsyncGenerator<Refused> {
  let after: string | undefined
  do {
    const listing = { limit: 500, ...(after !== undefined && { after }) }
    const { items, next } = await run(listJobErrors, { jobId, listing }, operator)
    for (const { item, code, message, path } of items) {
      yield { line: Number(item.line), code, message, path, user: nameOf(item) }
    }
    after = next
  } while (after !== undefined)
}

/** Writes every refused line to a new file, as JSON lines. */
export const writeReport = async (run: Run, jobId: string, file: string): Promise<void> => {
  const lines = async function* () {
    for await (const refused of refusedOf(run, jobId)) yield `${JSON.stringify(refused)}\n`
  }
  await pipeline(lines, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
}

const word = (refusal: Refusal) => ({
  code: refusal.code,
  message: wordRefusal(refusal),
  path: 'field' in refusal ? refusal.field : '',
})

const nameOf = ({ user_id: id, email, username }: ImportRecord['item']): string =>
  String(email ?? username ?? id ?? '')

const findInterrupted = async (run: Run, externalId: string): Promise<Job | undefined> => {
  const filter = every(equal('kind', 'users-import'), {
    field: 'status',
    in: ['pending', 'processing'],
  })!
  const { items } = await run(listJobs, { listing: { filter, limit: 1000 } }, operator)
  return items.find(({ input }) => input.externalId === externalId)
}

const sampleBytes = 65_536

/** What tells a file from others without reading all of it: its length, beginning and end, and what is done with it. */
const keyOf = async (file: string, how: object): Promise<string> => {
  const { size } = await stat(file)
  const handle = await open(file)
  try {
    const hash = createHash('sha256').update(JSON.stringify({ size, ...how }))
    for (const position of [0, Math.max(0, size - sampleBytes)]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return `file:${hash.digest('base64url')}`
  } finally {
    await handle.close()
  }
}

async function* batchesOf(
  records: ReturnType<typeof readRecords>,
  findRole: FindRole,
  skipped: number,
): AsyncGenerator<ImportRecord[]> {
  let batch: ImportRecord[] = []
  let seen = 0
  for await (const record of records) {
    seen += 1
    if (seen <= skipped) continue
    batch.push(decodeRecord(record, findRole))
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
