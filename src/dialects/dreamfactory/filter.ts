import type { Filter, Scalar } from '#core/listing.ts'
import type { Column, Columns } from './columns.ts'
import { WireError } from './errors.ts'

/**
 * The filter grammar: `field op value`, terms in parentheses joined by logical words. What is read becomes data; no
 * part of the text ever reaches a database.
 * @see specs: §1.7 of the DreamFactory dialect
 */
export const parseFilter = (
  text: string,
  columns: Columns,
  params: Readonly<Record<string, unknown>> = {},
  lookups: Readonly<Record<string, string>> = {},
): Filter => {
  const parser = new Parser(tokenize(text), columns, params, lookups)
  return parser.whole()
}

const unparsable = () => new WireError(400, 'Invalid or unparsable filter request.')

type Token =
  | { kind: 'open' | 'close' | 'comma'; at: number }
  | { kind: 'operator'; text: string; at: number }
  | { kind: 'text'; text: string; at: number }
  | { kind: 'quoted'; text: string; at: number }

const symbols = ['>=', '<=', '!=', '<>', '&&', '||', '=', '>', '<']
const longest = 20_000

const tokenize = (text: string): Token[] => {
  if (text.length > longest) throw unparsable()
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const letter = text[at]!
    if (/\s/u.test(letter)) {
      at += 1
      continue
    }
    const start = at
    if (letter === '(' || letter === ')' || letter === ',') {
      tokens.push({ kind: ({ '(': 'open', ')': 'close', ',': 'comma' } as const)[letter], at })
      at += 1
      continue
    }
    const symbol = symbols.find((each) => text.startsWith(each, at))
    if (symbol) {
      tokens.push({ kind: 'operator', text: symbol, at })
      at += symbol.length
      continue
    }
    if (letter === '"' || letter === "'") {
      const [value, end] = readQuoted(text, at)
      tokens.push({ kind: 'quoted', text: value, at: start })
      at = end
      continue
    }
    while (at < text.length && !/[\s(),]/u.test(text[at]!) && !startsSymbol(text, at)) at += 1
    tokens.push({ kind: 'text', text: text.slice(start, at), at: start })
  }
  return tokens
}

const startsSymbol = (text: string, at: number): boolean => symbols.some((each) => text.startsWith(each, at))

/** A doubled quote stands for one. */
const readQuoted = (text: string, start: number): [value: string, end: number] => {
  const quote = text[start]!
  let value = ''
  let at = start + 1
  for (;;) {
    const end = text.indexOf(quote, at)
    if (end < 0) throw unparsable()
    value += text.slice(at, end)
    if (text[end + 1] !== quote) return [value, end + 1]
    value += quote
    at = end + 2
  }
}

type Operator =
  | 'atLeast'
  | 'atMost'
  | 'unequal'
  | 'equal'
  | 'more'
  | 'less'
  | 'in'
  | 'like'
  | 'starts'
  | 'ends'
  | 'contains'
  | 'null'
  | 'present'

const comparisons: Readonly<Record<string, Operator>> = {
  '>=': 'atLeast',
  '<=': 'atMost',
  '!=': 'unequal',
  '<>': 'unequal',
  '=': 'equal',
  '>': 'more',
  '<': 'less',
  GTE: 'atLeast',
  LTE: 'atMost',
  NE: 'unequal',
  EQ: 'equal',
  GT: 'more',
  LT: 'less',
  IN: 'in',
  LIKE: 'like',
  CONTAINS: 'contains',
}

const depthLimit = 40

class Parser {
  private at = 0
  private depth = 0
  private readonly tokens: readonly Token[]
  private readonly columns: Columns
  private readonly params: Readonly<Record<string, unknown>>
  private readonly lookups: Readonly<Record<string, string>>

  constructor(
    tokens: readonly Token[],
    columns: Columns,
    params: Readonly<Record<string, unknown>>,
    lookups: Readonly<Record<string, string>>,
  ) {
    this.tokens = tokens
    this.columns = columns
    this.params = params
    this.lookups = lookups
  }

  whole(): Filter {
    const filter = this.any()
    if (this.at < this.tokens.length) throw unparsable()
    return filter
  }

  /** OR, NOR and XOR bind looser than AND; all from left to right. */
  private any(): Filter {
    let left = this.all()
    for (;;) {
      const word = this.word('OR', '||', 'NOR', 'XOR')
      if (word === undefined) return left
      const right = this.all()
      if (word === 'OR' || word === '||') left = { any: [left, right] }
      else if (word === 'NOR') left = { not: { any: [left, right] } }
      else left = { all: [{ any: [left, right] }, { not: { all: [left, right] } }] }
    }
  }

  private all(): Filter {
    const parts = [this.term()]
    while (this.word('AND', '&&') !== undefined) parts.push(this.term())
    return parts.length === 1 ? parts[0]! : { all: parts }
  }

  private term(): Filter {
    this.depth += 1
    if (this.depth > depthLimit) throw unparsable()
    const filter = this.oneTerm()
    this.depth -= 1
    return filter
  }

  private oneTerm(): Filter {
    const next = this.tokens[this.at]
    if (next?.kind === 'open') {
      this.at += 1
      const inner = this.any()
      if (this.tokens[this.at]?.kind !== 'close') throw unparsable()
      this.at += 1
      return inner
    }
    if (this.word('NOT') !== undefined) return { not: this.term() }
    return this.comparison()
  }

