import { bearer, decisionPath, question, reading, rolesPath, startBare, startOurs } from './contenders.ts'
import { type Contender, compare, inTurns, median } from './measure.ts'
import { apart, atLeast, perSecond } from './report.ts'
import { type Bench, ordinarySize, type Result, type Rows } from './row.ts'

/** A read against a route that sends the same bytes, and against one that verifies the token and reads for itself. */
const againstBare = async (
  { effort, databases, tell }: Bench,
  what: string,
  routes: { ours: string; bytes: string; verified: string; body?: string },
): Promise<Result[]> => {
  const users = ordinarySize(effort)
  const directory = await databases.of(users)
  await using ours = await startOurs(directory)
  await using bare = await startBare(ours, directory)
  const headers = bearer(ours)
  const body = routes.body === undefined ? {} : { body: routes.body }
  const asked: Contender = reading(ours.announced.origin, { path: routes.ours, headers, users, ...body })
  const { origin } = bare.announced
  const baselines = [
    {
      name: 'a bare route that sends the same bytes',
      target: 0.35,
      contender: reading(origin, { path: routes.bytes, headers, users, ...body }),
    },
    {
      name: 'a bare route that verifies the token and does one raw read',
      target: 1.2,
      contender: reading(origin, { path: routes.verified, headers, users, ...body }),
    },
  ]
  const results: Result[] = []
  for (const { name, target, contender } of baselines) {
    const measure = `${what} against ${name}`
    const reached = await inTurns(effort, [asked, contender], (round) => tell(measure, round, effort.rounds))
    results.push(atLeast(measure, target, compare(reached[0]!, reached[1]!)))
  }
  return results
}

export const readRows: Rows = {
  name: 'reads',
  run: (bench) =>
    againstBare(bench, 'Reading the roles of a user', {
      ours: rolesPath,
      bytes: '/bytes/[[user]]',
      verified: '/verified/[[user]]',
    }),
}

export const decisionRows: Rows = {
  name: 'decisions',
  run: (bench) =>
    againstBare(bench, 'An AuthZEN evaluation', {
      ours: decisionPath,
      bytes: '/decision',
      verified: '/verified-decision',
      body: question,
    }),
}

/** The same reads of few and of many users, each request about another one. */
export const sizeRows: Rows = {
  name: 'sizes',
  run: async ({ effort, databases, tell }) => {
    await using stack = new AsyncDisposableStack()
    const servers = []
    for (const users of effort.sizes) {
      const served = stack.use(await startOurs(await databases.of(users)))
      servers.push({ users, origin: served.announced.origin, headers: bearer(served) })
    }
    const kinds = [
      { what: 'Reading the roles of a user', ask: { path: rolesPath } },
      { what: 'An AuthZEN evaluation', ask: { path: decisionPath, body: question } },
    ]
    const results: Result[] = []
    for (const { what, ask } of kinds) {
      const contenders = servers.map(({ origin, ...of }) => reading(origin, { ...ask, ...of }))
      const measure = `${what} among ${servers.map(({ users }) => users.toLocaleString('en')).join(', ')} users: slowest against fastest`
      const reached = (await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))).map(
        median,
      )
      const share = Math.min(...reached) / Math.max(...reached)
      results.push({
        measure,
        target: 'within 15 %',
        reached: apart(share),
        isReached: share >= 0.85,
        details: reached.map(perSecond).join(', '),
      })
    }
    return results
  },
}

/** Pages of the user list by cursor, the first against one far behind. */
export const pageRows: Rows = {
  name: 'pages',
  run: async ({ effort, databases, tell }) => {
    const { number, size } = effort.page
    await using ours = await startOurs(await databases.of(effort.sizes.at(-1)!))
    const { origin } = ours.announced
    const headers = bearer(ours)
    const pathOf = (from: string | undefined, take: number) =>
      `/api/v2/users?take=${take}${from === undefined ? '' : `&from=${encodeURIComponent(from)}`}`
    // The largest pages lead to the same place in fewer steps.
    const behind = (number - 1) * size
    let from: string | undefined
    for (let passed = 0; passed < behind; ) {
      const take = Math.min(100, behind - passed)
      const response = await fetch(origin + pathOf(from, take), { headers })
      const { next } = (await response.json()) as { next?: string }
      if (next === undefined) throw new Error(`the user list ends before page ${number}`)
      from = next
      passed += take
      tell(`Going to page ${number} of the user list`, passed, behind)
    }
    const measure = `Page ${number.toLocaleString('en')} of the user list against page 1, by cursor, ${size} users a page`
    const contenders = [from, undefined].map((cursor) =>
      reading(origin, { path: pathOf(cursor, size), headers }),
    )
    const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
    const far = compare(reached[0]!, reached[1]!)
    return [
      {
        measure,
        target: 'within 10 %',
        reached: apart(far.ratio),
        isReached: far.ratio >= 0.9,
        details: `${perSecond(far.ours)} against ${perSecond(far.baseline)}; rounds ${apart(far.spread[1])} to ${apart(far.spread[0])}`,
      },
    ]
  },
}
