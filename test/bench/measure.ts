import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LoadOrder } from './load.ts'

/** A server process that announces itself with one line of JSON. */
export type Served<Announcement> = { announced: Announcement; process: ChildProcess; stop(): Promise<void> }

/** Starts a script of this folder and waits for its announcement. */
export const serveScript = async <Announcement>(
  script: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served<Announcement>> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for await (const line of createInterface({ input: child.stdout! })) {
    const announced = JSON.parse(line) as Announcement
    child.stdout!.resume()
    return {
      announced,
      process: child,
      stop: async () => {
        child.kill('SIGTERM')
        await ended
      },
    }
  }
  throw new Error(`${script} ended before it was ready`)
}

/** Answered requests per second under one load. */
export const load = (order: LoadOrder): Promise<{ perSecond: number; total: number }> =>
  new Promise((resolve, reject) => {
    const args = [join(import.meta.dirname, 'load.ts'), JSON.stringify(order)]
    execFile(process.execPath, args, { timeout: 120_000 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(JSON.parse(stdout)),
    )
  })

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/**
 * Measures in turns, ours and the baseline close together, because the machine's speed drifts.
 * @returns the median of each and of their ratios
 */
export const compare = async (
  rounds: number,
  ours: (round: number) => Promise<number>,
  baseline: (round: number) => Promise<number>,
) => {
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round += 1) pairs.push([await ours(round), await baseline(round)])
  return {
    ours: median(pairs.map(([one]) => one)),
    baseline: median(pairs.map(([, other]) => other)),
    ratio: median(pairs.map(([one, other]) => one / other)),
  }
}
