import type { Filter, Order, Scalar } from '#core/listing.ts'
import { caseKey, type User } from '#core/users/user.ts'

/**
 * What a filter and an order mean, said once more and in the plainest way: on things in memory, without a database.
 * The property tests hold both engines against it.
 */

/** What one field of one user holds, as far as filters see it. */
type Held = { text?: string; number?: number; isPresent: boolean }

const integers = ['number', 'loginsCount', 'lastLoginAt', 'createdAt']
const keyed = ['email', 'username']

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))
const lowerAscii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** For patterns with the flag `u`, which refuses needless escapes. */
const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const spread = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

const jsonValues = (root: unknown, path: readonly string[]): Held[] => {
  let values = spread(root)
  for (const key of path) {
    values = values.flatMap((value) => {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isObject && Object.hasOwn(value, key) ? spread((value as Record<string, unknown>)[key]) : []
    })
  }
  return values.map((value): Held => {
    if (typeof value === 'string') return { text: value, isPresent: true }
    if (typeof value === 'boolean') return { text: String(value), isPresent: true }
    if (typeof value === 'number') {
      const digits = Number.isInteger(value) && Math.abs(value) < 1e15 ? { text: String(value) } : {}
      return { ...digits, number: value, isPresent: true }
    }
    return { isPresent: value !== null && Object.keys(value as object).length > 0 }
  })
}

const heldBy = (user: User, field: string): { kind: 'text' | 'integer' | 'flag' | 'json'; held: Held[] } => {
  const [head, ...path] = field.split('.') as [string, ...string[]]
  const value = user[head as keyof User]
  if (path.length > 0) return { kind: 'json', held: jsonValues(value, path) }
  const kind = head === 'isBlocked' ? 'flag' : integers.includes(head) ? 'integer' : 'text'
  if (value === undefined) return { kind, held: [{ isPresent: false }] }
  const number = kind === 'text' ? {} : { number: Number(value) }
  return { kind, held: [{ text: String(value), ...number, isPresent: true }] }
}

const numberOf = (value: Scalar): number => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

const flagOf = (value: Scalar): number => {
  if ([true, 'true', 1].includes(value as string)) return 1
  return [false, 'false', 0].includes(value as string) ? 0 : Number.NaN
}

const orders = (is: string, order: number): boolean =>
  ({ equal: order === 0, less: order < 0, atMost: order <= 0, more: order > 0, atLeast: order >= 0 })[is]!

/** Whether a user is among those a filter selects. */
export const matches = (filter: Filter, user: User): boolean => {
  if ('all' in filter) return filter.all.every((each) => matches(each, user))
  if ('any' in filter) return filter.any.some((each) => matches(each, user))
  if ('not' in filter) return !matches(filter.not, user)
  const { kind, held } = heldBy(user, filter.field)
  const isPresent = held.some((each) => each.isPresent)
  if ('exists' in filter) return filter.exists === isPresent
  const { field, ignoreCase } = filter
  const fold = !ignoreCase ? (text: string) => text : keyed.includes(field) ? caseKey : lowerAscii

  if ('like' in filter) {
    const escaped = filter.like.map((part) => escapePattern(fold(part)))
    const pattern = new RegExp(`^${escaped.join('[^]*')}$`, 'u')
    return held.some(({ text }) => text !== undefined && pattern.test(fold(text)))
  }
  const compare = (is: string, value: Scalar): boolean => {
    if (is === 'unequal') return !compare('equal', value)
    if (value === null) return is === 'equal' && !isPresent
    return held.some(({ text, number }) => {
      if (kind === 'integer' || kind === 'flag') {
        const other = kind === 'flag' ? flagOf(value) : numberOf(value)
        if (number === undefined || Number.isNaN(other)) return false
        return orders(is, number === other ? 0 : number < other ? -1 : 1)
      }
      if (kind === 'json' && is === 'equal' && number !== undefined)
        return String(number) === fold(String(value))
      if (kind === 'json' && is !== 'equal' && typeof value === 'number') {
        return number !== undefined && orders(is, number === value ? 0 : number < value ? -1 : 1)
      }
      if (text === undefined || (kind === 'json' && number !== undefined)) return false
      return orders(is, byBytes(fold(text), fold(String(value))))
    })
  }
  return 'in' in filter
    ? filter.in.some((value) => compare('equal', value))
    : compare(filter.is, filter.value)
}

/** Puts users in an order: absent as the least of its type, ties by number, in the direction of the last field. */
export const sorted = (users: readonly User[], order: readonly Order[]): User[] => {
  const all: Order[] = [...order, { field: 'number', direction: order.at(-1)?.direction ?? 'ascending' }]
  return users.toSorted((one, other) => {
    for (const { field, direction } of all) {
      const [left, right] = [one, other].map((user) => user[field as keyof User])
      const isText = typeof (left ?? right) === 'string'
      const difference = isText
        ? byBytes(String(left ?? ''), String(right ?? ''))
        : Number(left ?? -1) - Number(right ?? -1)
      if (difference !== 0) return direction === 'ascending' ? difference : -difference
    }
    return 0
  })
}
