import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { end, firstLine, median } from './measure.ts'
import { ordinarySize, type Rows } from './row.ts'
import { benchClient } from './seed.ts'

const program = join(import.meta.dirname, '../../src/cli/rolecall.ts')

/** `rolecall serve` as an operator starts it, on free ports. */
const serve = (directory: string) =>
  spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ROLECALL_PORT: '0',
      ROLECALL_HTTPS_PORT: '0',
      ROLECALL_DATA_DIR: directory,
      ROLECALL_LOG_LEVEL: 'error',
      ROLECALL_CLIENT_ID: benchClient.id,
      ROLECALL_CLIENT_SECRET: benchClient.secret,
    },
  })

const ready = async (child: ChildProcess): Promise<void> => {
  if ((await firstLine(child)) === undefined) throw new Error('the server ended before it was ready')
}

const secondsToReady = async (directory: string): Promise<number> => {
  const start = performance.now()
  const child = serve(directory)
  try {
    await ready(child)
    return (performance.now() - start) / 1000
  } finally {
    await end(child)
  }
}

export const startRows: Rows = {
  name: 'start',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    const directory = await databases.of(users)
    const measure = `Start of \`rolecall serve\` to its line \`ready\`, with ${users.toLocaleString('en')} users`
    const took: number[] = []
    for (let round = 0; round < effort.rounds; round += 1) {
      tell(measure, round, effort.rounds)
      took.push(await secondsToReady(directory))
    }
    const seconds = median(took)
    const spread = `${Math.min(...took).toFixed(2)} to ${Math.max(...took).toFixed(2)} s`
    return [
      {
        measure,
        target: 'at most 1 s',
        reached: `${seconds.toFixed(2)} s`,
        isReached: seconds <= 1,
        details: spread,
      },
    ]
  },
}

export const memoryRows: Rows = {
  name: 'memory',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    const child = serve(await databases.of(users))
    try {
      await ready(child)
      for (let second = 0; second < effort.restSeconds; second += 1) {
        tell('Letting the server rest', second, effort.restSeconds)
        await wait(1000)
      }
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)])
      const megabytes = (Number(stdout) * 1024) / 1e6
      return [
        {
          measure: `Memory at rest (resident set), ${effort.restSeconds} s after the start, with ${users.toLocaleString('en')} users`,
          target: 'at most 150 MB',
          reached: `${megabytes.toFixed(0)} MB`,
          isReached: megabytes <= 150,
          details: 'read once',
        },
      ]
    } finally {
      await end(child)
    }
  },
}
