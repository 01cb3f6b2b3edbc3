/** The query can't be understood. The message names the fault and where it is, counted in characters from 1. */
export class SearchSyntaxError extends Error {
  override readonly name = 'SearchSyntaxError'
  readonly position: number
  readonly parameter: 'q' | 'sort'

  /** @param offset where the fault is, counted from 0; nowhere in particular when absent */
  constructor(fault: string, offset?: number, parameter: 'q' | 'sort' = 'q') {
    super(offset === undefined ? fault : `${fault} at position ${offset + 1}`)
    this.position = (offset ?? 0) + 1
    this.parameter = parameter
  }
}

/** One end of a range; text is undefined where the range is open. */
export type Bound = { text: string | undefined; isInclusive: boolean }

export type Token = { at: number } & (
  | { kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'plus' | 'end' }
  | { kind: 'field'; name: string }
  /** Text between the wildcards: a single part has none. Wildcards at an end leave an empty part there. */
  | { kind: 'text'; parts: readonly string[] }
  | { kind: 'range'; from: Bound; to: Bound }
)

const limitBytes = 10_240
const limitTerms = 200

/**
 * Splits a query into tokens. The last one is always `end`.
 * @throws SearchSyntaxError also for queries of more than 10 kB or 200 terms
 */
export const tokenize = (query: string): Token[] => {
  if (query.length > limitBytes || Buffer.byteLength(query) > limitBytes) {
    throw new SearchSyntaxError(`The query is longer than ${limitBytes} bytes`, limitBytes)
  }
  const tokens: Token[] = []
  let terms = 0
  let at = 0
  while (true) {
    at = skip(whitespace, query, at)
    if (at === query.length) return [...tokens, { kind: 'end', at }]
    const { token, end } = readToken(query, at, tokens.at(-1)?.kind === 'field')
    if ((token.kind === 'text' || token.kind === 'range') && ++terms > limitTerms) {
      throw new SearchSyntaxError(`The query has more than ${limitTerms} terms`, at)
    }
    tokens.push(token)
    at = end
  }
}

type Read = { token: Token; end: number }

const whitespace = /\s+/uy
/** The colons of an instant need no escape. */
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?=[\s()]|$)/uy
const unsupported: Readonly<Record<string, string>> = {
  '^': 'Boosting (^) is not supported',
  '~': 'Fuzzy and proximity search (~) is not supported',
  '?': 'The wildcard ? is not supported',
}

const skip = (pattern: RegExp, query: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(query) ? pattern.lastIndex : at
}

const readToken = (query: string, at: number, isBehindField: boolean): Read => {
  const char = query[at]!
  if (char === '(') return { token: { kind: 'open', at }, end: at + 1 }
  if (char === ')') return { token: { kind: 'close', at }, end: at + 1 }
  if (char === '"') return readPhrase(query, at)
  if (char === '[' || char === '{') return readRange(query, at)
  if (query.startsWith('&&', at)) return { token: { kind: 'and', at }, end: at + 2 }
  if (query.startsWith('||', at)) return { token: { kind: 'or', at }, end: at + 2 }
  if (char === '!') return { token: { kind: 'not', at }, end: at + 1 }
  // Right behind a field they belong to the value: phone_number:+4930123456
  if (char === '-' && !isBehindField) return { token: { kind: 'not', at }, end: at + 1 }
  if (char === '+' && !isBehindField) return { token: { kind: 'plus', at }, end: at + 1 }
  if (char === '/') throw new SearchSyntaxError('A regular expression (/) is not supported', at)
  const end = skip(instant, query, at)
  if (end > at) return { token: { kind: 'text', parts: [query.slice(at, end)], at }, end }
  return readWord(query, at)
}

const operators = { AND: 'and', OR: 'or', NOT: 'not' } as const

const readWord = (query: string, start: number): Read => {
  const parts = ['']
  let at = start
  for (; at < query.length && !endsWord(query, at); at++) {
    const char = query[at]!
    const fault = unsupported[char]
    if (fault !== undefined) throw new SearchSyntaxError(fault, at)
    if (char === '*') {
      // Two holes side by side are one.
      if (parts.length === 1 || parts.at(-1) !== '') parts.push('')
    } else if (char === '\\') {
      at++
      parts[parts.length - 1] += escaped(query, at)
    } else {
      parts[parts.length - 1] += char
    }
  }
  if (at === start) throw new SearchSyntaxError(`Unexpected ${query[at]}`, at)
  const raw = query.slice(start, at)
  if (query[at] === ':')
    return { token: { kind: 'field', name: fieldName(parts, raw, start), at: start }, end: at + 1 }
  if (Object.hasOwn(operators, raw)) {
    return { token: { kind: operators[raw as keyof typeof operators], at: start }, end: at }
  }
  return { token: { kind: 'text', parts, at: start }, end: at }
}

const endsWord = (query: string, at: number): boolean =>
  /[\s()[\]{}":]/u.test(query[at]!) || query.startsWith('&&', at) || query.startsWith('||', at)

const fieldName = (parts: readonly string[], raw: string, at: number): string => {
  if (parts.length > 1 && raw !== '*') throw new SearchSyntaxError('The name of a field has a wildcard', at)
  return parts.length > 1 ? '*' : parts[0]!
}

const escaped = (query: string, at: number): string => {
  const char = query[at]
  if (char === undefined) throw new SearchSyntaxError('There is nothing behind the escape \\', at - 1)
  return char
}

const readPhrase = (query: string, start: number): Read => {
  const { text, end } = readQuoted(query, start)
  return { token: { kind: 'text', parts: [text], at: start }, end }
}

const readQuoted = (query: string, start: number): { text: string; end: number } => {
  let text = ''
  for (let at = start + 1; at < query.length; at++) {
    const char = query[at]
    if (char === '"') return { text, end: at + 1 }
    text += char === '\\' ? escaped(query, ++at) : char
  }
  throw new SearchSyntaxError('A phrase has no closing quote', start)
}

const to = /\s+TO\s+/uy

const readRange = (query: string, start: number): Read => {
  const from = readBound(query, skip(whitespace, query, start + 1))
  const behindTo = skip(to, query, from.end)
  if (behindTo === from.end) throw new SearchSyntaxError('A range lacks its TO', from.end)
  const until = readBound(query, behindTo)
  const close = skip(whitespace, query, until.end)
  const bracket = query[close]
  if (bracket !== ']' && bracket !== '}') throw new SearchSyntaxError('A range has no closing bracket', close)
  const token: Token = {
    kind: 'range',
    from: { text: from.text, isInclusive: query[start] === '[' },
    to: { text: until.text, isInclusive: bracket === ']' },
    at: start,
  }
  return { token, end: close + 1 }
}

const readBound = (query: string, start: number): { text: string | undefined; end: number } => {
  if (query[start] === '"') return readQuoted(query, start)
  let text = ''
  let at = start
  for (; at < query.length && !/[\s[\]{}()"]/u.test(query[at]!); at++) {
    text += query[at] === '\\' ? escaped(query, ++at) : query[at]
  }
  if (at === start) throw new SearchSyntaxError('A range lacks a bound', at)
  return { text: query.slice(start, at) === '*' ? undefined : text, end: at }
}
