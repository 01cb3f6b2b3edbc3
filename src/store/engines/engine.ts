import type { Kysely, RawBuilder } from 'kysely'
import type { Tables } from '../tables.ts'

/** Everything that differs between databases. The rest of `store/` is the same code on all of them. */
export type Engine = {
  name: 'sqlite' | 'postgres'
  /** The one connection that writes. */
  writer: Kysely<Tables>
  /** Connections that read, can't write, and never wait for the writer. */
  readers: Kysely<Tables>
  /**
   * Opens a transaction that no other writer, in this process or another, can run beside; for a change of the
   * `schema`, before there is any table.
   */
  begin(change?: 'rows' | 'schema'): Promise<void>
  /** @throws when nothing, or perhaps nothing, of the transaction is kept */
  commit(): Promise<void>
  /** Undoes an open transaction, if there is one. @throws when it can't, and nothing more may be written */
  abandon(): Promise<void>
  /** Makes everything committed so far survive power loss. */
  flush(): Promise<void>
  /** Whether text has the parts in order, anchored at both ends, letter case mattering. */
  like(text: Sql, parts: readonly string[]): Sql
  /** The digits of an integer. */
  digits(integer: Sql): Sql
  /** Whether a value is one of any number of others. */
  among(value: Sql, type: 'text' | 'integer' | 'number', others: readonly (string | number)[]): Sql
  /**
   * Whether something at the path makes `test` true. Arrays are transparent: on the way and at its end, every element
   * stands for itself.
   */
  jsonAny(column: Sql, path: readonly string[], test: (value: FieldValue) => Sql): Sql
  /** Keeps a table's sequence from handing out a number that was given. */
  skipNumber(table: string, number: number): Promise<void>
  /** The last number a table's sequence handed out, or was kept from handing out; asked on the connection given. */
  lastNumber(db: Kysely<Tables>, table: string): Promise<number>
  close(): Promise<void>
}

export type Sql = RawBuilder<unknown>

/** What a filter compares. */
export type FieldValue = {
  /** Text; the words `true` and `false`; the digits of an integer up to fifteen of them; null for all else. */
  text: Sql
  /** A number, or null. */
  number: Sql
  /** Whether there is something: neither null nor an empty object or array. */
  present: Sql
}
