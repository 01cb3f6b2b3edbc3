import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { without } from './ranges.ts'

/** What a script's process may connect to. */
export type Egress = {
  /** `host:port`; addresses of version 6 in brackets. */
  allowed: readonly string[]
  /** Ranges that no allowed name may lead to, on these ports. */
  denied: readonly string[]
}

/**
 * Everything of version 4 that is not the public Internet: this machine, private and link-local networks (metadata
 * services live there), shared and benchmark ranges, multicast.
 */
const deniedRanges = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]

/**
 * NOTE: deno 2.9 takes no ranges of version 6. So processes don't ask for such addresses at all (`RES_OPTIONS`, glibc
 * 2.36 or newer), names that lead to one that is not public are not granted, and the single addresses that matter most
 * are denied: this machine's, and the metadata services of clouds.
 */
const deniedAddresses = [
  '::',
  '::1',
  '::ffff:0.0.0.0',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  'fd00:ec2::254',
]

/** Ranges of version 6 that are this machine, a private network, or a way to write an address of version 4. */
const unpublicRanges = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

export type AllowedHost = { name: string; port: number; granted: string }
export type HostFault = { host: string; fault: string }

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/u

/**
 * A host as an administrator lists it, in the one form that is granted: a name with a dot, in ASCII, or a public
 * address; always with a port. Numbers that some resolvers take for an address (`2130706433`, `0x7f.1`,
 * `0177.0.0.1`) are none.
 */
export const parseAllowedHost = (host: string): AllowedHost | HostFault => {
  const fault = (text: string) => ({ host, fault: text })
  if (!URL.canParse(`https://${host}`) || /[/?#@\\\s]/u.test(host)) return fault('is no host name')
  const { hostname, port: portText } = new URL(`https://${host}`)
  const port = portText === '' ? 443 : Number(portText)
  const name = hostname.replace(/\.$/u, '')
  const address = unbracketed(name)
  if (ipaddr.isValid(address)) {
    const asWritten = unbracketed(host.replace(/(?<=[\].\d]):\d+$/u, ''))
    if (address !== asWritten.toLowerCase()) return fault('is an unusual form of an address')
    return isPublicAddress(address)
      ? { name: address, port, granted: `${name}:${port}` }
      : fault('is no public address')
  }
  if (!hostName.test(name) || /\.(?:localhost|local|internal|localdomain)$/u.test(name))
    return fault('is no name on the Internet')
  return { name, port, granted: `${name}:${port}` }
}

const unbracketed = (host: string) => host.replace(/^\[(.*)\]$/u, '$1')

/** Whether an address is on the public Internet. One that carries another within it is not. */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return ![...deniedRanges, ...unpublicRanges].some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range)
    return network.kind() === parsed.kind() && parsed.match(network, bits)
  })
}

/**
 * What may be reached: our own origins, and the listed hosts as long as their names lead to public addresses. deno
 * looks at the address that it is about to connect to, after the name was resolved and after each redirect, so that a
 * name that leads elsewhere tomorrow is no way in.
 */
export const planEgress = async (
  ownOrigins: readonly string[],
  allowedHosts: readonly string[],
): Promise<Egress> => {
  const own = ownOrigins.map(hostOfOrigin)
  const named = allowedHosts.map(parseAllowedHost).filter((host) => 'granted' in host)
  const listed = (
    await Promise.all(named.map(async (host) => ((await leadsInside(host.name)) ? [] : [host])))
  ).flat()
  const ports = [...new Set(listed.map(({ port }) => port))]
  const denied = await Promise.all(
    ports.map(async (port) => {
      const ours = await addressesOf(own.filter((each) => each.port === port).map(({ host }) => host))
      const single = [...deniedAddresses, ...machineAddresses()].filter((address) => !ours.includes(address))
      return [...without(deniedRanges, ours), ...new Set(single)].map((denied) => withPort(denied, port))
    }),
  )
  return {
    allowed: [
      ...new Set([
        ...own.map(({ host, port }) => withPort(host, port)),
        ...listed.map(({ granted }) => granted),
      ]),
    ],
    denied: denied.flat(),
  }
}

const hostOfOrigin = (origin: string): { host: string; port: number } => {
  const { hostname, port, protocol } = new URL(origin)
  const number = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)
  return { host: unbracketed(hostname), port: number }
}

const addressesOf = async (hosts: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(hosts.map((host) => lookup(host, { all: true }).catch(() => [])))
  return [...new Set(found.flat().map(({ address }) => address))]
}

/** A name that leads nowhere yet is granted: what it leads to later is looked at again. */
const leadsInside = async (name: string): Promise<boolean> =>
  (await addressesOf([name])).some((address) => !isPublicAddress(address))

const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv6')
    .map(({ address }) => address)

const withPort = (host: string, port: number) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

export const networkFlags = ({ allowed, denied }: Egress): string[] => [
  allowed.length > 0 ? `--allow-net=${allowed.join(',')}` : '--deny-net',
  ...(denied.length > 0 ? [`--deny-net=${denied.join(',')}`] : []),
]
