import type { JsonObject } from '../json.ts'

/**
 * A password as another system kept it. It is stored beside our own hashes and tells itself apart by how it begins:
 * bcrypt is kept as it came (`$2b$…`), everything else as `$custom$` and what is needed to compute it again.
 * Whoever verifies one replaces it by a hash of ours.
 */
export type ImportedPassword = { bcrypt: string } | { custom: JsonObject }

export const customHashPrefix = '$custom$'

export const encodeImportedPassword = (password: ImportedPassword): string =>
  'bcrypt' in password
    ? password.bcrypt
    : `${customHashPrefix}${Buffer.from(JSON.stringify(password.custom)).toString('base64url')}`
