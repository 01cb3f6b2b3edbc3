import { DomainError } from '#core/refusals.ts'
import { isStorable } from '#core/text.ts'

/**
 * Refuses text that only some databases can keep, so that all of them answer alike.
 * @throws invalid
 */
export const requireStorable = (text: string, field: string): void => {
  if (!isStorable(text)) throw unstorable(field)
}

/** For values bound to a statement; whoever knows the field's name has refused it before. @throws invalid */
export const requireStorableParameters = (parameters: readonly unknown[]): void => {
  for (const parameter of parameters) {
    if (typeof parameter === 'string') requireStorable(parameter, 'text')
    else if (Array.isArray(parameter)) requireStorableParameters(parameter)
  }
}

/** Packs a JSON value as columns keep it. @throws invalid when it holds such text anywhere */
export const encodeJson = (value: unknown, field: string): string => {
  const text = JSON.stringify(value)
  // Escapes of NUL and of lone surrogates, unless the backslash is itself an escaped one.
  if (text.includes('\\u') && /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/u.test(text)) throw unstorable(field)
  return text
}

/**
 * Longest text of an index entry, in bytes: PostgreSQL's pages hold 2704 of one entry. Where three texts share an
 * index, each gets a third.
 */
const limitBytes = { id: 800, key: 2_400 }

/** Refuses text too long for its index, on the engines that could hold it too. @throws invalid */
export const requireIndexable = (text: string, kind: keyof typeof limitBytes, field: string): void => {
  const limit = limitBytes[kind]
  // No character has more than three bytes to one unit of its length.
  if (text.length * 3 > limit && Buffer.byteLength(text) > limit) {
    throw new DomainError({ code: 'invalid', field, reason: `The text is longer than ${limit} bytes.` })
  }
}

const unstorable = (field: string): DomainError =>
  new DomainError({
    code: 'invalid',
    field,
    reason: 'The text contains a NUL character or half of a surrogate pair.',
  })
