import { createHash, hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** SHA-256 of the text's UTF-8 bytes: 43 url-safe characters. For secrets of full entropy, never for passwords. */
export const sha256base64url = (text: string): string => hash('sha256', text, 'base64url')

/** Compares without telling through time where the texts differ, or that their lengths do. */
export const constantTimeEqual = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

/** An unguessable, url-safe text that carries `bytes` bytes of randomness: 43 characters for 32. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')
