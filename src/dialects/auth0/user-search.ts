import type { Filter, Order } from '#core/listing.ts'
import { bareFields, findSearchField, type SearchField } from './user-search-fields.ts'
import { SearchSyntaxError, type Token, tokenize } from './user-search-tokens.ts'

export { SearchSyntaxError } from './user-search-tokens.ts'

const limitLevels = 20

/**
 * Reads a user search. A blank query finds everybody.
 *
 * Loosest first: terms side by side, `OR`, `AND`, `NOT`. Terms side by side are alternatives, as Lucene has it unless
 * told otherwise; among them a negated term excludes and a term with `+` is required (`a b -c` is "a or b, not c").
 * Within `AND` and `OR` a negation is plain logic, and `+` means nothing. Terms are compared with the whole value.
 * @throws SearchSyntaxError
 * @see specs: §1.5.1 of the Auth0 dialect
 */
export const parseUserSearch = (q: string): Filter => parseSearch(q, userVocabulary)

/** What a search may name, and where it looks for a term that names nothing. */
export type Vocabulary = {
  find(name: string): SearchField | undefined
  bareFields: readonly SearchField[]
}

const userVocabulary: Vocabulary = { find: findSearchField, bareFields }

/** The same language over other things. @throws SearchSyntaxError */
export const parseSearch = (q: string, vocabulary: Vocabulary): Filter => {
  const cursor = createCursor(tokenize(q))
  if (cursor.token.kind === 'end') return { all: [] }
  const filter = parseTerms(cursor, { level: 0, vocabulary })
  if (cursor.token.kind === 'close') throw new SearchSyntaxError('Unexpected )', cursor.token.at)
  return filter
}

/**
 * Reads `field:1` (ascending) or `field:-1` (descending).
 * @throws SearchSyntaxError
 */
export const parseSort = (sort: string): Order[] => {
  const [matched, name = '', direction] = /^([a-z_]{1,40}):(-?1)$/u.exec(sort) ?? []
  if (matched === undefined) throw new SearchSyntaxError('Expected field:1 or field:-1', undefined, 'sort')
  const field = findSearchField(name)?.sortsBy
  if (field === undefined) {
    throw new SearchSyntaxError(`Users can not be sorted by ${name}`, undefined, 'sort')
  }
  return [{ field, direction: direction === '1' ? 'ascending' : 'descending' }]
}

type Cursor = { readonly token: Token; advance(): Token }

const createCursor = (tokens: readonly Token[]): Cursor => {
  let index = 0
  return {
    get token() {
      return tokens[index]!
    },
    advance: () => tokens[index++]!,
  }
}

/** Where a term stands: how deep in parentheses, in which field's group, and what can be named there. */
type Place = { level: number; field?: NamedField; vocabulary: Vocabulary }
type NamedField = { name: string; field: SearchField }

/** A part of a query; the mark says what it does among its neighbours. */
type Clause = { filter: Filter; mark?: 'required' | 'excluded' }

const parseTerms = (cursor: Cursor, place: Place): Filter => {
  const clauses: Clause[] = []
  do clauses.push(parseOr(cursor, place))
  while (cursor.token.kind !== 'end' && cursor.token.kind !== 'close')
  if (clauses.length === 1) return clauses[0]!.filter
  const marked = (mark?: Clause['mark']) =>
    clauses.filter((clause) => clause.mark === mark).map(({ filter }) => filter)
  const required = marked('required')
  const excluded = marked('excluded')
  const alternatives = required.length > 0 ? [] : marked()
  return joined('all', [
    ...required,
    ...(alternatives.length > 0 ? [joined('any', alternatives)] : []),
    ...excluded,
  ])
}

const joined = (by: 'all' | 'any', filters: readonly Filter[]): Filter => {
  if (filters.length === 1) return filters[0]!
  return by === 'all' ? { all: filters } : { any: filters }
}

const parseOr = (cursor: Cursor, place: Place): Clause =>
  parseChain(cursor, 'or', () => parseAnd(cursor, place))
const parseAnd = (cursor: Cursor, place: Place): Clause =>
  parseChain(cursor, 'and', () => parseSigned(cursor, place))

/** `-a AND -b` excludes as `-a` does: a mark that all clauses share is the mark of their conjunction. */
const parseChain = (cursor: Cursor, operator: 'and' | 'or', parse: () => Clause): Clause => {
  const clauses = [parse()]
  while (cursor.token.kind === operator) {
    cursor.advance()
    clauses.push(parse())
  }
  const [first] = clauses
  if (clauses.length === 1) return first!
  const filter = joined(
    operator === 'and' ? 'all' : 'any',
    clauses.map((clause) => clause.filter),
  )
  const isMarked = operator === 'and' && clauses.every(({ mark }) => mark === first!.mark)
  return isMarked ? { ...first, filter } : { filter }
}

const parseSigned = (cursor: Cursor, place: Place): Clause => {
  let isNegated = false
  let isRequired = false
  while (cursor.token.kind === 'not' || cursor.token.kind === 'plus') {
    if (cursor.token.kind === 'not') isNegated = !isNegated
    else isRequired = true
    cursor.advance()
  }
  const filter = parsePrimary(cursor, place)
  if (isNegated) return { filter: { not: filter }, mark: 'excluded' }
  return isRequired ? { filter, mark: 'required' } : { filter }
}

