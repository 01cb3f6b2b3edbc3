import { createHash } from 'node:crypto'
import { constants, cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tell } from './progress.ts'
import { seed } from './seed.ts'

/** Seeded data directories. Filling one takes minutes, so they are kept between runs where that is wanted. */
export type Databases = {
  /** A data directory with so many users. Nobody writes to it. */
  of(users: number): Promise<string>
  /** A copy of it to write to. */
  copy(users: number): Promise<string>
  /** Removes the copies, and what this run has filled unless it shall be kept. */
  clear(): Promise<void>
}

const sources = [
  join(import.meta.dirname, 'seed.ts'),
  join(import.meta.dirname, '../../src/store/migrations/0001-init.ts'),
]

/** What was filled by an older version of these is of no use. */
const version = async (): Promise<string> => {
  const hash = createHash('sha256')
  for (const source of sources) hash.update(await readFile(source))
  return hash.digest('hex').slice(0, 8)
}

export const openDatabases = async (
  { directory, keep }: { directory: string; keep: boolean },
  tell: Tell,
): Promise<Databases> => {
  await mkdir(directory, { recursive: true })
  const prefix = await version()
  const made: string[] = []
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    )
  const of = async (users: number): Promise<string> => {
    const path = join(directory, `${prefix}-${users}`)
    if (await isThere(path)) return path
    const unfinished = await mkdtemp(join(directory, 'filling-'))
    try {
      await seed(unfinished, users, (done) => tell(`Filling a database with ${users} users`, done, users))
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { recursive: true })
      throw error
    }
    if (!keep) made.push(path)
    return path
  }
  return {
    of,
    copy: async (users) => {
      const source = await of(users)
      const path = await mkdtemp(join(tmpdir(), 'rolecall-bench-copy-'))
      made.push(path)
      await cp(source, path, { recursive: true, mode: constants.COPYFILE_FICLONE })
      return path
    },
    clear: async () => {
      for (const path of made.splice(0)) await rm(path, { recursive: true, force: true })
    },
  }
}
