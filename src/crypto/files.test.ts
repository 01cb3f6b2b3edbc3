import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createOnce, readIfThere, replaceFile } from './files.ts'

const folder = await mkdtemp(join(tmpdir(), 'rolecall-files-'))
after(() => rm(folder, { recursive: true }))

test('whoever makes the file while another prepares the content wins, and both read the same', async () => {
  const path = join(folder, 'once')
  const late = await createOnce(path, async () => {
    await createOnce(path, () => 'first')
    return 'second'
  })
  assert.equal(late.toString(), 'first')
  assert.equal(await readFile(path, 'utf8'), 'first')
  assert.deepEqual(await readdir(folder), ['once'])
})

test('content that cannot be made leaves no file', async () => {
  const path = join(folder, 'failed', 'file')
  const making = createOnce(path, () => Promise.reject(new Error('no entropy')))
  await assert.rejects(making, /no entropy/)
  assert.equal(await readIfThere(path), undefined)
})

test('a replaced file holds the new content, for its owner only', async () => {
  const path = join(folder, 'replaced')
  await writeFile(path, 'old and longer', { mode: 0o644 })
  await replaceFile(path, 'new')
  assert.equal((await readIfThere(path))?.toString(), 'new')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

test('a fault other than a missing file is thrown', async () => {
  await assert.rejects(readIfThere(folder), /EISDIR/)
})
