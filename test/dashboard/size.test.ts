import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { buildDashboard } from '../../dashboard/build.ts'

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; dynamicImports?: string[] }

const limitBytes = 200_000

let directory: string
let manifest: Record<string, Chunk>
before(async () => {
  directory = await buildDashboard()
  manifest = JSON.parse(await readFile(join(directory, '.vite', 'manifest.json'), 'utf8'))
})

/** What a browser fetches for these modules: they themselves and all that they import at once. */
const filesOf = (names: readonly string[], seen = new Set<string>()): Set<string> => {
  for (const name of names) {
    const chunk = manifest[name]
    assert.ok(chunk, `${name} is built`)
    if (seen.has(chunk.file)) continue
    seen.add(chunk.file)
    filesOf(chunk.imports ?? [], seen)
  }
  return seen
}

/** As browsers get it: brotli. */
const weigh = async (names: readonly string[]): Promise<number> => {
  const files = [...filesOf(['index.html', ...names])].filter((file) => file.endsWith('.js'))
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(directory, `${file}.br`))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

const routes = await readFile(join(import.meta.dirname, '../../dashboard/src/routes.tsx'), 'utf8')
const pages = new Set(
  [...routes.matchAll(/import\('\.\/(pages\/[^']+)'\)/gu)].map(([, page]) => `src/${page}`),
)

for (const page of pages) {
  const isInFrame = !['src/pages/sign-in.tsx', 'src/pages/set-up.tsx'].includes(page)
  test(`what is opened first takes less than 200 kB of compressed scripts: ${page}`, async () => {
    const bytes = await weigh(isInFrame ? ['src/shell/shell.tsx', page] : [page])
    assert.ok(bytes > 20_000 && bytes < limitBytes, `${bytes} bytes`)
  })
}
