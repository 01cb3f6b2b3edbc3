import { DomainError, type Kind } from './refusals.ts'
import type { CollectionReader } from './store.ts'

/** Names a thing by its id, or by its number where a dialect knows no other. */
export type Ref = { id: string } | { number: number }

/** Undefined when there is no such thing. */
export const findRef = async <T extends { number: number; id: string }>(
  collection: Pick<CollectionReader<T>, 'find' | 'findBy'>,
  ref: Ref,
): Promise<T | undefined> => {
  if ('id' in ref) return collection.find(ref.id)
  if (!Number.isSafeInteger(ref.number)) return undefined
  return collection.findBy({ number: ref.number } as Partial<T>)
}

/** @throws not_found */
export const foundRef = async <T extends { number: number; id: string }>(
  collection: Pick<CollectionReader<T>, 'find' | 'findBy'>,
  ref: Ref,
  kind: Kind,
): Promise<T> => {
  const thing = await findRef(collection, ref)
  if (thing) return thing
  throw new DomainError({ code: 'not_found', kind, id: 'id' in ref ? ref.id : String(ref.number) })
}
