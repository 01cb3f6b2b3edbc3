import { type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createOnce, readIfThere, replaceFile } from './files.ts'
import { fromPem, generatePrivateKey, toPem } from './private-keys.ts'
import { type Validity, validFor } from './validity.ts'

/** Most starts make no certificate, and need not read what makes them. */
const certificates = () => import('./certificates.ts')

const authorityDays = 3650
/** Browsers and Apple's systems refuse more than 398; a day is left for their way of counting. */
const serverDays = 397
const renewalMilliseconds = 30 * 24 * 60 * 60 * 1000

export type LocalAuthority = {
  /** What a client has to trust. The same for ten years, unless the key in the data directory is lost. */
  caPem: string
  certPem: string
  keyPem: string
}

export type LocalAuthorityOptions = {
  dataDir: string
  /** Host names and addresses besides localhost, 127.0.0.1 and ::1. An IPv6 address may come in brackets, as in URLs. */
  hosts: readonly string[]
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * The certificates for HTTPS without a public authority. `ca.pem` and `ca-key.pem` are made once. The server's own,
 * `server.pem`, is made again when it is missing, covers too few hosts or ends within 30 days. Processes that share
 * the data directory may call it at the same time.
 *
 * @throws Error when `ca-key.pem` is no private key: a new one would lock out the clients that trust the old one
 */
export const ensureLocalAuthority = async (options: LocalAuthorityOptions): Promise<LocalAuthority> => {
  const { dataDir, hosts } = options
  const now = options.now()
  const caKey = await ensureAuthorityKey(join(dataDir, 'ca-key.pem'))
  const ca = await ensureAuthorityCertificate(join(dataDir, 'ca.pem'), caKey, now)
  const covered = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts.map(toSubjectName)])]

  const path = join(dataDir, 'server.pem')
  const present = splitServerFile(await readIfThere(path))
  const server =
    present && isUsable(present, ca, covered, now) ? present : await makeServer(path, covered, caKey, ca, now)
  return { caPem: ca.toString(), ...server }
}

const ensureAuthorityKey = async (path: string): Promise<KeyObject> => {
  const pem = await createOnce(path, async () => toPem(await generatePrivateKey('ES256')))
  try {
    return fromPem(pem)
  } catch (cause) {
    throw new Error(`${path} is not a private key in PEM without a passphrase; restore it from a backup`, {
      cause,
    })
  }
}

const ensureAuthorityCertificate = async (
  path: string,
  caKey: KeyObject,
  now: number,
): Promise<X509Certificate> => {
  const make = async () => (await certificates()).certifyAuthority(caKey, validFor(now, authorityDays))
  const present = parse(await createOnce(path, make))
  // Its beginning does not count: a machine that once starts with its clock set back must not lock out the clients.
  if (present?.checkPrivateKey(caKey) && !endsSoon(present, now)) return present
  const renewed = await make()
  await replaceFile(path, renewed)
  return new X509Certificate(renewed)
}

type Server = { certPem: string; keyPem: string }

const makeServer = async (
  path: string,
  hosts: readonly string[],
  caKey: KeyObject,
  ca: X509Certificate,
  now: number,
): Promise<Server> => {
  const key = await generatePrivateKey('ES256')
  const { notBefore, notAfter } = validFor(now, serverDays)
  const validity: Validity = { notBefore, notAfter: Math.min(notAfter, ca.validToDate.getTime()) }
  const { certifyServer } = await certificates()
  const certPem = await certifyServer(key, hosts, caKey, validity)
  const keyPem = toPem(key)
  // One file, so that key and certificate always belong together, whoever else writes at the same time.
  await replaceFile(path, certPem + keyPem)
  return { certPem, keyPem }
}

const splitServerFile = (content: Buffer | undefined): Server | undefined => {
  const text = content?.toString() ?? ''
  const start = text.indexOf('-----BEGIN PRIVATE KEY-----')
  return start > 0 ? { certPem: text.slice(0, start), keyPem: text.slice(start) } : undefined
}

const isUsable = (server: Server, ca: X509Certificate, hosts: readonly string[], now: number): boolean => {
  const certificate = parse(server.certPem)
  if (!certificate || certificate.validFromDate.getTime() > now || endsSoon(certificate, now)) return false
  if (!certificate.checkIssued(ca) || !certificate.verify(ca.publicKey)) return false
  if (!hosts.every((host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host))))
    return false
  try {
    return certificate.checkPrivateKey(fromPem(server.keyPem))
  } catch {
    return false
  }
}

const endsSoon = (certificate: X509Certificate, now: number): boolean =>
  certificate.validToDate.getTime() - renewalMilliseconds <= now

const parse = (pem: Buffer | string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** A host as a certificate names it: without brackets or final dot, in ASCII, addresses in their short form. */
const toSubjectName = (host: string): string => {
  const { hostname } = new URL(`http://${isIP(host) === 6 ? `[${host}]` : host}`)
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}
