import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseCsv, writeCsvRow } from './csv.ts'
import { UsageError } from './faults.ts'
import { readRecords } from './user-file.ts'

const directory = await mkdtemp(join(tmpdir(), 'rolecall-files-'))
after(() => rm(directory, { recursive: true }))

const read = async (name: string, content: string | Buffer) => {
  const file = join(directory, name)
  await writeFile(file, content)
  let bytes = 0
  const records = await Array.fromAsync(readRecords(file, (count) => (bytes += count)))
  assert.equal(bytes, Buffer.byteLength(content))
  return records.map(({ line, ...rest }) => [line, 'fields' in rest ? rest.fields : rest.fault])
}

test('JSON lines are read one by one, blank ones passed over, and each knows its line', async () => {
  const text = '\uFEFF{"a":1}\r\n\n  \n{"b":"ü𝄞"}\nnonsense\n[1]\nnull\n{"c":{}}'
  assert.deepEqual(await read('x.jsonl', text), [
    [1, { a: 1 }],
    [4, { b: 'ü𝄞' }],
    [5, 'This is not JSON.'],
    [6, 'A record must be an object.'],
    [7, 'A record must be an object.'],
    [8, { c: {} }],
  ])
})

test('a JSON array is read element by element, whatever its texts hold', async () => {
  const text = '\n[ {"a": "],}{\\"\\\\"},\n\n {"b": [1, {"c": "]"}],\n"d": 2}\n, 7, "x,y", {"e" 1}\n]\n'
  assert.deepEqual(await read('x.json', text), [
    [2, { a: '],}{"\\' }],
    [4, { b: [1, { c: ']' }], d: 2 }],
    [6, 'A record must be an object.'],
    [6, 'A record must be an object.'],
    [6, 'This is not JSON.'],
  ])
  assert.deepEqual(await read('x.json', '[]'), [])
})

test('what is called JSON and holds JSON lines is read as those', async () => {
  assert.deepEqual(await read('x.json', '\n{"a":1}\n{"b":2}\n'), [
    [2, { a: 1 }],
    [3, { b: 2 }],
  ])
})

test('a file that is not of its format as a whole is refused', async () => {
  const refused = (name: string, content: string | Buffer, message: RegExp) =>
    assert.rejects(read(name, content), (error) => error instanceof UsageError && message.test(error.message))
  await refused('x.json', 'hello', /holds no JSON array\.$/u)
  await refused('x.json', '', /holds no JSON array\.$/u)
  await refused('x.json', '[{"a":1}', /ends within its array\.$/u)
  await refused('x.json', '[{"a":1}]\n[]', /goes on behind its array, in line 2\.$/u)
  await refused('x.csv', 'a,a\n1,2', /must name the fields, each once\.$/u)
  await refused('x.jsonl', Buffer.from([0x7b, 0xff, 0x7d]), /is not in UTF-8\.$/u)
})

test('CSV cells become what their fields hold, and empty ones say nothing', async () => {
  const text = [
    'email,email_verified,blocked,roles,app_metadata,name',
    'a@example.com,TRUE,false,editor; reader,"{""plan"":""a,b""}","A',
    'B"',
    'b@example.com,perhaps,,,,',
    '',
    'c@example.com,true',
    'd@example.com,,,,nonsense,',
    'e@example.com,,,,,"x"y',
  ]
  assert.deepEqual(await read('x.csv', text.join('\r\n')), [
    [
      2,
      {
        email: 'a@example.com',
        email_verified: true,
        blocked: false,
        roles: ['editor', 'reader'],
        app_metadata: { plan: 'a,b' },
        name: 'A\r\nB',
      },
    ],
    [4, { email: 'b@example.com', email_verified: 'perhaps' }],
    [6, 'There are 2 cells under 6 names.'],
    [7, 'app_metadata: This is not JSON.'],
    [8, 'There is something behind a closing quote.'],
  ])
})

test('CSV reads back what it wrote, however it was cut into pieces', async () => {
  const rows = [
    ['a', '', 'c'],
    ['"', ',', '\n'],
    ['𝄞', ' x ', '""'],
  ]
  const text = rows.map(writeCsvRow).join('')
  for (const size of [1, 2, 7, text.length]) {
    const pieces = async function* () {
      const characters = [...text]
      while (characters.length > 0) yield characters.splice(0, size).join('')
    }
    const read = await Array.fromAsync(parseCsv(pieces()))
    assert.deepEqual(
      read.map(({ cells }) => cells),
      rows,
    )
  }
})
