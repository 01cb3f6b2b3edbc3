import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { listConnections } from '#core/connections/read.ts'
import { equal } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import { found } from '#core/refusals.ts'
import { listRoles } from '#core/roles/read.ts'
import { listUsers } from '#core/users/read.ts'
import { inWorkspace, operator, withJson } from './command.ts'
import { writeCsvRow } from './csv.ts'
import type { Output } from './output.ts'
import { type Format, formatOf, formats } from './user-file.ts'
import { importFile, type Refused, refusedOf, writeReport } from './user-import.ts'
import { encodeCells, encodeRecord, type FindRole, roleFinder, writtenFields } from './user-record.ts'

type ImportOptions = { json?: boolean; connection: string; upsert?: boolean; report?: string }
type ExportOptions = { json?: boolean; format?: Format }

export const addUser = (program: Command): void => {
  const user = program.command('user').description('bring many users in, and write them out')
  withJson(
    user.command('import').description('create the users of a file, with their roles and password hashes'),
  )
    .argument('<file>', `by its extension: ${formats.join(', ')}; Auth0’s fields, and roles by name or id`)
    .option('--connection <name>', 'whose passwords they sign in with', defaultConnectionName)
    .option('--upsert', 'change users who are here already')
    .option('--report <file>', 'a new file for every line that was refused')
    .action((file: string, options: ImportOptions) =>
      inWorkspace(options, ({ run }, output) => bringIn(run, output, file, options)),
    )
  withJson(user.command('export').description('write all users, with the roles they hold in the workspace'))
    .argument('[file]', 'a new file; otherwise they go to standard output')
    .addOption(new Option('--format <format>', 'default: by the extension').choices(formats))
    .action((file: string | undefined, options: ExportOptions) =>
      inWorkspace(options, ({ run }, output) => exportFile(run, output, file, options)),
    )
}

/** More are in the report; a table of a million lines helps nobody. */
const shownLines = 1000

const bringIn = async (
  run: Run,
  output: Output,
  file: string,
  { connection, upsert = false, json = false, report }: ImportOptions,
): Promise<void> => {
  const connectionId = await findConnection(run, connection)
  const findRole = await findRolesOf(run)
  const progress = output.progress(`Importing ${file}`, (await stat(file)).size)
  const { advance } = progress
  const input = { file, connectionId, updatesExisting: upsert, findRole, advance }
  const { jobId, resumedAt, ...counts } = await importFile(run, input)
  progress.done(`Read ${file}.`)
  if (report !== undefined) await writeReport(run, jobId, report)
  const refused: Refused[] = []
  for await (const each of refusedOf(run, jobId)) {
    if (refused.length === shownLines) break
    refused.push(each)
  }
  if (resumedAt > 0) output.say(`Went on behind ${resumedAt} records that were done already.`)
  if (json) output.show({ ...counts, ...(resumedAt > 0 && { resumedAt }), refused }, [])
  else {
    output.show(counts, ['inserted', 'updated', 'failed'])
    if (refused.length > 0) output.say('')
    if (refused.length > 0) output.show(refused, ['line', 'user', 'path', 'message'])
    if (counts.failed > refused.length) output.say(`and ${counts.failed - refused.length} more: see --report`)
  }
  if (counts.failed > 0) process.exitCode = 1
}

const findConnection = async (run: Run, name: string): Promise<string> => {
  const { items } = await run(
    listConnections,
    { listing: { filter: equal('name', name), limit: 1 } },
    operator,
  )
  return found(items[0], 'connection', name).id
}

const findRolesOf = async (run: Run): Promise<FindRole> => {
  const { items } = await run(listRoles, { listing: { limit: 100_000 }, withBuiltIns: true }, operator)
  return roleFinder(items)
}

const pageSize = 500

const exportFile = async (
  run: Run,
  output: Output,
  file: string | undefined,
  { format = file === undefined ? 'jsonl' : formatOf(file) }: ExportOptions,
): Promise<void> => {
  const findRole = await findRolesOf(run)
  const first = await run(listUsers, { listing: { limit: 1, total: true } }, operator)
  const progress = output.progress('Exporting', first.total ?? 0)
  let users = 0
  const pages = async function* (): AsyncGenerator<string> {
    yield heads[format]
    let after: string | undefined
    do {
      const listing = { limit: pageSize, ...(after !== undefined && { after }) }
      const { items, next } = await run(listUsers, { listing, withRoles: true }, operator)
      yield items.map((user, at) => write[format](encodeRecord(user, findRole), users + at === 0)).join('')
      users += items.length
      progress.advance(items.length)
      after = next
    } while (after !== undefined)
    yield tails[format]
  }
  if (file === undefined) return pipeline(pages, process.stdout, { end: false })
  await pipeline(pages, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  progress.done(`Exported ${users} users.`)
  output.show({ file, users }, ['file', 'users'])
}

const heads: Readonly<Record<Format, string>> = { jsonl: '', json: '[', csv: writeCsvRow(writtenFields) }
const tails: Readonly<Record<Format, string>> = { jsonl: '', json: '\n]\n', csv: '' }

const write: Readonly<Record<Format, (record: ReturnType<typeof encodeRecord>, isFirst: boolean) => string>> =
  {
    jsonl: (record) => `${JSON.stringify(record)}\n`,
    json: (record, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(record)}`,
    csv: (record) => writeCsvRow(encodeCells(record)),
  }