const parsePrimary = (cursor: Cursor, place: Place): Filter => {
  const token = cursor.advance()
  switch (token.kind) {
    case 'open':
      return parseGroup(cursor, token, place)
    case 'field':
      if (place.field) {
        throw new SearchSyntaxError(
          'Inside the parentheses of a field a colon must be quoted or escaped',
          token.at,
        )
      }
      return parseField(cursor, token, place)
    case 'text':
      return place.field ? testText(place.field, token) : testBareText(token, place.vocabulary)
    case 'range':
      return testRange(place.field, token)
    default:
      throw new SearchSyntaxError(`Expected a term, found ${describe(token)}`, token.at)
  }
}

const parseGroup = (cursor: Cursor, open: Token, place: Place): Filter => {
  if (place.level === limitLevels) {
    throw new SearchSyntaxError(`Parentheses are nested deeper than ${limitLevels} levels`, open.at)
  }
  const filter = parseTerms(cursor, { ...place, level: place.level + 1 })
  if (cursor.advance().kind !== 'close') throw new SearchSyntaxError('A parenthesis is never closed', open.at)
  return filter
}

type Of<Kind extends Token['kind']> = Extract<Token, { kind: Kind }>

const parseField = (cursor: Cursor, { name, at }: Of<'field'>, place: Place): Filter => {
  const value = cursor.advance()
  if (name === '_exists_') {
    if (value.kind !== 'text' || value.parts.length > 1)
      throw new SearchSyntaxError('_exists_ expects a field', value.at)
    return fieldNamed(value.parts[0]!, value.at, place.vocabulary).exists
  }
  if (name === '*' && value.kind === 'text' && isAnything(value.parts)) return { all: [] }
  const field = { name, field: fieldNamed(name, at, place.vocabulary) }
  switch (value.kind) {
    case 'open':
      return parseGroup(cursor, value, { ...place, field })
    case 'text':
      return testText(field, value)
    case 'range':
      return testRange(field, value)
    case 'field':
      throw new SearchSyntaxError(
        `The value of ${clip(name)} has a colon, which must be quoted or escaped`,
        value.at,
      )
    default:
      throw new SearchSyntaxError(`Expected a value of ${clip(name)}, found ${describe(value)}`, value.at)
  }
}

const fieldNamed = (name: string, at: number, { find }: Vocabulary): SearchField => {
  const field = find(name)
  if (!field) throw new SearchSyntaxError(`Unknown field ${clip(name)}`, at)
  return field
}

const isAnything = (parts: readonly string[]): boolean =>
  parts.length === 2 && parts.every((part) => part === '')

const testText = ({ name, field }: NamedField, { parts, at }: Of<'text'>): Filter => {
  if (parts.length === 1) {
    const filter = field.matches(parts[0]!)
    if (!filter) throw new SearchSyntaxError(`${clip(name)} expects ${field.expects}`, at)
    return filter
  }
  if (!field.like) throw new SearchSyntaxError(`${clip(name)} can not be searched with a wildcard`, at)
  if (isAnything(parts)) return field.exists
  refuseShortSuffix(parts, at)
  return field.like(parts)
}

const testBareText = ({ parts, at }: Of<'text'>, vocabulary: Vocabulary): Filter => {
  if (isAnything(parts)) return { all: [] }
  refuseShortSuffix(parts, at)
  const tests = vocabulary.bareFields.map((field) =>
    parts.length === 1 ? field.matches(parts[0]!) : field.like?.(parts),
  )
  return { any: tests.filter((test) => test !== undefined) }
}

const shortestSuffix = 3

/** `*ab` would read every user to find next to all of them. */
const refuseShortSuffix = (parts: readonly string[], at: number): void => {
  const suffix = parts.at(-1)!
  if (parts.length === 2 && parts[0] === '' && [...suffix].length < shortestSuffix) {
    throw new SearchSyntaxError(`A wildcard at the start needs ${shortestSuffix} characters behind it`, at)
  }
}

const testRange = (named: NamedField | undefined, { from, to, at }: Of<'range'>): Filter => {
  if (!named) throw new SearchSyntaxError('A range needs a field', at)
  const { name, field } = named
  if (!field.range) throw new SearchSyntaxError(`${clip(name)} can not be searched by range`, at)
  if (from.text === undefined && to.text === undefined) return field.exists
  const filter = field.range(from, to)
  if (!filter)
    throw new SearchSyntaxError(`The range of ${clip(name)} expects ${field.expects} or * at both ends`, at)
  return filter
}

const words = {
  open: '(',
  close: ')',
  and: 'AND',
  or: 'OR',
  not: 'NOT',
  plus: '+',
  end: 'the end',
  field: 'a field',
  text: 'a term',
  range: 'a range',
} satisfies Record<Token['kind'], string>

const describe = ({ kind }: Token): string => words[kind]

const clip = (name: string): string => {
  const characters = [...name]
  return characters.length > 100 ? `${characters.slice(0, 99).join('')}…` : name
}
