import qs from 'qs'
import { invalidParams, refuse } from './errors.ts'

/** Names that mean something to every object. A request has no use for them. */
const reserved = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Decodes a form. Brackets make arrays and objects, as older clients send them.
 * @throws SyntaxError for keys that would reach into a prototype, or too many of them
 */
export const parseForm = (text: string): Record<string, unknown> => {
  for (const [key] of new URLSearchParams(text)) {
    if (key.split(/[[\].]/u).some((part) => reserved.has(part))) throw new SyntaxError('A key is reserved.')
  }
  return qs.parse(text, { depth: 4, strictDepth: true, parameterLimit: 1000, throwOnLimitExceeded: true })
}

/**
 * `key[]=a&key[]=b` says what `key=a&key=b` says. Other brackets mean operators and prototypes to some servers, and are
 * no key of any route here: passed over, they would ask for more than was meant.
 * @throws WireError
 */
export const unbracket = (query: unknown): Record<string, unknown> => {
  const plain: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(query as Record<string, unknown>)) {
    const name = key.endsWith('[]') ? key.slice(0, -2) : key
    if (/[[\]$]/u.test(name) || reserved.has(name)) {
      refuse(invalidParams('must NOT have additional properties'))
    }
    if (name !== key) plain[name] = Array.isArray(value) ? value : [value]
    else plain[key] = value
  }
  return plain
}
