/** `npm run bench`: the speed and memory that Rolecall promises, each against its stated baseline. */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chatAssignRows, chatReadRows } from './chat.ts'
import { openDatabases } from './databases.ts'
import { dreamFactoryAssignRows, dreamFactoryFilterRows, dreamFactoryReadRows } from './dreamfactory.ts'
import { firstLoginRows } from './first-logins.ts'
import { hookRows } from './hooks.ts'
import { importRows } from './import.ts'
import { describeMachine } from './machine.ts'
import { createTell } from './progress.ts'
import { decisionRows, pageRows, readRows, sizeRows } from './reads.ts'
import { refreshRows } from './refreshes.ts'
import { describe, page, printed } from './report.ts'
import { memoryRows, startRows } from './rest.ts'
import type { Effort, Result, Rows } from './row.ts'
import { signInRows } from './sign-ins.ts'
import { tokenRows } from './tokens.ts'
import { assignRows, slowAssignRows } from './writes.ts'

const allRows: readonly Rows[] = [
  readRows,
  decisionRows,
  assignRows,
  slowAssignRows,
  chatReadRows,
  chatAssignRows,
  dreamFactoryReadRows,
  dreamFactoryAssignRows,
  dreamFactoryFilterRows,
  tokenRows,
  refreshRows,
  signInRows,
  hookRows,
  firstLoginRows,
  importRows,
  sizeRows,
  pageRows,
  startRows,
  memoryRows,
]
const names = allRows.map(({ name }) => name).join(', ')

const usage = `npm run bench -- [options]

  --quick              small databases and short rounds: minutes instead of half an hour
  --rounds <n>         how often each pair is measured, and --seconds <n> for how long
  --only <row>         only these rows, can be given several times: ${names}
  --write              write docs/benchmarks.md
  --databases <dir>    where filled databases are kept and looked for (default: in the system's temporary directory)
  --keep               keep the databases that this run fills`

const thorough: Effort = {
  rounds: 7,
  seconds: 4,
  sizes: [1_000, 100_000, 1_000_000],
  page: { number: 10_000, size: 50 },
  restSeconds: 60,
}
const quick: Effort = {
  rounds: 3,
  seconds: 2,
  sizes: [1_000, 20_000],
  page: { number: 1_000, size: 20 },
  restSeconds: 5,
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
    databases: { type: 'string', default: join(tmpdir(), 'rolecall-bench') },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const fault = [
  ...values.only
    .filter((wanted) => !allRows.some(({ name }) => name === wanted))
    .map((wanted) => `There is no row ${wanted}.`),
  ...[values.rounds, values.seconds]
    .filter((count) => count !== undefined && !/^[1-9]\d{0,3}$/u.test(count))
    .map((count) => `${count} is not a number of rounds or seconds.`),
].at(0)
if (values.help || fault !== undefined) {
  if (fault !== undefined) console.error(`${fault}\n`)
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const usual = values.quick ? quick : thorough
const effort: Effort = {
  ...usual,
  rounds: Number(values.rounds ?? usual.rounds),
  seconds: Number(values.seconds ?? usual.seconds),
}
const tell = createTell()
const machine = await describeMachine()
console.log(describe(machine))
const databases = await openDatabases({ directory: values.databases, keep: values.keep }, tell)
const results: Result[] = []
try {
  for (const rows of allRows) {
    if (values.only.length > 0 && !values.only.includes(rows.name)) continue
    const measured = await rows.run({ effort, databases, tell })
    results.push(...measured)
    tell('')
    console.log(printed(measured))
  }
} finally {
  await databases.clear()
}
if (values.write) {
  await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), page(machine, effort, results))
}
process.exitCode = results.some((result) => 'isReached' in result && !result.isReached) ? 1 : 0