  private comparison(): Filter {
    const name = this.tokens[this.at]
    if (name?.kind !== 'text' && name?.kind !== 'quoted') throw unparsable()
    this.at += 1
    const isNegated = this.word('NOT') !== undefined
    const operator = this.operator()
    const column = this.columns[name.text]
    if (!column?.filter) {
      throw new WireError(400, `Invalid or unparsable field in filter request: '${name.text}'`)
    }
    const filter = this.compare(name.text, column, operator)
    return isNegated ? negate(column, filter) : filter
  }

  private operator(): Operator {
    const token = this.tokens[this.at]
    if (token?.kind !== 'operator' && token?.kind !== 'text') throw unparsable()
    const text = token.text.toUpperCase()
    this.at += 1
    if (text === 'STARTS' && this.word('WITH')) return 'starts'
    if (text === 'ENDS' && this.word('WITH')) return 'ends'
    if (text === 'IS') {
      const isNegated = this.word('NOT') !== undefined
      if (this.word('NULL') === undefined) throw unparsable()
      return isNegated ? 'present' : 'null'
    }
    const operator = Object.hasOwn(comparisons, text) ? comparisons[text] : undefined
    if (!operator) throw unparsable()
    return operator
  }

  private compare(name: string, column: Column, operator: Operator): Filter {
    const { filter } = column
    if (operator === 'null') return column.filter!({ is: 'null' })
    if (operator === 'present') return { not: column.filter!({ is: 'null' }) }
    if (operator === 'in') {
      const values = this.list().map((value) => decodeValue(name, column, value))
      return { any: values.map((value) => filter!({ is: 'equal', value })) }
    }
    const value = this.value()
    if (operator === 'like') return filter!({ is: 'like', parts: patternParts(String(value)) })
    if (operator === 'starts') return filter!({ is: 'like', parts: [String(value), ''] })
    if (operator === 'ends') return filter!({ is: 'like', parts: ['', String(value)] })
    if (operator === 'contains') return filter!({ is: 'like', parts: ['', String(value), ''] })
    const decoded = decodeValue(name, column, value)
    if (operator === 'unequal') return negate(column, filter!({ is: 'equal', value: decoded }))
    return filter!({ is: operator, value: decoded })
  }

  private list(): Scalar[] {
    if (this.tokens[this.at]?.kind !== 'open') {
      throw new WireError(400, 'Filter value lists must be wrapped in parentheses.')
    }
    this.at += 1
    const values: Scalar[] = []
    for (;;) {
      values.push(this.value())
      const next = this.tokens[this.at]
      this.at += 1
      if (next?.kind === 'close') return values
      if (next?.kind !== 'comma') throw unparsable()
    }
  }

  /** Quoted text, or words up to what ends a value: a parenthesis, a comma, or a logical word before another term. */
  private value(): Scalar {
    const token = this.tokens[this.at]
    if (token?.kind === 'quoted') {
      this.at += 1
      return this.filled(token.text)
    }
    if (token?.kind !== 'text') throw unparsable()
    const words: string[] = []
    for (;;) {
      const next = this.tokens[this.at]
      if (next?.kind !== 'text' || (words.length > 0 && this.isLogical(next.text))) break
      words.push(next.text)
      this.at += 1
    }
    const text = words.join(' ')
    return text.startsWith(':') ? this.param(text) : this.filled(text)
  }

  /** Lookups are filled in where values stand: what one holds is never read as part of the filter. */
  private filled(text: string): string {
    return text.replaceAll(/\{lookup\.([^{}\s]+)\}/gu, (whole, name: string) =>
      Object.hasOwn(this.lookups, name) ? this.lookups[name]! : whole,
    )
  }

  private param(name: string): Scalar {
    const value = Object.hasOwn(this.params, name) ? this.params[name] : undefined
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
    throw new WireError(400, `Invalid or unparsable filter request. There is no parameter '${name}'.`)
  }

  private isLogical(text: string): boolean {
    return /^(?:and|or|xor|nor)$/iu.test(text)
  }

  /** Takes the next token when it is one of the words. */
  private word(...words: readonly string[]): string | undefined {
    const token = this.tokens[this.at]
    if (token?.kind !== 'text' && token?.kind !== 'operator') return undefined
    const text = token.text.toUpperCase()
    if (!words.includes(text)) return undefined
    this.at += 1
    return text
  }
}

/** As in SQL, what is absent is neither equal nor unequal to anything. */
const negate = (column: Column, filter: Filter): Filter => ({
  all: [{ not: column.filter!({ is: 'null' }) }, { not: filter }],
})

/** `%` stands for any text; `_` is taken as it is. */
const patternParts = (pattern: string): string[] => pattern.split('%')

const decodeValue = (name: string, { type }: Column, value: Scalar): Scalar => {
  if (type === 'integer') {
    if (/^-?\d{1,16}$/u.test(String(value)) && Number.isSafeInteger(Number(value))) return Number(value)
    throw new WireError(400, `Field '${name}' must be a valid integer.`)
  }
  if (type === 'flag') {
    const text = String(value).toLowerCase()
    if (['1', 'true', 'yes', 'on'].includes(text)) return true
    if (['0', 'false', 'no', 'off', ''].includes(text)) return false
    throw new WireError(400, `Field '${name}' must be a valid boolean.`)
  }
  if (type === 'instant') {
    const text = String(value).replace(' ', 'T')
    const at = Date.parse(/Z$|[+-]\d\d:?\d\d$/u.test(text) ? text : text.length === 10 ? text : `${text}Z`)
    if (!Number.isNaN(at)) return at
    throw new WireError(400, `Field '${name}' must be a valid date.`)
  }
  return typeof value === 'string' ? value : String(value)
}
