import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LoadOrder } from './load.ts'

/** A server process that announces itself with one line of JSON, and ends with its handle. */
export type Served<Announcement> = AsyncDisposable & {
  announced: Announcement
  pid: number
  /** Puts a question to the process and waits for its answer. */
  ask<Answer>(question: object): Promise<Answer>
}

const endMilliseconds = 15_000

/** Starts a script of this folder and waits for its announcement. */
export const serveScript = async <Announcement>(
  script: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served<Announcement>> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
  const announced = await firstLine(child)
  if (announced === undefined) throw new Error(`${script} ended before it was ready`)
  return {
    announced: JSON.parse(announced) as Announcement,
    pid: child.pid!,
    ask: async <Answer>(question: object) => {
      child.send(question)
      const [answer] = (await once(child, 'message')) as [Answer]
      return answer
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}

/** Undefined when the process ends before it has written one. */
export const firstLine = async (child: ChildProcess): Promise<string | undefined> => {
  for await (const line of createInterface({ input: child.stdout! })) {
    child.stdout!.resume()
    return line
  }
  return undefined
}

/** Lets the process end, and makes it when it does not. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), endMilliseconds)
  await ended
  clearTimeout(force)
}

/** Answered requests per second under one load, and the number that a walk goes on with. */
export const load = (order: LoadOrder): Promise<{ perSecond: number; next: number }> =>
  new Promise((resolve, reject) => {
    const args = [join(import.meta.dirname, 'load.ts'), JSON.stringify(order)]
    execFile(process.execPath, args, { timeout: 120_000 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(JSON.parse(stdout)),
    )
  })

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!

/** Measures something for some seconds. */
export type Contender = (seconds: number) => Promise<number>

/**
 * Measures several in turns, because the machine's speed drifts; the first turn only warms them up.
 * @returns for every contender what it reached in each round
 */
export const inTurns = async (
  { rounds, seconds }: { rounds: number; seconds: number },
  contenders: readonly Contender[],
  tell: (round: number) => void,
): Promise<number[][]> => {
  for (const contender of contenders) await contender(1)
  const reached: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    tell(round)
    for (const [at, contender] of contenders.entries()) reached[at]!.push(await contender(seconds))
  }
  return reached
}

export type Comparison = {
  ours: number
  baseline: number
  /** The median of the rounds' ratios, and their extremes. */
  ratio: number
  spread: readonly [least: number, most: number]
}

export const compare = (ours: readonly number[], baseline: readonly number[]): Comparison => {
  const ratios = ours.map((one, round) => one / baseline[round]!)
  return {
    ours: median(ours),
    baseline: median(baseline),
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  }
}
