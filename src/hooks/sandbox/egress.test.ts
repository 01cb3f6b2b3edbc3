import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { isPublicAddress, parseAllowedHost, planEgress } from './egress.ts'
import { without } from './ranges.ts'

for (const [host, granted] of [
  ['api.example.com', 'api.example.com:443'],
  ['API.Example.com', 'api.example.com:443'],
  ['api.example.com:8443', 'api.example.com:8443'],
  ['bücher.example', 'xn--bcher-kva.example:443'],
  ['93.184.215.14', '93.184.215.14:443'],
  ['93.184.215.14:8443', '93.184.215.14:8443'],
  ['[2606:4700::1111]', '[2606:4700::1111]:443'],
] as const) {
  test(`${host} is granted as ${granted}`, () => {
    const parsed = parseAllowedHost(host)
    assert.ok('granted' in parsed, JSON.stringify(parsed))
    assert.equal(parsed.granted, granted)
  })
}

// Row 25: filters that were fooled by the form of an address.
for (const host of [
  '',
  ' ',
  'localhost',
  'localhost.',
  'a.localhost',
  'printer.local',
  'metadata.google.internal',
  'intranet',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '[2002:7f00:1::]',
  '[ff02::1]',
  '①②⑦.0.0.1',
  '93.184.55502',
  'https://example.com',
  'example.com/path',
  'example.com?x',
  'user@example.com',
  '*.example.com',
  'example.com:99999',
  'exa mple.com',
  'example.com,127.0.0.1',
  'example..com',
  '-a.example.com',
]) {
  test(`${JSON.stringify(host)} is not granted`, () => assert.ok('fault' in parseAllowedHost(host)))
}

test('an address is public, or in a range that is not', () => {
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111'])
    assert.equal(isPublicAddress(address), true, address)
  for (const address of ['172.31.255.255', '::ffff:8.8.8.8', 'fc00::1', 'none'])
    assert.equal(isPublicAddress(address), false, address)
})

test('ranges without an address cover all others that they covered', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  const address = fc.tuple(octet, octet, octet).map((rest) => `10.${rest.join('.')}`)
  const covers = (ranges: readonly string[], one: string) =>
    ranges.some((range) => ipaddr.IPv4.parse(one).match(ipaddr.IPv4.parseCIDR(range)))
  fc.assert(
    fc.property(address, address, (out, other) => {
      const left = without(['10.0.0.0/8', '192.168.0.0/16'], [out])
      assert.equal(covers(left, out), false)
      assert.equal(covers(left, other), out !== other)
      assert.equal(covers(left, '192.168.3.4'), true)
    }),
  )
})

test('our own origin is reached on its port, though a listed host has the same', async () => {
  const { allowed, denied } = await planEgress(
    ['https://127.0.0.1', 'http://[::1]:3000'],
    ['rolecall.invalid'],
  )
  assert.deepEqual(allowed, ['127.0.0.1:443', '[::1]:3000', 'rolecall.invalid:443'])
  assert.equal(denied.includes('127.0.0.0/8:443'), false)
  assert.ok(denied.includes('128.0.0.0/8:443') === false && denied.includes('127.128.0.0/9:443'))
  assert.ok(denied.includes('10.0.0.0/8:443') && denied.includes('[::1]:443'))
})

test('a listed name that leads inside is not granted', async () => {
  const { allowed } = await planEgress([], ['localtest.invalid', '127.0.0.1', 'localhost:443'])
  assert.deepEqual(allowed, ['localtest.invalid:443'])
})
