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

let running: Promise<string> | undefined
let handedOut = 0
const templates = new Map<Collation, Promise<string>>()

/**
 * The URL of a fresh database on a real PostgreSQL server. The first call starts the server (about a second); it ends
 * with this process, however that ends. `migrated`: with our tables in it, copied from a template.
 */
export const freshDatabase = async (
  options: { collation?: Collation; migrated?: boolean } = {},
): Promise<string> => {
  const { collation = 'bytes', migrated = true } = options
  handedOut += 1
  const name = `test_${handedOut}`
  if (!migrated) return createDatabase(name, `template template0 ${creation[collation]}`)
  const template = templates.get(collation) ?? makeTemplate(collation)
  templates.set(collation, template)
  await template
  return createDatabase(name, `template ${templateName(collation)}`)
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

const makeTemplate = async (collation: Collation): Promise<string> => {
  const url = await createDatabase(templateName(collation), `template template0 ${creation[collation]}`)
  const engine = await openEngine(url)
  await migrate(engine)
  await engine.close()
  return url
}

const createDatabase = async (name: string, how: string): Promise<string> => {
  running ??= startServer()
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
