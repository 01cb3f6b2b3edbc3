// tsyringe, which @peculiar/x509 builds on, refuses to load without it.
import 'reflect-metadata'

import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { SignatureAlgorithm } from './private-keys.ts'
import type { Validity } from './validity.ts'

const webCryptoNames = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const

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
