import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Header, type HeaderData } from 'tar'
import type { PackageFaultCode } from './install-result.ts'
import { createPackages, type Packages } from './packages.ts'

/** A registry that has just what a test publishes. */
type Published = { versions: Record<string, object>; latest: string; tarballs: Map<string, Buffer> }
const published = new Map<string, Published>()
let registry: Server
let origin: string
let folder: string
let packages: Packages
let requests: string[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-packages-'))
  registry = createServer((request, response) => {
    requests.push(request.url!)
    const [, name = '', , file] = decodeURIComponent(request.url!).split('/')
    const found = published.get(name)
    const tarball = file === undefined ? undefined : found?.tarballs.get(file)
    if (tarball) response.end(tarball)
    else if (found && file === undefined)
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ name, 'dist-tags': { latest: found.latest }, versions: found.versions }))
    else response.writeHead(404).end('{}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => registry.once('listening', resolve))
  origin = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
  packages = createPackages({
    folder,
    npmOptions: async () => ({ registry: origin }),
    limits: { bytes: 100_000, files: 50, packages: 8, asked: 3 },
  })
})
after(async () => {
  registry?.close()
  await rm(folder, { recursive: true, force: true })
})

type Entry = Partial<HeaderData> & { path: string; content?: string }

const tarOf = (entries: readonly Entry[]): Buffer => {
  const blocks = entries.flatMap(({ content = '', ...fields }) => {
    const header = new Header({ mode: 0o644, type: 'File', size: content.length, ...fields })
    header.encode()
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
    body.write(content)
    return [header.block!, body]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

const publish = (
  name: string,
  version: string,
  { entries = [], ...manifest }: { entries?: Entry[]; [field: string]: unknown } = {},
) => {
  const written = JSON.stringify({ name, version, ...manifest })
  const tarball = tarOf([
    { path: 'package/package.json', content: written },
    { path: 'package/index.js', content: `module.exports = '${name} ${version}'` },
    ...entries,
  ])
  const found: Published = published.get(name) ?? { versions: {}, latest: version, tarballs: new Map() }
  found.latest = version
  found.tarballs.set(`${name}-${version}.tgz`, tarball)
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  found.versions[version] = {
    name,
    version,
    ...manifest,
    dist: { tarball: `${origin}${name}/-/${name}-${version}.tgz`, integrity },
  }
  published.set(name, found)
}

const faultOf = async (
  ...asked: { name: string; version?: string }[]
): Promise<[PackageFaultCode, string]> => {
  const result = await packages.install(asked)
  assert.ok(!result.ok, JSON.stringify(result))
  return [result.faults[0]!.code, result.faults[0]!.message]
}

test('a blank version is the newest one, pinned with its integrity, with what it needs', async () => {
  publish('needed', '2.0.0')
  publish('greeter', '1.0.0')
  publish('greeter', '1.2.0', { dependencies: { needed: '^2.0.0' } })
  const steps: string[] = []
  const result = await packages.install([{ name: 'greeter' }], ({ phase, done, total }) =>
    steps.push(`${phase} ${done}/${total}`),
  )
  assert.ok(result.ok, JSON.stringify(result))
  const [greeter] = result.resolved
  assert.deepEqual([greeter!.asked, greeter!.version], ['', '1.2.0'])
  assert.match(greeter!.integrity, /^sha512-/)
  assert.equal(
    await readFile(join(result.bundle, 'node_modules/greeter/index.js'), 'utf8'),
    `module.exports = 'greeter 1.2.0'`,
  )
  assert.ok(existsSync(join(result.bundle, 'node_modules/needed/index.js')))
  assert.deepEqual(steps, ['resolving 0/1', 'fetching 1/2', 'fetching 2/2', 'done 2/2'])
})

test('scripts with the same packages share a folder; an earlier version has another', async () => {
  publish('shared', '1.0.0')
  const first = await packages.install([{ name: 'shared', version: '1.0.0' }])
  publish('shared', '1.1.0')
  const again = await packages.install([{ name: 'shared', version: '1.0.0' }])
  const newer = await packages.install([{ name: 'shared', version: 'latest' }])
  assert.ok(first.ok && again.ok && newer.ok)
  assert.equal(again.bundle, first.bundle)
  assert.notEqual(newer.bundle, first.bundle)
})

test('a bundle is made again from what was pinned, without asking for versions', async () => {
  publish('kept', '1.0.0')
  const asked = [{ name: 'kept' }]
  const first = await packages.install(asked)
  assert.ok(first.ok)
  const elsewhere = createPackages({
    folder: join(folder, 'elsewhere'),
    npmOptions: async () => ({ registry: origin }),
  })
  publish('kept', '2.0.0')
  requests = []
  const again = await elsewhere.restore(asked, first.lock)
  assert.ok(again.ok, JSON.stringify(again))
  assert.equal(again.resolved[0]!.version, '1.0.0')
  assert.deepEqual(requests, ['/kept/-/kept-1.0.0.tgz'])
})

test('other bytes than those pinned are refused', async () => {
  publish('swapped', '1.0.0')
  const first = await packages.install([{ name: 'swapped' }])
  assert.ok(first.ok)
  published
    .get('swapped')!
    .tarballs.set('swapped-1.0.0.tgz', tarOf([{ path: 'package/package.json', content: '{}' }]))
  const elsewhere = createPackages({
    folder: join(folder, 'swapped'),
    npmOptions: async () => ({ registry: origin }),
  })
  const again = await elsewhere.restore([{ name: 'swapped' }], first.lock)
  assert.ok(!again.ok)
  assert.equal(again.faults[0]!.code, 'broken')
})

test('install scripts are not run, and are told of', async () => {
  const trace = join(folder, 'ran')
  publish('eager', '1.0.0', { hasInstallScript: true, scripts: { postinstall: `touch ${trace}` } })
  const result = await packages.install([{ name: 'eager' }])
  assert.ok(result.ok)
  assert.deepEqual(result.warnings, ['eager@1.0.0 has install scripts; they are not run'])
  assert.equal(existsSync(trace), false)
})

test('a package that is not there, or not in that version, is named', async () => {
  assert.deepEqual(await faultOf({ name: 'missing' }), [
    'unknown_package',
    'The registry has no missing@latest',
  ])
  publish('old', '1.0.0')
  assert.deepEqual(await faultOf({ name: 'old', version: '9.0.0' }), [
    'unknown_version',
    'There is no version old@9.0.0',
  ])
})

test('names and versions that are none are refused before anybody is asked', async () => {
  requests = []
  assert.equal((await faultOf({ name: '../etc' }))[0], 'invalid_name')
  assert.equal((await faultOf({ name: 'x', version: 'git+https://example.com/x' }))[0], 'invalid_version')
  assert.equal((await faultOf({ name: 'x', version: 'file:../x' }))[0], 'invalid_version')
  assert.equal((await faultOf({ name: 'x', version: 'npm:y@1' }))[0], 'invalid_version')
  assert.equal((await faultOf({ name: 'x' }, { name: 'x' }))[0], 'invalid_name')
  assert.equal((await faultOf({ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }))[0], 'too_many')
  assert.deepEqual(requests, [])
})

for (const [what, spec] of [
  ['git', 'git+https://127.0.0.1:1/x.git'],
  ['a URL', 'http://127.0.0.1:1/x.tgz'],
  ['a file', 'file:../../../../etc'],
]) {
  test(`what a package needs from ${what} is refused`, async () => {
    const name = `needs-${what!.replace(/\W/gu, '-').toLowerCase()}`
    publish(name, '1.0.0', { dependencies: { hidden: spec } })
    assert.equal((await faultOf({ name }))[0], 'not_allowed')
  })
}

for (const [what, entry] of [
  ['a path that leads out', { path: 'package/../../../outside.js', content: 'x' }],
  ['an absolute path', { path: '/outside.js', content: 'x' }],
  ['a symbolic link', { path: 'package/link', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
  ['a hard link', { path: 'package/link', type: 'Link', linkpath: '/etc/passwd' }],
  ['a device', { path: 'package/device', type: 'CharacterDevice' }],
] satisfies [string, Entry][]) {
  test(`an archive with ${what} is refused and leaves nothing`, async () => {
    const name = `bad-${what.replace(/\W/gu, '-')}`
    publish(name, '1.0.0', { entries: [entry] })
    const bundles = await readdir(join(folder, 'bundles'))
    const [code, message] = await faultOf({ name })
    assert.equal(code, 'not_allowed', message)
    assert.deepEqual(await readdir(join(folder, 'bundles')), bundles)
    assert.equal(existsSync(join(folder, 'outside.js')), false)
  })
}

test('packages that are too large, too many files or too many packages are refused', async () => {
  publish('large', '1.0.0', { entries: [{ path: 'package/large.txt', content: 'x'.repeat(200_000) }] })
  assert.equal((await faultOf({ name: 'large' }))[0], 'too_large')
  publish('crumbs', '1.0.0', {
    entries: Array.from({ length: 60 }, (_, n) => ({ path: `package/${n}`, content: 'x' })),
  })
  assert.equal((await faultOf({ name: 'crumbs' }))[0], 'too_large')
  const needs = Array.from({ length: 9 }, (_, n) => `part-${n}`)
  for (const name of needs) publish(name, '1.0.0')
  publish('wide', '1.0.0', { dependencies: Object.fromEntries(needs.map((name) => [name, '1'])) })
  assert.equal((await faultOf({ name: 'wide' }))[0], 'too_large')
})

test('a registry that is not there is an answer, not an exception', async () => {
  const unreachable = createPackages({
    folder: join(folder, 'unreachable'),
    npmOptions: async () => ({ registry: 'http://127.0.0.1:1/', fetchRetries: 0 }),
  })
  const result = await unreachable.install([{ name: 'any' }])
  assert.ok(!result.ok)
  assert.equal(result.faults[0]!.code, 'unreachable')
})
