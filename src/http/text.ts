import { isStorable } from '#core/text.ts'

/**
 * Where a decoded value holds text that not every database can keep: NUL, or half of a surrogate pair.
 * @returns the path of the first one, as `users[0].name`; undefined when all is well
 */
export const findUnstorableText = (value: unknown, path = ''): string | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : path
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const at = findUnstorableText(item, `${path}[${index}]`)
      if (at !== undefined) return at
    }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, item] of Object.entries(value)) {
    if (!isStorable(key)) return path
    const at = findUnstorableText(item, path === '' ? key : `${path}.${key}`)
    if (at !== undefined) return at
  }
  return undefined
}

/** Text of a request holds NUL or half of a surrogate pair. */
export class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError'
  /** For routes that no door words the errors of. */
  readonly statusCode = 400
  readonly part: 'body' | 'params' | 'querystring'
  readonly path: string

  constructor(part: UnstorableTextError['part'], path: string) {
    super(`The text ${path || 'given'} contains a NUL character or half of a surrogate pair.`)
    this.part = part
    this.path = path
  }
}
