import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ensureLocalAuthority, type LocalAuthority } from './authority.ts'

const day = 24 * 60 * 60 * 1000
const root = await mkdtemp(join(tmpdir(), 'rolecall-authority-'))
after(() => rm(root, { recursive: true }))

let folders = 0
const newFolder = () => join(root, String(++folders))
const ensure = (dataDir: string, hosts: string[] = [], now = Date.now()) =>
  ensureLocalAuthority({ dataDir, hosts, now: () => now })

const serve = async ({ certPem, keyPem }: LocalAuthority, host: string) => {
  const server = createServer({ cert: certPem, key: keyPem }, (_request, response) => response.end('hello'))
  server.listen(0, host)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

const fetchText = (url: string, ca: string | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    get(
      url,
      { ca, agent: false, timeout: 5000, family: url.includes('localhost') ? 4 : undefined },
      (response) => {
        response.setEncoding('utf8').once('data', resolve).once('error', reject)
      },
    )
      .once('error', reject)
      .once('timeout', () => reject(new Error('timeout')))
  })

const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)

test('a client that trusts only ca.pem is served by every loopback name, one that does not is refused', async () => {
  const dataDir = newFolder()
  const authority = await ensure(dataDir)
  const ca = await readFile(join(dataDir, 'ca.pem'), 'utf8')
  assert.equal(authority.caPem, ca)
  for (const listen of ['127.0.0.1', ...(hasIPv6 ? ['::1'] : [])]) {
    const { server, port } = await serve(authority, listen)
    try {
      const literal = listen === '::1' ? '[::1]' : listen
      assert.equal(await fetchText(`https://${literal}:${port}/`, ca), 'hello')
      if (listen !== '::1') assert.equal(await fetchText(`https://localhost:${port}/`, ca), 'hello')
      await assert.rejects(fetchText(`https://${literal}:${port}/`, undefined), /unable to verify/)
      const { caPem: stranger } = await ensure(newFolder())
      await assert.rejects(fetchText(`https://${literal}:${port}/`, stranger), /unable to verify/)
    } finally {
      server.close()
    }
  }
})

