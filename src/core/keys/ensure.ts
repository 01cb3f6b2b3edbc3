import { equal, firstOf } from '../listing.ts'
import { command } from '../operation.ts'
import type { Reader } from '../store.ts'
import { addKey, makeKey, type PreparedKey } from './new-key.ts'
import type { SigningKey } from './signing-key.ts'

const needed = ['current', 'next'] as const

/**
 * Makes the current and the next key of an algorithm where they are missing, as on the first start. Of processes that
 * start at the same time one adds its keys; the others throw away what they made.
 */
export const ensureSigningKeys = command<{ algorithm: SigningKey['algorithm'] }, void, PreparedKey[]>({
  name: 'ensure signing keys',
  needs: 'keys:rotate',
  prepare: async ({ algorithm }, services, reader) => {
    const missing = await missingKeys(reader, algorithm)
    return Promise.all(missing.map(() => makeKey(services, algorithm)))
  },
  run: async (tx, { algorithm }, _actor, prepared) => {
    const spare = [...prepared]
    for (const status of await missingKeys(tx, algorithm)) {
      const key = spare.pop()
      // Keys never go missing again, so what is missing here was missing when they were prepared.
      if (!key) return
      await addKey(tx, algorithm, status, key)
      if (status !== 'current') continue
      await tx.emit({ type: 'signing-key.rotated', target: { kind: 'signing_key', id: key.made.kid } })
    }
  },
})

const missingKeys = async (reader: Pick<Reader, 'signingKeys'>, algorithm: SigningKey['algorithm']) => {
  const { items } = await reader.signingKeys.list(firstOf(1000, equal('algorithm', algorithm)))
  return needed.filter((status) => !items.some((key) => key.status === status))
}
