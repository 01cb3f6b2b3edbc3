import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { assigning, bearer, type Ours, rolesPath, startBare, startOurs } from './contenders.ts'
import type { LoadOrder } from './load.ts'
import { type Contender, compare, inTurns, load, type Served } from './measure.ts'
import { apart, atLeast, perSecond } from './report.ts'
import { connections, ordinarySize, type Result, type Rows } from './row.ts'
import { benchAdministrator, roleId, rolesPerUser, spareRoles, userId } from './seed.ts'

type Headers = Record<string, string>

/** Apps to give roles in: as many as the Auth0 door has roles to give, and one that everybody has a role in. */
const appCount = spareRoles + 1

const send = async <T>(url: string, headers: Headers, body: object): Promise<T> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** The administrator's session in this door. */
const signIn = async (origin: string): Promise<Headers> => {
  const { session_token: token } = await send<{ session_token: string }>(
    `${origin}/api/v2/system/admin/session`,
    {},
    benchAdministrator,
  )
  return { 'x-dreamfactory-session-token': token }
}

type Prepared = { headers: Headers; numbersFrom: { users: number; apps: number }; role: number }

/** Signs in, makes the apps, and gives everybody a role in the first. Its key goes with every request. */
const prepare = async ({ announced: { origin } }: Served<Ours>, directory: string): Promise<Prepared> => {
  const session = await signIn(origin)
  const { resource: apps } = await send<{ resource: { id: number; api_key: string }[] }>(
    `${origin}/api/v2/system/app?fields=id,api_key`,
    session,
    { resource: Array.from({ length: appCount }, (_, at) => ({ name: `app ${at}`, is_active: true })) },
  )
  const database = new DatabaseSync(join(directory, 'rolecall.db'), { timeout: 10_000 })
  const numberOf = (table: string, id: string) =>
    database.prepare(`select number from ${table} where id = ?`).get(id)!.number as number
  database.exec(`insert into assignments
    (user_id, role_id, scope, source, actor_kind, actor_id, door, created_at)
    select users.id, '${roleId(rolesPerUser)}', 'application:' || applications.id, 'direct', 'system', 'system', 'cli', 0
      from users, applications where users.id < '1' and applications.number = ${apps[0]!.id}`)
  const [users, role] = [numberOf('users', userId(0)), numberOf('roles', roleId(rolesPerUser))]
  database.close()
  return {
    headers: { ...session, 'x-dreamfactory-api-key': apps[0]!.api_key },
    // What is given out is a role in the apps behind the first.
    numbersFrom: { users, apps: apps[1]!.id },
    role,
  }
}

const relatedPath = '/api/v2/system/user/[[number]]?related=user_to_app_to_role_by_user_id'

const loading = (
  order: Omit<LoadOrder, 'connections' | 'seconds' | 'expectedStatus' | 'walk'>,
  walk: Omit<NonNullable<LoadOrder['walk']>, 'first'>,
): Contender => {
  let first = 0
  return async (seconds) => {
    const whole = { ...order, connections, seconds, expectedStatus: 200, walk: { ...walk, first } }
    const { perSecond: reached, next } = await load(whole)
    first = next
    return reached
  }
}

/** A user with his roles against a bare route that sends the same bytes. */
export const dreamFactoryReadRows: Rows = {
  name: 'dreamfactory-reads',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    const directory = await databases.copy(users)
    await using ours = await startOurs(directory)
    const { origin } = ours.announced
    const { headers, numbersFrom } = await prepare(ours, directory)
    const answer = await fetch(origin + relatedPath.replace('[[number]]', String(numbersFrom.users)), {
      headers,
    })
    await using bare = await startBare(ours, directory, {}, await answer.text())
    const measure =
      'system/user/{id} with its roles, session token and API key, against a bare route that sends the same bytes'
    const walk = { kind: 'users', users } as const
    const contenders = [
      loading({ origin, path: relatedPath, headers, numbersFrom }, walk),
      loading({ origin: bare.announced.origin, path: '/more', headers }, walk),
    ]
    const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
    return [atLeast(measure, 0.3, compare(reached[0]!, reached[1]!))]
  },
}

/** The same assignment through two doors. */
export const dreamFactoryAssignRows: Rows = {
  name: 'dreamfactory-assign',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    const directory = await databases.copy(users)
    await using ours = await startOurs(directory)
    const { origin } = ours.announced
    const { headers, numbersFrom, role } = await prepare(ours, directory)
    const measure = `PATCH system/user/{id} that assigns against the same assignment through the Auth0 door, ${connections} connections`
    const contenders = [
      loading(
        {
          origin,
          method: 'PATCH',
          path: '/api/v2/system/user/[[number]]',
          headers: { ...headers, 'content-type': 'application/json' },
          body: `{"user_to_app_to_role_by_user_id":[{"app_id":[[app]],"role_id":${role}}]}`,
          numbersFrom,
        },
        { kind: 'assignments', users },
      ),
      assigning(origin, { path: rolesPath, headers: bearer(ours), users }),
    ]
    const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
    return [atLeast(measure, 0.75, compare(reached[0]!, reached[1]!))]
  },
}

/** The same filter over few and over many users. */
export const dreamFactoryFilterRows: Rows = {
  name: 'dreamfactory-filter',
  run: async ({ effort, databases, tell }) => {
    await using stack = new AsyncDisposableStack()
    const sizes = [effort.sizes[0]!, effort.sizes.at(-1)!]
    const contenders: Contender[] = []
    for (const users of sizes) {
      const { origin } = stack.use(await startOurs(await databases.copy(users))).announced
      const path = `/api/v2/system/user?filter=${encodeURIComponent("email='user")}[[index]]${encodeURIComponent("@example.com'")}`
      contenders.push(loading({ origin, path, headers: await signIn(origin) }, { kind: 'users', users }))
    }
    const [few, many] = sizes.map((size) => size.toLocaleString('en'))
    const measure = `system/user by a filter on the e-mail address, over ${many} users against ${few}`
    const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
    const { ratio, ours, baseline, spread } = compare(reached[1]!, reached[0]!)
    const result: Result = {
      measure,
      target: 'within 20 %',
      reached: apart(ratio),
      isReached: ratio >= 0.8,
      details: `${perSecond(ours)} against ${perSecond(baseline)}; rounds ${apart(spread[1])} to ${apart(spread[0])}`,
    }
    return [result]
  },
}
