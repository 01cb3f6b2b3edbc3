import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Compiles the shim into the directory and sees that it works.
 * @returns the environment in which a process flushes slowly, or why there is none
 */
export const slowFsync = async (
  directory: string,
): Promise<{ env: Record<string, string> } | { missing: string }> => {
  if (process.platform !== 'linux') return { missing: 'only on Linux' }
  const library = join(directory, 'slow-fsync.so')
  const source = join(import.meta.dirname, 'slow-fsync.c')
  try {
    await run('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
  } catch {
    return { missing: 'no C compiler' }
  }
  const env = { LD_PRELOAD: library }
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'machine.ts')], {
    env: { ...process.env, ...env },
  })
  const milliseconds = Number(stdout)
  return milliseconds >= 2 && milliseconds < 4 ? { env } : { missing: `an fsync took ${milliseconds} ms` }
}
