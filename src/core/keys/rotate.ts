import { equal, firstOf } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { addKey, makeKey, type PreparedKey } from './new-key.ts'
import type { SigningKey } from './signing-key.ts'

/**
 * Makes the next key the current one and a fresh key the next. The previous one stays published, so that tokens it
 * signed stay good until they end.
 * @returns the key that signs from now on
 */
export const rotateSigningKey = command<{ algorithm?: SigningKey['algorithm'] }, SigningKey, PreparedKey>({
  name: 'rotate signing key',
  needs: 'keys:rotate',
  prepare: ({ algorithm = 'RS256' }, services) => makeKey(services, algorithm),
  run: async (tx, { algorithm = 'RS256' }, _actor, prepared) => {
    const { items } = await tx.signingKeys.list(firstOf(1000, equal('algorithm', algorithm)))
    const move = (key: SigningKey, status: SigningKey['status']) =>
      tx.signingKeys.update(key.id, { status, changedAt: tx.now() })
    for (const key of items.filter(({ status }) => status === 'current')) await move(key, 'previous')
    const next = items.find(({ status }) => status === 'next')
    if (next) await move(next, 'current')
    await addKey(tx, algorithm, next ? 'next' : 'current', prepared)
    const current = found(
      await tx.signingKeys.findBy({ algorithm, status: 'current' }),
      'signing_key',
      'current',
    )
    await tx.emit({ type: 'signing-key.rotated', target: { kind: 'signing_key', id: current.id } })
    return current
  },
})

/** Stops trusting a key: every token it signed is refused from now on. @throws not_found, in_use for the current one */
export const revokeSigningKey = command<{ keyId: string }, SigningKey>({
  name: 'revoke signing key',
  needs: 'keys:revoke',
  run: async (tx, { keyId }) => {
    const key = found(await tx.signingKeys.find(keyId), 'signing_key', keyId)
    if (key.status === 'current' || key.status === 'next') {
      throw new DomainError({ code: 'in_use', kind: 'signing_key', id: keyId })
    }
    if (key.status === 'revoked') return key
    await tx.signingKeys.update(keyId, { status: 'revoked', changedAt: tx.now() })
    await tx.emit({ type: 'signing-key.revoked', target: { kind: 'signing_key', id: keyId } })
    return { ...key, status: 'revoked', changedAt: tx.now() }
  },
})

/** Every key, the newest last. Private parts stay sealed. */
export const listSigningKeys = query<Record<never, never>, SigningKey[]>({
  name: 'list signing keys',
  needs: 'keys:read',
  run: async ({ signingKeys }) => (await signingKeys.list(firstOf(1000))).items,
})
