import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { parseCsv } from './csv.ts'
import { UsageError } from './faults.ts'

/** One record of a file, and the line it begins in. `fault`: why it could not be read. */
export type FileRecord = { line: number } & ({ fields: Record<string, unknown> } | { fault: string })

export const formats = ['jsonl', 'json', 'csv'] as const
export type Format = (typeof formats)[number]

/** By the extension: JSON lines unless it says otherwise. */
export const formatOf = (file: string): Format => {
  const extension = extname(file).slice(1).toLowerCase()
  return formats.find((format) => format === extension) ?? 'jsonl'
}

/**
 * Reads the records of a file one by one: JSON lines, a JSON array, or CSV whose first line names the fields.
 * @param advance called with the bytes that were read, for a progress bar
 * @throws UsageError for a file that is not of its format as a whole
 */
export async function* readRecords(
  file: string,
  advance: (bytes: number) => void,
): AsyncGenerator<FileRecord> {
  const format = formatOf(file)
  const text = decoded(file, advance)
  if (format === 'csv') return yield* readCsv(file, text)
  for await (const { line, text: json } of format === 'json' ? elementsOf(file, text) : linesOf(text)) {
    yield { line, ...readObject(json) }
  }
}

async function* decoded(file: string, advance: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of createReadStream(file)) {
      advance((chunk as Buffer).length)
      yield decoder.decode(chunk as Buffer, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${file} is not in UTF-8.`) : error
  }
}

const readObject = (json: string): { fields: Record<string, unknown> } | { fault: string } => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { fault: 'This is not JSON.' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { fault: 'A record must be an object.' }
  }
  return { fields: value as Record<string, unknown> }
}

type Piece = { line: number; text: string }

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  let rest = ''
  let line = 0
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const text of lines) {
      line += 1
      if (text.trim() !== '') yield { line, text }
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest }
}

/**
 * The elements of a JSON array, each as it stands in the file: an array of any length is never held as a whole. What
 * vendors call JSON may be JSON lines, so a file that begins with an object is read as those.
 */
async function* elementsOf(file: string, chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  const iterator = chunks[Symbol.asyncIterator]()
  let first = ''
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    first += next.value
    if (first.trim() !== '') break
  }
  const whole = { [Symbol.asyncIterator]: () => resumed(first, iterator) }
  if (first.trimStart().startsWith('{')) return yield* linesOf(whole)
  if (!first.trimStart().startsWith('[')) throw new UsageError(`${file} holds no JSON array.`)

  let [depth, line, startLine, text] = [0, 1, 1, '']
  let [isInText, isEscaped, isOver] = [false, false, false]
  for await (const chunk of whole) {
    for (const character of chunk) {
      if (character === '\n') line += 1
      if (isInText) {
        text += character
        if (isEscaped) isEscaped = false
        else if (character === '\\') isEscaped = true
        else if (character === '"') isInText = false
        continue
      }
      if (/\s/u.test(character)) {
        if (text !== '') text += character
        continue
      }
      if (isOver) throw new UsageError(`${file} goes on behind its array, in line ${line}.`)
      if (character === '[' || character === '{') depth += 1
      if (character === ']' || character === '}') depth -= 1
      if (depth === 0 || (depth === 1 && character === ',')) {
        if (text !== '') yield { line: startLine, text }
        text = ''
        isOver = depth === 0
        continue
      }
      if (depth === 1 && text === '' && character === '[') continue
      if (text === '') startLine = line
      text += character
      isInText = character === '"'
    }
  }
  if (!isOver) throw new UsageError(`${file} ends within its array.`)
}

async function* resumed(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function* readCsv(file: string, text: AsyncIterable<string>): AsyncGenerator<FileRecord> {
  let names: readonly string[] | undefined
  for await (const { line, cells, fault } of parseCsv(text)) {
    if (!names) {
      if (fault !== undefined || new Set(cells).size < cells.length) {
        throw new UsageError(`The first line of ${file} must name the fields, each once.`)
      }
      names = cells
    } else if (fault !== undefined) yield { line, fault }
    else if (cells.length !== names.length) {
      yield { line, fault: `There are ${cells.length} cells under ${names.length} names.` }
    } else yield { line, ...readCells(names, cells) }
  }
}

/** What CSV has no way to write is JSON in its cell; an empty cell says nothing. */
const inJson: ReadonlySet<string> = new Set(['user_metadata', 'app_metadata', 'custom_password_hash'])
const inWords: Readonly<Record<string, unknown>> = { true: true, false: false }

const readCells = (
  names: readonly string[],
  cells: readonly string[],
): { fields: Record<string, unknown> } | { fault: string } => {
  const fields: Record<string, unknown> = {}
  for (const [at, name] of names.entries()) {
    const cell = cells[at]!
    if (cell === '') continue
    if (name === 'roles') fields[name] = cell.split(';').map((role) => role.trim())
    else if (name === 'email_verified' || name === 'blocked')
      fields[name] = inWords[cell.toLowerCase()] ?? cell
    else if (inJson.has(name)) {
      const read = readObject(cell)
      if ('fault' in read) return { fault: `${name}: ${read.fault}` }
      fields[name] = read.fields
    } else fields[name] = cell
  }
  return { fields }
}
