import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

const pageBytes = 4096

/**
 * Resident bytes of these processes, by their ids. Those that are gone are left out. Linux tells in `/proc`; elsewhere
 * `ps` is asked, which is slower.
 */
export const residentBytes = async (pids: readonly number[]): Promise<Map<number, number>> => {
  if (pids.length === 0) return new Map()
  if (process.platform === 'linux') {
    const sizes = await Promise.all(pids.map(async (pid) => [pid, await fromProc(pid)] as const))
    return new Map(sizes.filter((size): size is [number, number] => size[1] !== undefined))
  }
  return fromPs(pids)
}

const fromProc = async (pid: number): Promise<number | undefined> => {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => undefined)
  const pages = Number(text?.split(' ')[1])
  return Number.isFinite(pages) ? pages * pageBytes : undefined
}

const fromPs = (pids: readonly number[]): Promise<Map<number, number>> =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], (_error, stdout) => {
      const lines = stdout.trim().split('\n').filter(Boolean)
      resolve(
        new Map(
          lines.map((line) => {
            const [pid = 0, kilobytes = 0] = line.trim().split(/\s+/u).map(Number)
            return [pid, kilobytes * 1024]
          }),
        ),
      )
    })
  })

/**
 * Processor time that a process has used, in seconds; only where the system tells it cheaply. What is measured is what a
 * script keeps doing after it answered.
 */
export const processorSeconds = async (pid: number): Promise<number | undefined> => {
  if (process.platform !== 'linux') return undefined
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name in brackets may hold anything; what follows it is numbered from the third field on.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields?.[11]) + Number(fields?.[12])
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : undefined
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100
