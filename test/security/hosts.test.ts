import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { connect as connectSecurely } from 'node:tls'
import { startServer, type TestServer } from '#test/harness/server.ts'

const publicHost = 'roles.example.com'

/** Sends just these lines, which no client library would, and returns what comes back. */
const exchange = async (server: TestServer, scheme: 'http' | 'https', ...headers: string[]) => {
  const { http, https } = portsOf(server)
  const socket =
    scheme === 'http'
      ? connect(http, '127.0.0.1')
      : connectSecurely({ port: https, host: '127.0.0.1', servername: 'localhost', ca: server.ca })
  await once(socket, scheme === 'http' ? 'connect' : 'secureConnect')
  socket.write(
    ['GET /.well-known/openid-configuration HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n'),
  )
  const answer = await text(socket)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), answer, issuer: /"issuer":"([^"]*)"/u.exec(body)?.[1] }
}

const ports = new WeakMap<TestServer, { http: number; https: number }>()
const portsOf = (server: TestServer) => {
  const known = ports.get(server)
  if (known) return known
  const of = (scheme: string) =>
    Number(
      [...server.server.hosts.issuers()]
        .map((url) => new URL(url))
        .find((url) => url.protocol === scheme && url.hostname === 'localhost')?.port,
    )
  const found = { http: of('http:'), https: of('https:') }
  ports.set(server, found)
  return found
}

describe('hosts', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { ROLECALL_PUBLIC_URL: `https://${publicHost}` } })
  })
  after(() => server?.close())

  const schemes = ['http', 'https'] as const

  test('names of ours are answered as the issuers they are, in any letter case, on both ports', async () => {
    const { http, https } = portsOf(server)
    const ours = {
      [publicHost]: `https://${publicHost}/`,
      [`${publicHost}:443`]: `https://${publicHost}/`,
      [publicHost.toUpperCase()]: `https://${publicHost}/`,
      [`localhost:${https}`]: `https://localhost:${https}/`,
      [`LOCALHOST:${http}`]: `http://localhost:${http}/`,
      [`127.0.0.1:${http}`]: `http://127.0.0.1:${http}/`,
      [`[::1]:${https}`]: `https://[::1]:${https}/`,
    }
    for (const scheme of schemes) {
      for (const [host, issuer] of Object.entries(ours)) {
        const answer = await exchange(server, scheme, `Host: ${host}`)
        assert.deepEqual([answer.status, answer.issuer], [200, issuer], `${scheme} ${host}`)
      }
    }
  })

  test('any other host is refused with 421, and never repeated', async () => {
    const { http, https } = portsOf(server)
    const foreign = [
      'evil.example.com',
      `evil.example.com:${https}`,
      `${publicHost}.evil.example.com`,
      `evil.${publicHost}`,
      `${publicHost}:8443`,
      `${publicHost}.`,
      `localhost.:${http}`,
      'localhost',
      'localhost:1',
      '127.0.0.1',
      '2130706433',
      '[::ffff:127.0.0.1]',
      `[::1%25lo]:${https}`,
      '::1',
      `user@${publicHost}`,
      `${publicHost}@evil.example.com`,
      `${publicHost},evil.example.com`,
      `${publicHost}:443:443`,
      `https://${publicHost}`,
      `${publicHost}/evil`,
      'xn--evil-.example.com',
    ]
    for (const scheme of schemes) {
      for (const host of foreign) {
        const { status, answer } = await exchange(server, scheme, `Host: ${host}`)
        assert.ok(status === 421 || status === 400, `${scheme} ${host}: ${answer.slice(0, 200)}`)
        assert.equal(/evil/iu.test(answer), false, answer)
      }
    }
  })

  test('a request without a host, with an empty one or with two is refused', async () => {
    for (const scheme of schemes) {
      for (const headers of [
        [],
        ['Host:'],
        ['Host: ', `Host: ${publicHost}`],
        [`Host: ${publicHost}`, 'Host: evil.example.com'],
      ]) {
        const { status, answer } = await exchange(server, scheme, ...headers)
        assert.ok(status === 421 || status === 400, `${scheme} ${headers}: ${answer.slice(0, 200)}`)
        assert.equal(/evil/iu.test(answer), false, answer)
      }
    }
  })

  test('every door words it in its own way', async () => {
    const told = async (path: string) => {
      const { http } = portsOf(server)
      const socket = connect(http, '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n`)
      const answer = await text(socket)
      assert.equal(/evil/iu.test(answer), false, answer)
      return [answer.split(' ')[1], Object.keys(JSON.parse(answer.split('\r\n\r\n')[1]!))[0]]
    }
    assert.deepEqual(await told('/api/v2/users'), ['421', 'statusCode'])
    assert.deepEqual(await told('/api/rolecall/v1/users'), ['421', 'type'])
    assert.deepEqual(await told('/oauth/token'), ['421', 'error'])
    assert.deepEqual(await told('/readyz'), ['421', 'status'])
  })

  test('what proxies say is not believed from anybody else', async () => {
    const forwarded = [
      `X-Forwarded-Host: ${publicHost}`,
      'X-Forwarded-Proto: https',
      'X-Forwarded-For: 10.1.2.3',
      `Forwarded: host=${publicHost}`,
      `X-Original-Host: ${publicHost}`,
      `X-Host: ${publicHost}`,
    ]
    const { http } = portsOf(server)
    const own = await exchange(server, 'http', `Host: localhost:${http}`, ...forwarded)
    assert.deepEqual([own.status, own.issuer], [200, `http://localhost:${http}/`])
    const foreign = await exchange(server, 'http', 'Host: evil.example.com', ...forwarded)
    assert.equal(foreign.status, 421)
  })
})

describe('behind a proxy', () => {
  let server: TestServer
  before(async () => {
    server = await startServer({
      env: {
        ROLECALL_PUBLIC_URL: `https://${publicHost}`,
        ROLECALL_TRUST_PROXY: '127.0.0.0/8',
        ROLECALL_RATE_LIMITS: 'on',
      },
    })
  })
  after(() => server?.close())

  test('a trusted proxy names the host, and only one of ours', async () => {
    const inner = 'Host: rolecall.internal:3000'
    const named = await exchange(server, 'http', inner, `X-Forwarded-Host: ${publicHost}`)
    assert.deepEqual([named.status, named.issuer], [200, `https://${publicHost}/`])
    const foreign = await exchange(
      server,
      'http',
      `Host: ${publicHost}`,
      'X-Forwarded-Host: evil.example.com',
    )
    assert.equal(foreign.status, 421)
    assert.equal((await exchange(server, 'http', inner)).status, 421)
  })

  test('a trusted proxy names the client, who can not name another by writing it himself [row 20]', async () => {
    const { http } = portsOf(server)
    const left = async (forwardedFor: string) => {
      const headers = { host: `localhost:${http}`, 'x-forwarded-for': forwardedFor }
      const answer = await fetch(`http://127.0.0.1:${http}/api/v2/users`, { headers })
      return Number(answer.headers.get('x-ratelimit-remaining'))
    }
    const first = await left('10.0.0.1')
    assert.equal(await left('10.0.0.1'), first - 1)
    assert.equal(await left('10.0.0.2'), first)
    // The proxy adds whom it sees at the end; what stands before came from the client.
    assert.equal(await left('10.9.9.9, 10.0.0.1'), first - 2)
    assert.equal(await left('127.0.0.1, 10.0.0.1'), first - 3)
  })
})
