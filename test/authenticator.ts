import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A passkey in software: makes keys and signs what it is asked, as browsers return it. @see W3C WebAuthn §6 */
export const createAuthenticator = () => {
  const id = randomBytes(16)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let counter = 0
  const encoded = id.toString('base64url')
  const clientData = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  return {
    id: encoded,
    /** Answers `navigator.credentials.create`. */
    create: ({ challenge, origin }: Asked) => ({
      ...envelope(encoded),
      response: {
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: Buffer.concat([
          Buffer.from([0xa3]),
          cborText('fmt'),
          cborText('none'),
          cborText('attStmt'),
          Buffer.from([0xa0]),
          cborText('authData'),
          cborBytes(authenticatorData(origin, 0, Buffer.concat([attested(id), coseKey(publicKey)]))),
        ]).toString('base64url'),
        transports: ['internal'],
      },
    }),
    /** Answers `navigator.credentials.get`. `counter` as a copy of the passkey would have it. */
    get: ({ challenge, origin, counter: told }: Asked & { counter?: number }) => {
      counter += 1
      const data = clientData('webauthn.get', challenge, origin)
      const authenticator = authenticatorData(origin, told ?? counter)
      const signed = Buffer.concat([authenticator, createHash('sha256').update(data).digest()])
      return {
        ...envelope(encoded),
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authenticator.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      }
    },
  }
}

type Asked = { challenge: string; origin: string }

const envelope = (id: string) => ({
  id,
  rawId: id,
  type: 'public-key' as const,
  clientExtensionResults: {},
  authenticatorAttachment: 'platform' as const,
})

const cborText = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])

const cborBytes = (bytes: Buffer): Buffer =>
  Buffer.concat([
    bytes.length < 24
      ? Buffer.from([0x40 + bytes.length])
      : bytes.length < 256
        ? Buffer.from([0x58, bytes.length])
        : Buffer.from([0x59, bytes.length >> 8, bytes.length & 0xff]),
    bytes,
  ])

/** User present and verified; with attested data where a key is made. */
const authenticatorData = (origin: string, counter: number, attestedData?: Buffer): Buffer => {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([
    createHash('sha256').update(new URL(origin).hostname).digest(),
    Buffer.from([attestedData ? 0x45 : 0x05]),
    count,
    attestedData ?? Buffer.alloc(0),
  ])
}

const attested = (id: Buffer): Buffer => Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id])

/** ES256 on P-256. @see RFC 9053 §2.1 */
const coseKey = (key: KeyObject): Buffer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ])
}
