import { randomBytes } from 'node:crypto'

const idBytes = 12
const idsAtOnce = 512

/** Makes ids of 24 hex digits. Asking the system for randomness once for many takes a tenth of the time. */
export const createNewId = (): (() => string) => {
  let pool = Buffer.alloc(0)
  let at = 0
  return () => {
    if (at === pool.length) {
      pool = randomBytes(idBytes * idsAtOnce)
      at = 0
    }
    at += idBytes
    return pool.toString('hex', at - idBytes, at)
  }
}
