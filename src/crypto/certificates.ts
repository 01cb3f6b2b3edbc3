// tsyringe, which @peculiar/x509 builds on, refuses to load without it.
import 'reflect-metadata'

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  type webcrypto,
} from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import * as x509 from '@peculiar/x509'

const days = 24 * 60 * 60 * 1000

/** From and until when, in milliseconds since 1970. Certificates themselves count in seconds. */
export type Validity = { notBefore: number; notAfter: number }

/** How tokens and certificates are signed: RSA (2048 bits, PKCS #1 v1.5) or ECDSA on P-256, both with SHA-256. */
export type SignatureAlgorithm = 'RS256' | 'ES256'

const webCryptoNames = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const

/** Makes a private key off the main thread. */
export const generatePrivateKey = async (algorithm: SignatureAlgorithm): Promise<KeyObject> => {
  const generate = promisify(generateKeyPair)
  const { privateKey } =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  return privateKey
}

export const toPem = (privateKey: KeyObject): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** @throws Error when this is not a private key in PEM without a passphrase */
export const fromPem = (pem: string | Buffer): KeyObject => createPrivateKey(pem)

/** A certificate that only carries a token key, for clients that read `x5c`. Nothing trusts it. */
export const certifyTokenKey = async (
  privateKey: KeyObject,
  algorithm: SignatureAlgorithm,
  commonName: string,
  validity: Validity,
): Promise<string> => {
  const name = [{ CN: [commonName] }]
  const publicKey = publicPart(privateKey, algorithm)
  return issue({ subject: name, issuer: name, publicKey, signer: privateKey, algorithm, validity }, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ])
}

/** The certificate of an authority for servers (RFC 5280), for an ES256 key. */
export const certifyAuthority = async (caKey: KeyObject, validity: Validity): Promise<string> => {
  const publicKey = publicPart(caKey, 'ES256')
  const name = await authorityName(publicKey)
  return issue({ subject: name, issuer: name, publicKey, signer: caKey, algorithm: 'ES256', validity }, [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ])
}

/**
 * A server's certificate for these hosts, signed by that authority. Both keys are ES256 keys.
 *
 * @param hosts host names and IP addresses, without brackets or port
 */
export const certifyServer = async (
  serverKey: KeyObject,
  hosts: readonly string[],
  caKey: KeyObject,
  validity: Validity,
): Promise<string> => {
  const publicKey = publicPart(serverKey, 'ES256')
  const caPublicKey = publicPart(caKey, 'ES256')
  const subject: x509.JsonName = [{ CN: ['localhost'] }, { O: ['Rolecall'] }]
  const issuer = await authorityName(caPublicKey)
  return issue({ subject, issuer, publicKey, signer: caKey, algorithm: 'ES256', validity }, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    // Clients compare an address with address entries only: one written as a DNS name matches nothing.
    new x509.SubjectAlternativeNameExtension(
      hosts.map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host })),
    ),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(caPublicKey),
  ])
}

/** A span that starts a day early, because the clocks of clients are wrong too. */
export const validFor = (now: number, totalDays: number): Validity => ({
  notBefore: now - days,
  notAfter: now - days + totalDays * days,
})

type Issue = {
  subject: x509.JsonName
  issuer: x509.JsonName
  publicKey: webcrypto.CryptoKey
  signer: KeyObject
  algorithm: SignatureAlgorithm
  validity: Validity
}

const issue = async (parts: Issue, extensions: x509.Extension[]): Promise<string> => {
  const { subject, issuer, publicKey, signer, algorithm, validity } = parts
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer,
    publicKey,
    signingKey: signer.toCryptoKey(webCryptoNames[algorithm], false, ['sign']),
    signingAlgorithm: webCryptoNames[algorithm],
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    extensions,
  })
  return `${certificate.toString('pem')}\n`
}

const publicPart = (privateKey: KeyObject, algorithm: SignatureAlgorithm): webcrypto.CryptoKey =>
  createPublicKey(privateKey).toCryptoKey(webCryptoNames[algorithm], true, ['verify'])

/**
 * Follows from the key, so that two certificates made for one key at the same moment are interchangeable, and those
 * of two machines can be told apart in a list of trusted authorities.
 */
const authorityName = async (publicKey: webcrypto.CryptoKey): Promise<x509.JsonName> => {
  const { keyId } = await x509.SubjectKeyIdentifierExtension.create(publicKey)
  return [{ CN: [`Rolecall local authority ${keyId.slice(0, 8)}`] }, { O: ['Rolecall'] }]
}
