import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { type Child, startChild } from './child.ts'
import { findDeno, prepareDenoFolder, sandboxCommand } from './command.ts'
import { planEgress } from './egress.ts'
import type { Limits } from './limits.ts'
import { processorSeconds, residentBytes } from './resident.ts'
import type { Run } from './run.ts'
import type { RunFailure, ScriptVersion } from './run-result.ts'

export type PoolParts = {
  folder: string
  ownOrigins(): readonly string[]
  trusted?(): Promise<string | undefined>
  limits: Limits
}

export type Pool = ReturnType<typeof createPool>

/** A place in which runs of one version are served. */
type Seat = {
  version: ScriptVersion
  key: string
  child: Promise<Child | undefined>
  /** Once it is there. */
  started: Child | undefined
  runs: Set<Run>
  served: number
  /** Takes no new runs; ends with its last one. */
  isRetired: boolean
  idleSince: number
  /** When it idled already: what it had used, and when that was looked at. */
  spent: { seconds: number; at: number } | undefined
}

const watchMs = 50
const idleWatchMs = 1000
/** What an idle process may use of a processor; more is a script that goes on after its answer. */
const idleShare = 0.3

/** The processes: who gets which, who waits, which has to go. */
export const createPool = ({ folder, ownOrigins, trusted, limits }: PoolParts) => {
  const seats = new Set<Seat>()
  const waiting = new Set<{ version: ScriptVersion; run: Run }>()
  let isStopping = false
  let prepared: Promise<{ deno: string; denoFolder: string; prlimit: boolean }> | undefined

  const prepare = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return { deno: findDeno(), denoFolder: await prepareDenoFolder(folder), prlimit: hasPrlimit() }
  }

  const start = async (seat: Seat): Promise<Child | undefined> => {
    const { version } = seat
    const origins = ownOrigins()
    prepared ??= prepare()
    const [machine, egress, trustFile] = await Promise.all([
      prepared,
      planEgress(origins, version.allowedHosts),
      writeTrust(folder, await trusted?.()),
    ])
    if (isStopping || !seats.has(seat)) return undefined
    const { bundle, flavour, memoryMb, code } = version
    const child = startChild({
      command: sandboxCommand({ ...machine, egress, trustFile, bundle, flavour, memoryMb }),
      cwd: parse(folder).root,
      setup: {
        code,
        ...(bundle !== undefined && { bundle }),
        ownHosts: origins.map((origin) => new URL(origin).host),
      },
      onExit: (failure) => {
        remove(seat)
        for (const run of seat.runs) run.fail(failure)
        admit()
      },
    })
    seat.started = child
    watch()
    return child
  }

  const open = (version: ScriptVersion, key: string): Seat => {
    const seat: Seat = {
      version,
      key,
      child: Promise.resolve(undefined),
      started: undefined,
      runs: new Set(),
      served: 0,
      isRetired: false,
      idleSince: performance.now(),
      spent: undefined,
    }
    seats.add(seat)
    seat.child = start(seat).catch((error: Error) => {
      remove(seat)
      for (const run of seat.runs)
        run.fail({ kind: 'exit', message: `The script's process could not be started: ${error.message}` })
      return undefined
    })
    return seat
  }

  const remove = (seat: Seat) => seats.delete(seat)

  const end = (seat: Seat, failure: RunFailure) => {
    remove(seat)
    seat.started?.kill(failure)
  }

  const capacityOf = (version: ScriptVersion) =>
    version.flavour === 'event-script' ? 1 : limits.runsPerProcess

  /** A seat for the run now, or nothing. Runs within runs may exceed the number: whoever waits for them holds a seat. */
  const find = (version: ScriptVersion, run: Run): Seat | undefined => {
    const key = keyOf(version)
    const capacity = capacityOf(version)
    for (const seat of seats)
      if (seat.key === key && !seat.isRetired && seat.runs.size < capacity) return seat
    if (seats.size < limits.processes || run.depth > 0) return open(version, key)
    const idle = [...seats]
      .filter((seat) => seat.runs.size === 0)
      .sort((a, b) => a.idleSince - b.idleSince)[0]
    if (!idle) return undefined
    end(idle, { kind: 'exit', message: 'Its process had to make room' })
    return open(version, key)
  }

  const sit = async (seat: Seat, run: Run): Promise<void> => {
    seat.runs.add(run)
    seat.spent = undefined
    seat.served++
    if (seat.served >= limits.runsBeforeRecycling) seat.isRetired = true
    const child = seat.started ?? (await seat.child)
    if (child) await run.perform(child)
    else run.fail({ kind: 'exit', message: 'The server is ending' })
    leave(seat, run)
  }

  const leave = (seat: Seat, run: Run) => {
    seat.runs.delete(run)
    seat.idleSince = performance.now()
    if (seat.runs.size === 0 && (seat.isRetired || !seats.has(seat)))
      end(seat, { kind: 'exit', message: 'It was replaced' })
    admit()
  }

  const admit = () => {
    for (const waiter of waiting) {
      const seat = waiter.run.remainingMs() > 0 ? find(waiter.version, waiter.run) : undefined
      if (!seat) continue
      waiting.delete(waiter)
      void sit(seat, waiter.run)
    }
  }

  const perform = (version: ScriptVersion, run: Run): void => {
    if (isStopping) {
      run.fail({ kind: 'busy', message: 'The server is ending' })
      return
    }
    const seat = find(version, run)
    if (seat) {
      void sit(seat, run)
      return
    }
    if (waiting.size >= limits.waiting) {
      run.fail({ kind: 'busy', message: 'Too many scripts wait for their turn' })
      return
    }
    const waiter = { version, run }
    waiting.add(waiter)
    void run.result.then(() => waiting.delete(waiter))
  }

  /**
   * A run is late. Its process may be stuck in a loop, and at best holds something that never ends: it takes no new
   * runs, and is ended as soon as the others in it are over, which their own time bounds.
   */
  const abandon = (run: Run) => {
    for (const seat of seats) {
      if (!seat.runs.has(run)) continue
      seat.isRetired = true
      if (seat.runs.size <= 1) end(seat, { kind: 'timeout', message: 'It did not answer in time' })
    }
  }

  const lookAtIdle = async (seat: Seat, now: number) => {
    const pid = seat.started?.pid
    if (pid === undefined || seat.runs.size > 0 || now - (seat.spent?.at ?? seat.idleSince) < idleWatchMs)
      return
    const seconds = await processorSeconds(pid)
    if (seconds === undefined || seat.runs.size > 0) return
    const { spent } = seat
    if (spent && (seconds - spent.seconds) * 1000 > (now - spent.at) * idleShare)
      end(seat, { kind: 'exit', message: 'It went on after its answer' })
    seat.spent = { seconds, at: now }
  }

  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    timer ??= setInterval(() => void look(), watchMs).unref()
  }
  let isLooking = false
  let lookedAt = 0
  const look = async () => {
    if (seats.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
    const now = performance.now()
    const isBusy = [...seats].some(({ runs }) => runs.size > 0)
    if (isLooking || (!isBusy && now - lookedAt < idleWatchMs)) return
    isLooking = true
    lookedAt = now
    try {
      for (const seat of seats) {
        if (seat.runs.size === 0 && now - seat.idleSince > limits.idleMs)
          end(seat, { kind: 'exit', message: 'It idled' })
      }
      await Promise.all([...seats].map((seat) => lookAtIdle(seat, now)))
      const byPid = new Map(
        [...seats].flatMap((seat) => (seat.started?.pid ? [[seat.started.pid, seat] as const] : [])),
      )
      for (const [pid, bytes] of await residentBytes([...byPid.keys()])) {
        const seat = byPid.get(pid)
        if (seat && bytes > seat.version.memoryMb * 1024 * 1024)
          end(seat, { kind: 'memory', message: `The script used more than ${seat.version.memoryMb} MB` })
      }
    } finally {
      isLooking = false
    }
  }

  return {
    perform,
    abandon,
    retire: (versionId: string) => {
      for (const seat of seats) {
        if (seat.version.id !== versionId) continue
        seat.isRetired = true
        if (seat.runs.size === 0) end(seat, { kind: 'exit', message: 'It was retired' })
      }
    },
    stats: () => ({
      processes: seats.size,
      running: [...seats].reduce((sum, seat) => sum + seat.runs.size, 0),
      waiting: waiting.size,
    }),
    stop: async () => {
      isStopping = true
      clearInterval(timer)
      for (const { run } of waiting) run.fail({ kind: 'busy', message: 'The server is ending' })
      const ending = [...seats]
      for (const seat of ending) end(seat, { kind: 'exit', message: 'The server is ending' })
      await Promise.all(ending.map(async (seat) => (await seat.child)?.gone))
    },
  }
}

/** Whatever is fixed at a process's start. */
const keyOf = ({ id, flavour, bundle, memoryMb, allowedHosts }: ScriptVersion): string =>
  JSON.stringify([id, flavour, bundle, memoryMb, allowedHosts])

const writeTrust = async (folder: string, pem: string | undefined): Promise<string | undefined> => {
  if (pem === undefined) return undefined
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'trust.pem')
  await writeFile(path, pem)
  return path
}

/** Part of util-linux. Where it is missing, memory is watched from outside alone. */
const hasPrlimit = (): boolean =>
  process.platform === 'linux' && spawnSync('prlimit', ['--version'], { stdio: 'ignore' }).status === 0
