/** One row, and the line it begins in. */
export type CsvRow = { line: number; cells: string[]; fault?: string }

/** Reads CSV with commas and quoted cells, which may hold line ends; empty lines are passed over. @see RFC 4180 §2 */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  let [line, start] = [1, 1]
  let cells: string[] = []
  let cell = ''
  let state: 'bare' | 'quoted' | 'unquoted' = 'bare'
  let fault: string | undefined
  const endRow = (): CsvRow | undefined => {
    const row = { line: start, cells: [...cells, cell], ...(fault !== undefined && { fault }) }
    const isEmpty = cells.length === 0 && cell === '' && state === 'bare'
    cells = []
    cell = ''
    state = 'bare'
    fault = undefined
    return isEmpty ? undefined : row
  }
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '\n') line += 1
      if (state === 'quoted') {
        if (character === '"') state = 'unquoted'
        else cell += character
      } else if (character === ',') {
        cells.push(cell)
        cell = ''
        state = 'bare'
      } else if (character === '\n') {
        const row = endRow()
        start = line
        if (row) yield row
      } else if (character === '\r') {
        // Only ever before a line feed.
      } else if (character === '"' && (state === 'unquoted' || cell === '')) {
        if (state === 'unquoted') cell += '"'
        state = 'quoted'
      } else if (state === 'unquoted') fault = 'There is something behind a closing quote.'
      else cell += character
    }
  }
  if (state === 'quoted') fault = 'A quote is never closed.'
  const last = endRow()
  if (last) yield last
}

export const writeCsvRow = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
