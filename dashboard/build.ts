import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Builds the dashboard into `dist` when what lies there was made from other sources. `npm start` begins with it. */

const root = import.meta.dirname
const dist = join(root, 'dist')
const stampFile = join(dist, 'sources.sha256')

/** What the build depends on: sources, settings, and the exact packages. */
const sourceStamp = async (): Promise<string> => {
  const inside = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const files = [
    ...inside,
    ...['index.html', 'vite.config.ts', 'build.ts'].map((name) => join(root, name)),
    join(root, '..', 'package-lock.json'),
  ].sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.slice(root.length)}\n`).update(await readFile(file))
  return hash.digest('hex')
}

const isFresh = async (stamp: string): Promise<boolean> =>
  existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp

/** Of several processes one builds; the others wait for it. A lock that nobody holds any more is taken after a while. */
const withLock = async (work: () => Promise<void>): Promise<void> => {
  const lock = join(root, '.building')
  for (;;) {
    const isMine = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (isMine) break
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > 120_000) await rm(lock, { recursive: true, force: true })
    await sleep(200)
  }
  try {
    await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** Beside each file that is text, the same one compressed: done once here instead of for every visitor. */
const compress = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (!/\.(?:js|css|svg)$/u.test(name)) continue
    const bytes = await readFile(join(directory, name))
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    }
    await writeFile(join(directory, `${name}.br`), await promisify(brotliCompress)(bytes, { params }))
    await writeFile(join(directory, `${name}.gz`), await promisify(gzip)(bytes))
  }
}

/** @returns where the built dashboard lies */
export const buildDashboard = async (): Promise<string> => {
  const stamp = await sourceStamp()
  if (await isFresh(stamp)) return dist
  await withLock(async () => {
    if (await isFresh(stamp)) return
    console.error('building the dashboard …')
    const { build } = await import('vite')
    const made = `${dist}.new`
    await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: made, emptyOutDir: true },
    })
    await compress(join(made, 'assets'))
    await writeFile(join(made, 'sources.sha256'), stamp)
    await rm(dist, { recursive: true, force: true })
    await rename(made, dist)
  })
  return dist
}

if (import.meta.main) await buildDashboard()
