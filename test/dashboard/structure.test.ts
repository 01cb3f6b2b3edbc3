import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const source = join(import.meta.dirname, '..', '..', 'dashboard', 'src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/u.test(path) && !path.startsWith('api/'))
const textOf = (path: string): string => readFileSync(join(source, path), 'utf8')

test('ui/ knows neither data nor addresses', () => {
  const forbidden =
    /from '(?:@tanstack\/[^']+|\.\.\/(?:server|session|paging|paths|link|routes|change|live|names|pages|forms|shell)[^']*)'/u
  assert.deepEqual(
    files.filter((path) => path.startsWith('ui/') && forbidden.test(textOf(path))),
    [],
  )
  assert.ok(files.filter((path) => path.startsWith('ui/')).length > 5)
})

test('addresses within the dashboard come from paths.ts', () => {
  const written = /\b(?:to|href|go)(?:=|=\{|\()\s*['"`]\//u
  assert.deepEqual(
    files.filter((path) => path !== 'paths.ts' && written.test(textOf(path))),
    [],
  )
})

test('the server is reached through the generated client alone', () => {
  const reaching = files.filter((path) => /\bfetch\(|XMLHttpRequest|new EventSource/u.test(textOf(path)))
  // The live stream is read as it comes, which no generated client does.
  assert.deepEqual(reaching, ['live.ts'])
})
