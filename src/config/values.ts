import { isIP } from 'node:net'
import { ConfigError, rowOf, type VariableName } from './environment.ts'

/** @throws ConfigError */
export type Parse<Result> = (name: VariableName, text: string) => Result

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const emailPattern = /^[^\s\p{C}"(),:;<>@[\\\]]+@[^\s\p{C}"(),:;<>@[\\\]]+$/u
const hostPattern = /^(?!-)[\w-]{1,63}(\.(?!-)[\w-]{1,63})*\.?$/

/** A value in quotes, in one line, shortened. */
export const show = (text: string): string => {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return JSON.stringify(short).replace(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

const wrong = (name: VariableName, text: string, fault: string): ConfigError =>
  new ConfigError(name, rowOf(name).isSecret ? fault : `is ${show(text)}, which ${fault}`)

const matching =
  (pattern: RegExp, fault: string): Parse<string> =>
  (name, text) => {
    if (!pattern.test(text)) throw wrong(name, text, fault)
    return text
  }

export const parseEmail = matching(emailPattern, 'is not an e-mail address')
export const parsePassword = matching(/^\P{Cc}+$/u, 'contains control characters')
export const parseUsername = matching(/^[^\s\p{C}]+$/u, 'contains spaces or control characters')
export const parseClientId = matching(/^[!-~]+$/, 'contains spaces or characters outside ASCII')
export const parseClientSecret = matching(/^[ -~]+$/, 'contains characters outside printable ASCII')

export const parseApiKey: Parse<string> = (name, text) => {
  if (!/^[!-~]*$/.test(text)) throw wrong(name, text, 'contains spaces or characters outside ASCII')
  if (text.length < 16) throw wrong(name, text, `has only ${text.length} characters`)
  return text
}

export const parseHost: Parse<string> = (name, text) => {
  if (!isHost(text)) throw wrong(name, text, 'is neither an IP address nor a host name')
  return text
}

export const parsePort: Parse<number> = (name, text) => {
  if (!/^\d{1,5}$/.test(text)) throw wrong(name, text, 'is not a port number')
  if (Number(text) > 65_535) throw wrong(name, text, 'is too large')
  return Number(text)
}

export const parseHttpsPort: Parse<number | 'off'> = (name, text) =>
  text === 'off' ? 'off' : parsePort(name, text)

export const parseBoolean: Parse<boolean> = (name, text) => {
  if (text === 'on' || text === 'true') return true
  if (text === 'off' || text === 'false') return false
  throw wrong(name, text, 'is neither on nor off')
}

export const parseLogLevel: Parse<LogLevel> = (name, text) => {
  const level = logLevels.find((candidate) => candidate === text)
  if (!level) throw wrong(name, text, 'is not a log level')
  return level
}

export const parseMailbox: Parse<string> = (name, text) => {
  const address = /^[^<>\p{C}]*<([^<>]+)>$/u.exec(text)?.[1] ?? text
  if (!emailPattern.test(address)) throw wrong(name, text, 'is not an e-mail address')
  return text
}

export const parseUrlOf =
  (protocols: readonly string[]): Parse<string> =>
  (name, text) => {
    const url = /\p{C}/u.test(text) ? null : URL.parse(text)
    if (!url) throw wrong(name, text, 'is not a URL')
    if (!protocols.includes(url.protocol))
      throw wrong(name, text, 'does not begin with a protocol known here')
    // pg takes the directory of a socket from a parameter.
    if (!url.hostname && !url.searchParams.get('host')) throw wrong(name, text, 'names no host')
    // No such URL has a fragment: it is the rest of a password.
    if (url.hash) throw wrong(name, text, 'has a bare # in it')
    return text
  }

export const parseOrigins: Parse<readonly [string, ...string[]]> = (name, text) => {
  const [first, ...others] = new Set(text.split(',').map((entry) => parseOrigin(name, entry.trim())))
  return [first ?? parseOrigin(name, ''), ...others]
}

const parseOrigin: Parse<string> = (name, text) => {
  const url = URL.parse(text)
  // Asked first, because such an entry must not be shown.
  if (url?.username || url?.password || text.includes('@')) {
    throw new ConfigError(name, 'has an entry with credentials or an @ in it')
  }
  if (!url || !/^https?:\/\//i.test(text)) throw wrong(name, text, 'is not an http or https URL')
  if (url.pathname !== '/' || url.search || url.hash) {
    throw wrong(name, text, 'has a path, a query or a fragment')
  }
  if (!isHost(url.hostname.replace(/^\[(.*)\]$/, '$1'))) throw wrong(name, text, 'names no single host')
  return url.origin
}

export const parseAddresses: Parse<readonly string[]> = (name, text) =>
  text.split(',').map((entry) => {
    const address = entry.trim()
    if (!isAddressRange(address)) throw wrong(name, address, 'is neither an IP address nor a CIDR range')
    return address
  })

const isAddressRange = (text: string): boolean => {
  const [address = '', prefix, ...more] = text.split('/')
  const family = address.includes('%') ? 0 : isIP(address)
  if (!family || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}

/** A name whose last label is a number would be taken for an IPv4 address with a mistake in it. */
const isHost = (text: string): boolean =>
  isIP(text) !== 0 || (text.length <= 253 && hostPattern.test(text) && !/(^|\.)\d+\.?$/.test(text))
