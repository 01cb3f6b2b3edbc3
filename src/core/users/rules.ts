import type { JsonObject } from '../json.ts'
import { DomainError } from '../refusals.ts'
import type { Reader } from '../store.ts'

const metadataLimitBytes = 1_048_576

/** @throws taken */
export const requireEmailFree = async ({ users }: Pick<Reader, 'users'>, email: string, except?: string) => {
  const other = await users.findByEmail(email)
  if (other && other.id !== except)
    throw new DomainError({ code: 'taken', kind: 'user', field: 'email', value: email })
}

/** @throws taken, invalid */
export const requireUsernameFree = async (
  { users }: Pick<Reader, 'users'>,
  username: string,
  except?: string,
) => {
  if (/\s/u.test(username)) {
    throw new DomainError({ code: 'invalid', field: 'username', reason: 'A user name has no blanks.' })
  }
  const other = await users.findByUsername(username)
  if (other && other.id !== except) {
    throw new DomainError({ code: 'taken', kind: 'user', field: 'username', value: username })
  }
}

/** Keys that storage and templates of other products could not hold are refused early. @throws invalid */
export const requireMetadata = (field: 'userMetadata' | 'appMetadata', metadata: JsonObject): void => {
  const bad = Object.keys(metadata).find((key) => key.includes('.') || key.startsWith('$'))
  if (bad !== undefined) {
    const reason = `The key ${JSON.stringify(bad)} contains a dot or begins with a dollar sign.`
    throw new DomainError({ code: 'invalid', field, reason })
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataLimitBytes) {
    throw new DomainError({ code: 'invalid', field, reason: 'Metadata has at most 1 MB.' })
  }
}
