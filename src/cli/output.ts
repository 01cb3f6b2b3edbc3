import { progress } from '@clack/prompts'

/** How a command shows what it did: tables for people, JSON for machines. */
export type Output = {
  /** One thing, or many of a kind, with the columns people want to see. */
  show<T extends object>(things: T | readonly T[], columns: readonly (keyof T & string)[]): void
  /** A sentence for people; machines get nothing. */
  say(sentence: string): void
  /** Shows how far long work has come. Without a terminal it stays silent. */
  progress(title: string, total: number): Progress
}

export type Progress = {
  advance(by: number): void
  done(sentence: string): void
  failed(sentence: string): void
}

export const createOutput = ({ json }: { json: boolean }): Output => ({
  show: (things, columns) => {
    if (json) console.log(JSON.stringify(things))
    else console.log(table(Array.isArray(things) ? things : [things], columns))
  },
  say: (sentence) => {
    if (!json) console.log(sentence)
  },
  progress: (title, total) => (json || !process.stderr.isTTY ? silent : bar(title, total)),
})

const silent: Progress = { advance: () => {}, done: () => {}, failed: () => {} }

const bar = (title: string, total: number): Progress => {
  const shown = progress({ max: Math.max(1, total), output: process.stderr })
  shown.start(title)
  return {
    advance: (by) => shown.advance(by),
    done: (sentence) => shown.stop(sentence),
    failed: (sentence) => shown.error(sentence),
  }
}

const table = (rows: readonly object[], columns: readonly string[]): string => {
  if (rows.length === 0) return 'Nothing.'
  const cells = [
    columns,
    ...rows.map((row) => columns.map((column) => textOf(row[column as keyof typeof row]))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)))
  return cells
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
