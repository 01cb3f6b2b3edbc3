import { isStorable } from '#core/text.ts'

/** Deeper than any client means it, and far from where walking a value would exhaust the stack. */
const nestingLimit = 200

/**
 * Where a decoded value holds text that not every database can keep: NUL, or half of a surrogate pair.
 * @returns the path of the first one, as `users[0].name`; undefined when all is well
 * @throws NestingError for a value that is nested too deep to be looked at, by us or anybody behind us
 */
export const findUnstorableText = (value: unknown, path = '', level = 0): string | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  if (level > nestingLimit) throw new NestingError()
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const at = findUnstorableText(item, `${path}[${index}]`, level + 1)
      if (at !== undefined) return at
    }
    return undefined
  }
  for (const [key, item] of Object.entries(value)) {
    if (!isStorable(key)) return path
    const at = findUnstorableText(item, path === '' ? key : `${path}.${key}`, level + 1)
    if (at !== undefined) return at
  }
  return undefined
}

/** A value of a request is nested too deep. */
export class NestingError extends Error {
  override readonly name = 'NestingError'
  readonly statusCode = 400

  constructor() {
    super(`The value is nested deeper than ${nestingLimit} levels.`)
  }
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
