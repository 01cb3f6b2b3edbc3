import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderSchema } from './schema.ts'

/** Names of columns by table, as the text of a schema has them. */
const columnsOf = (schema: string): Map<string, string[]> =>
  new Map(
    [...schema.matchAll(/create table "?(\w+)"? \(\n?([\s\S]*?)\n?\)[^)]*;/giu)].map(([, table, body]) => [
      table!,
      body!
        .split(/,\s*(?![^(]*\))/u)
        .map((line) => line.trim().split(' ')[0]!)
        // PostgreSQL quotes what is a word of its own: trigger, position.
        .map((word) => word.replaceAll('"', ''))
        .filter((word) => !['primary', 'constraint', 'unique', 'foreign'].includes(word)),
    ]),
  )

test('both engines have the same tables with the same columns, and PostgreSQL compares all text by bytes', async () => {
  const [ofSqlite, ofPostgres] = await Promise.all([renderSchema('sqlite'), renderSchema('postgres')])
  assert.ok(columnsOf(ofSqlite).size > 25)
  assert.deepEqual(columnsOf(ofPostgres), columnsOf(ofSqlite))
  const texts = ofPostgres.split('\n').filter((line) => /^ {2}"?\w+"? (?:text|varchar|character)/u.test(line))
  assert.ok(texts.length > 100)
  assert.deepEqual(
    texts.filter((line) => !line.includes(' collate "C"')),
    [],
  )
})
