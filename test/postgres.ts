import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate, openEngine } from '#store/open.ts'

/** Default collation of a database: by bytes, or as English readers sort. Our columns must not depend on it. */
export type Collation = 'bytes' | 'english'

const creation: Record<Collation, string> = {
  bytes: `locale 'C'`,
  english: `locale_provider icu icu_locale 'en-US' locale 'C'`,
}

/** Where a run of many files finds the server that they share. */
const sharedVariable = 'ROLECALL_TEST_POSTGRES'

let running: Promise<string> | undefined
let handedOut = 0
const templates = new Map<Collation, Promise<string>>()

/**
 * Starts a server for every test file of this run: each would start its own otherwise, which takes longer than most of
 * what they test.
 */
export const sharePostgres = async (): Promise<void> => {
  const server = await startServer()
  running = Promise.resolve(server)
  await makeTemplate('bytes', templateName('bytes'))
  process.env[sharedVariable] = server
}

/**
 * The URL of a fresh database on a real PostgreSQL server: the one of this run, or else one that the first call starts
 * (about a second) and that ends with this process, however that ends. `migrated`: with our tables in it, copied from
 * a template.
 */
export const freshDatabase = async (
  options: { collation?: Collation; migrated?: boolean } = {},
): Promise<string> => {
  const { collation = 'bytes', migrated = true } = options
  handedOut += 1
  const name = `test_${process.pid}_${handedOut}`
  if (!migrated) return createDatabase(name, `template template0 ${creation[collation]}`)
  const template = templates.get(collation) ?? ensureTemplate(collation)
  templates.set(collation, template)
  return createDatabase(name, `template ${await template}`)
}

/** Runs one statement on the database, beside whatever else is connected to it. */
export const onDatabase = async (url: string, statement: string, parameters: unknown[] = []) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement, parameters)).rows as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

const templateName = (collation: Collation): string => `template_${collation}`

/** The shared server has the one that nearly every suite wants; the others are each process's own. */
const ensureTemplate = (collation: Collation): Promise<string> => {
  const name = templateName(collation)
  const isShared = collation === 'bytes' && process.env[sharedVariable] !== undefined
  return isShared ? Promise.resolve(name) : makeTemplate(collation, `${name}_${process.pid}`)
}

const makeTemplate = async (collation: Collation, name: string): Promise<string> => {
  const engine = await openEngine(await createDatabase(name, `template template0 ${creation[collation]}`))
  await migrate(engine)
  await engine.close()
  return name
}

const createDatabase = async (name: string, how: string): Promise<string> => {
  const shared = process.env[sharedVariable]
  running ??= shared === undefined ? startServer() : Promise.resolve(shared)
  const server = await running
  await onDatabase(`${server}/postgres`, `create database ${name} ${how}`)
  return `${server}/${name}`
}

/** @throws when it did not get ready, so that a suite that needs it fails */
const startServer = async (): Promise<string> => {
  const script = fileURLToPath(new URL('postgres-server.ts', import.meta.url))
  const server = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(server.stdout)
  const url = await new Promise<string>((settle, reject) => {
    lines.once('line', settle)
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`The PostgreSQL server ended with code ${code}.`)))
  })
  // It must not keep this process alive; the end of its standard input is its sign to go.
  server.unref()
  for (const pipe of [server.stdin, server.stdout] as unknown as { unref(): void }[]) pipe.unref()
  return url
}
