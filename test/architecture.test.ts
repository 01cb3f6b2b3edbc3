import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'

const source = join(import.meta.dirname, '..', 'src')

/** Which folder may import which, beside itself. `compose` and `cli` are the way in; tests beside a file may reach anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  conditions: ['core'],
  config: ['crypto'],
  crypto: [],
  store: ['core'],
  hooks: ['core'],
  mail: ['core'],
  http: ['core'],
  oidc: ['core', 'crypto', 'http', 'pages'],
  pages: ['core'],
  dialects: ['core', 'http'],
  cli: ['core', 'compose', 'config', 'crypto', 'mail', 'store'],
  compose: ['core', 'store', 'hooks', 'mail', 'http', 'oidc', 'dialects', 'crypto', 'config', 'conditions'],
}

/** Packages that reach the database, the network or the environment, and the only folders that may use them. */
const packages: Readonly<Record<string, readonly string[]>> = {
  kysely: ['store'],
  pg: ['store'],
  'node:sqlite': ['store'],
  'oidc-provider': ['oidc'],
  '@npmcli/arborist': ['hooks'],
  pacote: ['hooks'],
  '@marcbachmann/cel-js': ['conditions'],
  '@npmcli/config': ['hooks'],
  tar: ['hooks'],
  'node:child_process': ['hooks'],
  nodemailer: ['mail'],
  liquidjs: ['mail'],
}

const areaOf = (path: string): string =>
  path
    .split('/')[0]!
    .replace(/\.ts$/u, '')
    .replace(/^environment$/u, 'config')

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))
  .map((path) => path.replaceAll('\\', '/'))

const importsOf = (path: string): string[] => {
  const text = readFileSync(join(source, path), 'utf8')
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"]*?from\s+['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gu,
    ),
  ].map((match) => (match[1] ?? match[2])!)
}

/** The area of `src` that an import leads to; undefined for packages. */
const target = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('#src/')) return areaOf(specifier.slice('#src/'.length))
  if (specifier.startsWith('#')) return areaOf(specifier.slice(1))
  if (specifier.startsWith('.'))
    return areaOf(relative(source, join(source, from, '..', specifier)).replaceAll('\\', '/'))
  return undefined
}

test('imports follow the table of allowed edges', () => {
  const forbidden = files.flatMap((path) => {
    const area = areaOf(path)
    return importsOf(path)
      .map((specifier) => target(path, specifier))
      .filter((to) => to !== undefined && to !== area && !allowed[area]?.includes(to))
      .map((to) => `${path} imports ${to}`)
  })
  assert.deepEqual(forbidden, [])
  assert.ok(files.length > 50, 'the sources were found')
})

test('one dialect does not import another', () => {
  const dialectOf = (path: string) => /^dialects\/([^/]+)\//u.exec(path)?.[1]
  const forbidden = files.flatMap((path) =>
    importsOf(path)
      .map(
        (specifier) =>
          /^#dialects\/([^/]+)/u.exec(specifier)?.[1] ??
          (specifier.startsWith('../') ? specifier.split('/')[1] : undefined),
      )
      .filter(
        (to) =>
          to !== undefined &&
          dialectOf(path) !== undefined &&
          /^(auth0|native|dreamfactory|rocketchat)$/u.test(to) &&
          to !== dialectOf(path),
      )
      .map((to) => `${path} imports ${to}`),
  )
  assert.deepEqual(forbidden, [])
})

test('only the folder that owns a package uses it', () => {
  const forbidden = files.flatMap((path) =>
    importsOf(path)
      .map((specifier) =>
        Object.keys(packages).find((name) => specifier === name || specifier.startsWith(`${name}/`)),
      )
      .filter((name) => name !== undefined && !packages[name]!.includes(areaOf(path)))
      .map((name) => `${path} imports ${name}`),
  )
  assert.deepEqual(forbidden, [])
})

test('only the command line reads the environment', () => {
  const readers = files.filter((path) => /process\.env\b/u.test(readFileSync(join(source, path), 'utf8')))
  assert.deepEqual(
    readers.filter((path) => !path.startsWith('cli/')),
    [],
  )
})

test('only one door to time and randomness is used in the domain', () => {
  const users = files.filter(
    (path) =>
      path.startsWith('core/') &&
      /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID|randomBytes/u.test(
        readFileSync(join(source, path), 'utf8'),
      ),
  )
  assert.deepEqual(users, [])
})
