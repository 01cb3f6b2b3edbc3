import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip, createGzip } from 'node:zlib'
import type { Command } from 'commander'
import { readIfThere, replaceFile } from '#crypto/files.ts'
import { type BackupRow, countRows, NotEmptyError, readRows, writeRows } from '#store/backup.ts'
import { migrate } from '#store/open.ts'
import { openDatabase, sealingKeyPath } from '../compose.ts'
import { readConfig } from '../config.ts'
import { reporting, withJson } from './command.ts'
import { UsageError } from './faults.ts'
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
    const zip = createGzip()
    const written = once(zip.pipe(createWriteStream(file, { flags: 'wx', mode: 0o600 })), 'finish')
    const write = async (value: object) => {
      if (!zip.write(`${JSON.stringify(value)}\n`)) await once(zip, 'drain')
    }
    await write({ format, createdAt: new Date().toISOString(), sealingKey } satisfies Header)
    let rows = 0
    await readRows(engine, async (batch) => {
      for (const row of batch) await write(row)
      rows += batch.length
      progress.advance(batch.length)
    })
    zip.end()
    await written
    progress.done(`Backed up ${rows} rows.`)
    output.show({ file, rows }, ['file', 'rows'])
  } finally {
    await engine.close()
  }
}

const restore = async (file: string, { json = false }: Options): Promise<void> => {
  const output = createOutput({ json })
  const config = readConfig(process.env)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const lines = createInterface({ input: unzipped(file), crlfDelay: Number.POSITIVE_INFINITY })
  const iterator = lines[Symbol.asyncIterator]()
  const { sealingKey } = await readHeader(file, iterator)
  const engine = await openDatabase(config)
  try {
    let rows = 0
    await replaceKey(sealingKeyPath(config), sealingKey, async () => {
      await migrate(engine)
      rows = await writeRows(engine, batchesOf(iterator))
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

const readHeader = async (file: string, lines: AsyncIterator<string>): Promise<Header> => {
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

async function* batchesOf(lines: AsyncIterator<string>): AsyncIterable<BackupRow[]> {
  let batch: BackupRow[] = []
  for (;;) {
    const { value, done } = await lines.next()
    if (done) break
    batch.push(JSON.parse(value) as BackupRow)
    if (batch.length < 1000) continue
    yield batch
    batch = []
  }
  yield batch
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
