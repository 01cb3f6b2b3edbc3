/**
 * `@peculiar/x509` builds on `tsyringe`, which refuses to load unless somebody brought the metadata part of `Reflect`,
 * a proposal that never became JavaScript. These are the functions tsyringe 4.10 calls (`reflection-helpers.js`); a
 * real polyfill that came first stays. Import this before `@peculiar/x509`.
 */
type MetadataOf = (key: string, target: object) => unknown

if (!('getMetadata' in Reflect)) {
  const metadata = new WeakMap<object, Map<string, unknown>>()

  const getOwnMetadata: MetadataOf = (key, target) => metadata.get(target)?.get(key)

  const getMetadata: MetadataOf = (key, target) => {
    let holder: object | null = target
    while (holder && !metadata.get(holder)?.has(key)) holder = Object.getPrototypeOf(holder)
    return holder ? getOwnMetadata(key, holder) : undefined
  }

  const defineMetadata = (key: string, value: unknown, target: object): void => {
    metadata.set(target, (metadata.get(target) ?? new Map<string, unknown>()).set(key, value))
  }

  Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata })
}
