import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Command } from 'commander'
import { readIfThere, replaceFile } from '#crypto/files.ts'
import { type BackupRow, countRows, NotEmptyError, readRows, writeRows } from '#store/backup.ts'
import { migrate } from '#store/open.ts'
import { openDatabase, sealingKeyPath } from '../compose/database.ts'
import { readConfig } from '../config.ts'
import { reporting, withJson } from './command.ts'
import { UsageError } from './faults.ts'
import { linesOf } from './lines.ts'
import { createOutput } from './output.ts'

const format = 'rolecall-backup-1'
type Header = { format: string; createdAt: string; sealingKey: string }
type Options = { json?: boolean }

export const addBackup = (program: Command): void => {
  withJson(
    program.command('backup').description('write everything to a file, the key of its secrets included'),
  )
    .argument('<file>', 'a new file, as rolecall.backup.gz; readable by you alone')
    .action((file: string, options: Options) => reporting(options, () => backup(file, options)))
  withJson(
    program.command('restore').description('read a backup into an empty database, of whichever engine'),
  )
    .argument('<file>')
    .action((file: string, options: Options) => reporting(options, () => restore(file, options)))
}

const backup = async (file: string, { json = false }: Options): Promise<void> => {
  const output = createOutput({ json })
  const config = readConfig(process.env)
  const engine = await openDatabase(config)
  try {
    const sealingKey = (await readFile(sealingKeyPath(config))).toString('base64')
    const progress = output.progress('Backing up', await countRows(engine))
    const rows = await writeFile(file, async (write) => {
      await write({ format, createdAt: new Date().toISOString(), sealingKey } satisfies Header)
      return readRows(engine, async (batch) => {
        for (const row of batch) await write(row)
        progress.advance(batch.length)
      })
    })
    progress.done(`Backed up ${rows} rows.`)
    output.show({ file, rows }, ['file', 'rows'])
  } finally {
    await engine.close()
  }
}

type Write = (value: object) => Promise<void>

/** A new file of zipped lines of JSON; what could not be finished is removed. */
const writeFile = async <T>(file: string, work: (write: Write) => Promise<T>): Promise<T> => {
  const handle = await open(file, 'wx', 0o600)
  const zip = createGzip()
  const written = pipeline(zip, handle.createWriteStream())
  try {
    const result = await Promise.race([
      work(async (value) => {
        if (!zip.write(`${JSON.stringify(value)}\n`)) await once(zip, 'drain')
      }),
      // Only a failure ends it before its end is written.
      written.then(() => Promise.reject(new Error('The file was closed.'))),
    ])
    zip.end()
    await written
    return result
  } catch (error) {
    zip.destroy()
    await rm(file, { force: true })
    throw error
  }
}

const restore = async (file: string, { json = false }: Options): Promise<void> => {
  const output = createOutput({ json })
  const config = readConfig(process.env)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const lines = linesOf(unzipped(file))
  const { sealingKey } = await readHeader(file, lines)
  const engine = await openDatabase(config)
  try {
    let rows = 0
    await replaceKey(sealingKeyPath(config), sealingKey, async () => {
      await migrate(engine)
      rows = await writeRows(engine, batchesOf(file, lines))
    })
    output.show({ file, rows }, ['file', 'rows'])
  } catch (error) {
    throw error instanceof NotEmptyError
      ? new UsageError(`${error.message} Restore into an empty one.`)
      : error
  } finally {
    await engine.close()
  }
}

const unzipped = (file: string) => {
  const zip = createGunzip()
  createReadStream(file)
    .on('error', (error) => zip.destroy(error))
    .pipe(zip)
  return zip
}

const readHeader = async (file: string, lines: AsyncIterator<string, undefined>): Promise<Header> => {
  const refuse = (why: string) => new UsageError(`${file} is no backup of Rolecall: ${why}`)
  const { value } = await lines.next().catch((error: Error) => Promise.reject(refuse(error.message)))
  let header: Partial<Header>
  try {
    header = JSON.parse(value ?? '{}') as Partial<Header>
  } catch {
    throw refuse('its first line is not JSON')
  }
  if (header.format !== format || typeof header.sealingKey !== 'string')
    throw refuse(`it is not of the form ${format}`)
  return header as Header
}

/** @throws UsageError where the file ends too early or is damaged */
async function* batchesOf(file: string, lines: AsyncIterator<string, undefined>): AsyncIterable<BackupRow[]> {
  let batch: BackupRow[] = []
  for (;;) {
    const row = await readRow(lines).catch((error: Error) => {
      throw new UsageError(`${file} is damaged: ${error.message}`)
    })
    if (!row) break
    batch.push(row)
    if (batch.length < 1000) continue
    yield batch
    batch = []
  }
  yield batch
}

const readRow = async (lines: AsyncIterator<string, undefined>): Promise<BackupRow | undefined> => {
  const { value, done } = await lines.next()
  return done ? undefined : (JSON.parse(value) as BackupRow)
}

/** Secrets of the backup open only with its key. The key that was there is put back when the work fails. */
const replaceKey = async (path: string, key: string, work: () => Promise<void>): Promise<void> => {
  const before = await readIfThere(path)
  await replaceFile(path, Buffer.from(key, 'base64'))
  try {
    await work()
  } catch (error) {
    if (before) await replaceFile(path, before)
    else await rm(path)
    throw error
  }
}
