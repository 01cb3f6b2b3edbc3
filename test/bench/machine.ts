import { mkdtemp, open, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { median } from './measure.ts'

/** What the numbers depend on. Nothing in it tells whose machine it is. */
export type Machine = {
  cpu: string
  cores: number
  memoryGib: number
  /** What a flush of one written page takes. */
  fsyncMilliseconds: number
  node: string
  /** Processes that wanted to run, on average over the last minute, before the benchmark began. */
  load: number
}

const flushes = 101

/** Milliseconds that a page takes to the disk which the benchmark's databases lie on. */
export const measureFsync = async (): Promise<number> => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-fsync-'))
  try {
    const file = await open(join(directory, 'page'), 'w')
    const page = Buffer.alloc(4096)
    const took: number[] = []
    for (let flush = 0; flush < flushes; flush += 1) {
      await file.write(page, 0, page.length, 0)
      const start = performance.now()
      await file.datasync()
      took.push(performance.now() - start)
    }
    await file.close()
    return median(took)
  } finally {
    await rm(directory, { recursive: true })
  }
}

export const describeMachine = async (): Promise<Machine> => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  fsyncMilliseconds: await measureFsync(),
  node: process.version,
  load: loadavg()[0]!,
})

if (import.meta.main) console.log(await measureFsync())
