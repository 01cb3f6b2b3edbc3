import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { generated } from './generated.ts'

for (const { path, render } of generated) {
  test(`${path} is up to date; \`npm run generate\` writes it`, async () => {
    const before = await readFile(join(import.meta.dirname, '..', path), 'utf8').catch(() => '')
    assert.equal(await render(before), before)
  })
}
