import { generateSecret, generateSync, generateURI } from 'otplib'
import { constantTimeEqual } from './digests.ts'

const periodSeconds = 30

/** How many steps a clock may be off, either way. */
const tolerance = 1

/** Codes of apps: SHA-1, six digits, thirty seconds, which every app can. @see RFC 6238 */
export const createTotp = () => ({
  newSecret: (): string => generateSecret(),
  uri: (secret: string, { issuer, label }: { issuer: string; label: string }): string =>
    generateURI({ strategy: 'totp', issuer, label, secret }),
  stepOf: (code: string, secret: string, at: number): number | undefined => {
    if (!/^\d{6}$/u.test(code)) return undefined
    const now = Math.floor(at / 1000 / periodSeconds)
    let found: number | undefined
    for (let step = now - tolerance; step <= now + tolerance; step += 1) {
      const right = generateSync({ strategy: 'totp', secret, epoch: step * periodSeconds })
      // All are compared, so that time does not tell which was near.
      if (constantTimeEqual(code, right)) found = step
    }
    return found
  },
})
