import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assigning, bearer, rolesPath, startBare, startOurs } from './contenders.ts'
import { compare, inTurns } from './measure.ts'
import { atLeast } from './report.ts'
import { type Bench, connections, ordinarySize, type Result, type Rows } from './row.ts'
import { slowFsync } from './slow-fsync.ts'

const what = `Assigning a role, durable, with its event, ${connections} connections, against a bare route that verifies the token and commits two raw rows`

const assign = async (
  { effort, databases, tell }: Bench,
  measure: string,
  target: number,
  env: Record<string, string> = {},
): Promise<Result[]> => {
  const users = ordinarySize(effort)
  const directory = await databases.copy(users)
  await using ours = await startOurs(directory, env)
  await using bare = await startBare(ours, directory, env)
  const headers = bearer(ours)
  const contenders = [
    assigning(ours.announced.origin, { path: rolesPath, headers, users }),
    assigning(bare.announced.origin, { path: '/assign/[[user]]', headers, users }),
  ]
  const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
  return [atLeast(measure, target, compare(reached[0]!, reached[1]!))]
}

export const assignRows: Rows = { name: 'assign', run: (bench) => assign(bench, what, 1.2) }

export const slowAssignRows: Rows = {
  name: 'assign-slow',
  run: async (bench) => {
    const measure = `${what}; every fsync takes 2 ms`
    const directory = await mkdtemp(join(tmpdir(), 'rolecall-shim-'))
    try {
      const slow = await slowFsync(directory)
      if ('missing' in slow) return [{ measure, target: 'at least 8 ×', missing: slow.missing }]
      return await assign(bench, measure, 8, slow.env)
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}
