import type { Services } from '../operation.ts'
import { caseKey } from '../users/user.ts'
import type { Ticket } from './ticket.ts'

/**
 * `link`: 43 url-safe characters. `letters`: 32 of 0-9 and A-Z, to be copied by hand. `digits`: six, to be typed; what
 * they lack in length they make up for by few tries and a short life.
 */
export type SecretForm = 'link' | 'letters' | 'digits'

export type PreparedSecret = { form: SecretForm; secret: string; digest: string }

/** Makes the secret of a ticket, where it does not wait inside a transaction. `email`: whose six digits they are. */
export const prepareSecret = (
  services: Pick<Services, 'newSecret' | 'digest'>,
  purpose: Ticket['purpose'],
  form: SecretForm,
  email: string,
): PreparedSecret => {
  const secret =
    form === 'link'
      ? services.newSecret()
      : form === 'digits'
        ? newDigits(services)
        : newLetters(services, 32)
  return { form, secret, digest: digestOfSecret(services, purpose, secret, email) }
}

/** Six digits are many people's: their digest is made together with the address. */
export const digestOfSecret = (
  { digest }: Pick<Services, 'digest'>,
  purpose: Ticket['purpose'],
  secret: string,
  email: string | undefined,
): string =>
  /^\d{6}$/u.test(secret) ? digest(`${purpose} ${caseKey(email ?? '')} ${secret}`) : digest(secret)

const newDigits = ({ newSecret }: Pick<Services, 'newSecret'>): string =>
  // 48 bits over a million: no digit is likelier than another by more than one in ten million.
  String(Buffer.from(newSecret(6), 'base64url').readUIntBE(0, 6) % 1_000_000).padStart(6, '0')

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const newLetters = ({ newSecret }: Pick<Services, 'newSecret'>, length: number): string => {
  let letters = ''
  while (letters.length < length) {
    for (const byte of Buffer.from(newSecret(length), 'base64url')) {
      // The last bytes would favour the first letters.
      if (byte < 252 && letters.length < length) letters += alphabet[byte % alphabet.length]
    }
  }
  return letters
}