test('the authority may sign certificates and nothing else, for ten years', async () => {
  const now = Date.parse('2030-01-02T00:00:00Z')
  const ca = new X509Certificate((await ensure(newFolder(), [], now)).caPem)
  assert.equal(ca.ca, true)
  assert.equal(ca.verify(ca.publicKey), true)
  assert.deepEqual(ca.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' })
  // DER of basicConstraints { critical, CA true, pathlen 0 } and keyUsage { critical, keyCertSign, cRLSign }
  const der = ca.raw.toString('hex')
  assert.ok(der.includes('0603551d130101ff040830060101ff020100'))
  assert.ok(der.includes('0603551d0f0101ff040403020106'))
  assert.equal(ca.validFromDate.toISOString(), '2030-01-01T00:00:00.000Z')
  assert.equal(ca.validToDate.toISOString(), '2039-12-30T00:00:00.000Z')
})

test('the server certificate is for servers, names addresses as addresses, and lasts at most 397 days', async () => {
  const hosts = ['Roles.Example.com', '[2001:db8::7]', '192.0.2.7', 'grün.example.', '::1']
  const { certPem, caPem } = await ensure(newFolder(), hosts)
  const leaf = new X509Certificate(certPem)
  assert.deepEqual(leaf.subjectAltName?.split(', '), [
    'DNS:localhost',
    'IP Address:127.0.0.1',
    'IP Address:0:0:0:0:0:0:0:1',
    'DNS:roles.example.com',
    'IP Address:2001:DB8:0:0:0:0:0:7',
    'IP Address:192.0.2.7',
    'DNS:xn--grn-ioa.example',
  ])
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.equal(leaf.ca, false)
  assert.equal(leaf.checkIssued(new X509Certificate(caPem)), true)
  assert.ok(leaf.validToDate.getTime() - leaf.validFromDate.getTime() <= 397 * day)
})

test('private keys are for their owner only, and nothing else is left behind', async () => {
  const dataDir = newFolder()
  await ensure(dataDir)
  assert.deepEqual((await readdir(dataDir)).sort(), ['ca-key.pem', 'ca.pem', 'server.pem'])
  for (const name of ['ca-key.pem', 'server.pem']) {
    assert.equal((await stat(join(dataDir, name))).mode & 0o777, 0o600, name)
  }
  assert.equal((await stat(dataDir)).mode & 0o777, 0o700)
})

test('a second start changes nothing, also when it needs fewer hosts', async () => {
  const dataDir = newFolder()
  const hosts = ['roles.example.com', 'a_b.example', '[2001:db8::7]', 'grün.example']
  const first = await ensure(dataDir, hosts)
  assert.deepEqual(await ensure(dataDir, hosts), first)
  assert.deepEqual(await ensure(dataDir), first)
})

test('the server certificate is made again for a new host, by the same authority', async () => {
  const dataDir = newFolder()
  let last = await ensure(dataDir, ['a.example'])
  for (const host of ['b.example', '192.0.2.7', '[2001:db8::7]']) {
    const next = await ensure(dataDir, ['a.example', host])
    assert.notEqual(next.certPem, last.certPem, host)
    assert.notEqual(next.keyPem, last.keyPem, host)
    assert.equal(next.caPem, last.caPem, host)
    last = next
  }
})

test('the server certificate is made again within 30 days of its end, and when its beginning lies ahead', async () => {
  const now = Date.parse('2030-01-01T00:00:00Z')
  const origin = newFolder()
  const first = await ensure(origin, [], now)
  const cases: [string, number, boolean][] = [
    ['31 days before its end', now + (396 - 31) * day, true],
    ['29 days before its end', now + (396 - 29) * day, false],
    ['after its end', now + 500 * day, false],
    ['with the clock set back', now - 2 * day, false],
  ]
  for (const [moment, at, isKept] of cases) {
    const dataDir = newFolder()
    await cp(origin, dataDir, { recursive: true })
    const next = await ensure(dataDir, [], at)
    assert.equal(next.certPem === first.certPem, isKept, moment)
    assert.equal(next.caPem, first.caPem, moment)
  }
})

test('near its own end the authority is renewed, and no certificate outlives it', async () => {
  const dataDir = newFolder()
  const now = Date.parse('2030-01-01T00:00:00Z')
  const first = await ensure(dataDir, [], now)
  const late = await ensure(dataDir, [], now + (3649 - 40) * day)
  assert.equal(late.caPem, first.caPem)
  assert.equal(new X509Certificate(late.certPem).validTo, new X509Certificate(late.caPem).validTo)
  const next = await ensure(dataDir, [], now + (3649 - 20) * day)
  assert.notEqual(next.caPem, first.caPem)
  assert.equal(new X509Certificate(next.certPem).checkIssued(new X509Certificate(next.caPem)), true)
})

test('a missing or damaged file is made again where no client is locked out, and reported where one would be', async () => {
  const origin = newFolder()
  const first = await ensure(origin)
  const stranger = await ensure(newFolder())
  const damaged = async (name: string, content: string | undefined) => {
    const dataDir = newFolder()
    await cp(origin, dataDir, { recursive: true })
    if (content === undefined) await unlink(join(dataDir, name))
    else await writeFile(join(dataDir, name), content)
    return dataDir
  }
  const wrong = [
    first.certPem,
    first.caPem + first.keyPem,
    first.certPem + stranger.keyPem,
    stranger.certPem + stranger.keyPem,
  ]
  for (const content of [undefined, '', 'x', ...wrong]) {
    const next = await ensure(await damaged('server.pem', content))
    assert.equal(next.caPem, first.caPem)
    const leaf = new X509Certificate(next.certPem)
    assert.equal(leaf.verify(new X509Certificate(first.caPem).publicKey), true)
    assert.equal(leaf.checkPrivateKey(createPrivateKey(next.keyPem)), true)
    assert.equal(leaf.ca, false)
  }
  // Made again from its key, so a client that trusts the lost one accepts what it signs.
  for (const content of [undefined, '', 'x', stranger.caPem]) {
    const next = await ensure(await damaged('ca.pem', content))
    assert.equal(new X509Certificate(next.certPem).checkIssued(new X509Certificate(next.caPem)), true)
    assert.equal(new X509Certificate(next.certPem).verify(new X509Certificate(first.caPem).publicKey), true)
  }
  await assert.rejects(
    async () => ensure(await damaged('ca-key.pem', 'x')),
    /ca-key\.pem is not a private key/,
  )
})

test('processes that start at the same time share one authority, each with a working pair', async () => {
  const dataDir = newFolder()
  const all = await Promise.all(Array.from({ length: 8 }, () => ensure(dataDir)))
  assert.equal(new Set(all.map(({ caPem }) => caPem)).size, 1)
  for (const authority of [...all, await ensure(dataDir)]) {
    const { server, port } = await serve(authority, '127.0.0.1')
    try {
      assert.equal(await fetchText(`https://127.0.0.1:${port}/`, all[0]?.caPem), 'hello')
    } finally {
      server.close()
    }
  }
})
