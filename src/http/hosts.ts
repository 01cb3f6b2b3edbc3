/**
 * The names this server answers to. A request for any other host is refused and never echoed, because issuer, links
 * and audiences are made from it.
 */
export type Hosts = {
  /** The origin a `Host` header stands for, as it was configured; undefined when it is not ours. */
  originOf(hostHeader: string | undefined): string | undefined
  /** Issuers of all our names: origins with a final slash. */
  issuers(): ReadonlySet<string>
  /** The first public URL: the issuer of links that no request asked for. */
  readonly canonical: string
  /** Tells the ports that are listened on; their loopback names count as ours from now on. */
  listening(ports: { http?: number | undefined; https?: number | undefined }): void
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** @param publicUrls origins without a final slash; none while the ports are not known yet */
export const createHosts = (publicUrls: readonly string[]): Hosts => {
  const origins = new Map<string, string>()
  const issuers = new Set<string>()
  const add = (origin: string) => {
    const { host, protocol } = new URL(origin)
    const [, port = protocol === 'https:' ? '443' : '80'] = /:(\d+)$/u.exec(host) ?? []
    origins.set(host, origin)
    // A client may spell the default port out.
    if (!host.endsWith(`:${port}`)) origins.set(`${host}:${port}`, origin)
    issuers.add(`${origin}/`)
  }
  for (const origin of publicUrls) add(origin)
  let canonical = publicUrls[0]
  return {
    originOf: (hostHeader) => (hostHeader === undefined ? undefined : origins.get(hostHeader.toLowerCase())),
    issuers: () => issuers,
    get canonical() {
      if (canonical === undefined) throw new Error('The public URL is not known before the server listens.')
      return canonical
    },
    listening: ({ http, https }) => {
      for (const name of loopbackNames) {
        if (https !== undefined) add(`https://${name}:${https}`.replace(/:443$/u, ''))
        if (http !== undefined) add(`http://${name}:${http}`.replace(/:80$/u, ''))
      }
      canonical ??= https === undefined ? `http://localhost:${http}` : `https://localhost:${https}`
    },
  }
}
