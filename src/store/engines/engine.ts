import type { Kysely, RawBuilder } from 'kysely'
import type { Tables } from '../tables.ts'

/** Everything that differs between databases. The rest of `store/` is the same code on all of them. */
export type Engine = {
  name: 'sqlite' | 'postgres'
  /** The one connection that writes. */
  writer: Kysely<Tables>
  /** Connections that read and never wait for the writer. */
  readers: Kysely<Tables>
  /** Opens a transaction that no other writer, in this process or another, can run beside. */
  begin(): Promise<void>
  /** Makes everything committed so far survive power loss. */
  flush(): Promise<void>
  /** Whether text has the parts in order, anchored at both ends, letter case mattering. */
  like(text: Sql, parts: readonly string[]): Sql
  /** Whether an element of the array at the path, or the value itself when it is none, makes `test` true. */
  jsonAny(column: Sql, path: readonly string[], test: (element: JsonElement) => Sql): Sql
  close(): Promise<void>
}

export type Sql = RawBuilder<unknown>

/** A scalar inside a JSON text: as text (`true`, `12`, `abc`), and as a number or null. */
export type JsonElement = { text: Sql; number: Sql }
