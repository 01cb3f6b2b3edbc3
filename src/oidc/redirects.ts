/**
 * Which addresses people may be sent to. What is registered counts as it stands; `*` may stand for one label at the
 * very left of a host name; programs on a device may listen on any port of the loopback address.
 * @see specs: §2.2 of the Auth0 dialect; RFC 8252 §7.3
 */
export const isRegistered = (
  url: string,
  registered: readonly string[],
  { anyLoopbackPort = false }: { anyLoopbackPort?: boolean } = {},
): boolean => {
  const asked = parse(url)
  if (!asked) return false
  return registered.some((each) => {
    if (each === url) return true
    if (each.includes('*')) return matchesWildcard(each, url)
    return anyLoopbackPort && isSameLoopback(each, asked)
  })
}

/** Schemes whose addresses run something instead of leading somewhere. */
const dangerous = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:'])

const parse = (url: string): URL | undefined => {
  const parsed = URL.parse(url)
  const isFine =
    parsed !== null &&
    !dangerous.has(parsed.protocol) &&
    !url.includes('#') &&
    parsed.username === '' &&
    parsed.password === ''
  return isFine ? parsed : undefined
}

/** The whole text is compared, so that nothing a URL parser forgives can slip through. */
const matchesWildcard = (pattern: string, url: string): boolean => {
  const [, before, after] = /^(https?:\/\/)\*(\.[^*/]+\.[^*]+)$/u.exec(pattern) ?? []
  if (before === undefined || after === undefined) return false
  if (!url.startsWith(before) || !url.endsWith(after)) return false
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu.test(url.slice(before.length, -after.length))
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost'])

const isSameLoopback = (registered: string, asked: URL): boolean => {
  const one = URL.parse(registered)
  if (one?.protocol !== 'http:' || !loopback.has(one.hostname)) return false
  const withoutPort = ({ protocol, hostname, pathname, search }: URL) =>
    `${protocol}//${hostname}${pathname}${search}`
  return withoutPort(one) === withoutPort(asked)
}

export const originOf = (url: string): string | undefined => {
  const origin = URL.parse(url)?.origin
  return origin === 'null' ? undefined : origin
}

/** Whether scripts of an origin may talk to us for the application. */
export const isOriginAllowed = (
  origin: string,
  { callbacks, webOrigins }: { callbacks: readonly string[]; webOrigins: readonly string[] },
): boolean =>
  webOrigins.some((each) => each === origin || (each.includes('*') && matchesWildcard(each, origin))) ||
  callbacks.some((each) => originOf(each) === origin)
