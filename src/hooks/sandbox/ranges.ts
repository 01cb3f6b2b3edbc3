import ipaddr from 'ipaddr.js'

/**
 * These ranges of version 4 (`10.0.0.0/8`), split so that none covers any of these addresses. A range that covers none
 * stays as it is.
 */
export const without = (ranges: readonly string[], addresses: readonly string[]): string[] =>
  addresses
    .filter((address) => ipaddr.IPv4.isValid(address))
    .map((address) => toNumber(address))
    .reduce((left, address) => left.flatMap((range) => split(range, address)), [...ranges])

const split = (range: string, address: number): string[] => {
  const [network = '', bitsText] = range.split('/')
  const bits = Number(bitsText)
  const first = toNumber(network)
  const size = 2 ** (32 - bits)
  if (address < first || address >= first + size) return [range]
  if (size === 1) return []
  const halves = [first, first + size / 2].map((start) => `${toText(start)}/${bits + 1}`)
  return halves.flatMap((half) => split(half, address))
}

const toNumber = (address: string): number =>
  ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0)

const toText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
