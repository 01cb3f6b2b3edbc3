import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generated } from './generated.ts'

/** Writes every generated file again. `test/generated.test.ts` fails when one is out of date. */
const root = join(import.meta.dirname, '..')
for (const { path, render } of generated) {
  const file = join(root, path)
  const before = await readFile(file, 'utf8').catch(() => '')
  const after = await render(before)
  if (after === before) continue
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, after)
  console.log(`wrote ${path}`)
}
