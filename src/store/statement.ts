import type { CompiledQuery, Kysely, RawBuilder } from 'kysely'
import type { Row } from './table.ts'
import type { Tables } from './tables.ts'

/** Stands for a value that is given when the statement is run. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

type Build = (slot: (name: string) => unknown) => RawBuilder<unknown>

/**
 * Names of the statements that are kept, by their text: an engine that can prepare a statement under a name need not
 * read and plan it each time.
 */
export const nameOfStatement = (text: string): string | undefined => names.get(text)

const names = new Map<string, string>()

export type Statement = (
  values: Readonly<Record<string, unknown>>,
) => Promise<{ rows: Row[]; changed: number }>

/**
 * A statement whose text never changes: made once, then only bound, because making it costs several times what
 * SQLite needs to answer. `slot` names a value in it. It selects no `*`: what is kept must not change its shape.
 */
export const createStatement = (db: Kysely<Tables>, build: Build): Statement => {
  const { sql, query, queryId, parameters } = build((name) => new Slot(name)).compile(db)
  if (!names.has(sql)) names.set(sql, `rolecall_${names.size}`)
  return async (values) => {
    const bound: CompiledQuery<Row> = {
      sql,
      query,
      queryId,
      parameters: parameters.map((parameter) =>
        parameter instanceof Slot ? values[parameter.name] : parameter,
      ),
    } as CompiledQuery<Row>
    const { rows, numAffectedRows } = await db.executeQuery(bound)
    return { rows, changed: Number(numAffectedRows ?? 0) }
  }
}

/** Statements that differ in the columns they name only, each made at its first use. */
export const createStatements = (
  db: Kysely<Tables>,
  build: (columns: readonly string[], slot: (name: string) => unknown) => RawBuilder<unknown>,
) => {
  const made = new Map<string, Statement>()
  /** `others` are values beside those of the columns. */
  return (row: Row, others: Row = {}): ReturnType<Statement> => {
    const columns = Object.keys(row)
    const shape = columns.join()
    let statement = made.get(shape)
    if (!statement) {
      statement = createStatement(db, (slot) => build(columns, slot))
      made.set(shape, statement)
    }
    return statement({ ...row, ...others })
  }
}
