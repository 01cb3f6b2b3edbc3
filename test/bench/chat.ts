import { assigning, bearer, type Ours, reading, rolesPath, startBare, startOurs } from './contenders.ts'
import { type Contender, compare, inTurns, load, type Served } from './measure.ts'
import { atLeast } from './report.ts'
import { connections, ordinarySize, type Result, type Rows } from './row.ts'
import { roleId } from './seed.ts'

const infoPath = '/api/v1/users.info?userId=[[user]]'
const holdersPath = `/api/v1/roles.getUsersInRole?role=${roleId(0)}&count=50`

/** The answer of a path of Rocket.Chat's door, for a bare route to send. */
const answerOf = async ({ origin, chat }: Ours, path: string): Promise<string> => {
  const response = await fetch(origin + path.replace('[[user]]', '0'.repeat(24)), { headers: chat })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return text
}

/** Reads of Rocket.Chat's door against bare routes that send the same bytes. */
export const chatReadRows: Rows = {
  name: 'chat-reads',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    const directory = await databases.copy(users)
    await using ours = await startOurs(directory, {}, 'chat')
    const { origin, chat } = ours.announced
    const routes = [
      { what: 'users.info of any user', path: infoPath, walk: { users } },
      {
        what: `roles.getUsersInRole, 50 of ${users.toLocaleString('en')} who hold it`,
        path: holdersPath,
        walk: {},
      },
    ]
    const results: Result[] = []
    for (const { what, path, walk } of routes) {
      await using bare = await startBare(ours, directory, {}, await answerOf(ours.announced, path))
      const measure = `${what}, against a bare route that sends the same bytes`
      const contenders = [
        reading(origin, { path, headers: chat, ...walk }),
        reading(bare.announced.origin, { path: '/more', headers: chat, ...walk }),
      ]
      const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
      results.push(atLeast(measure, 0.3, compare(reached[0]!, reached[1]!)))
    }
    return results
  },
}

/** Gives every user a role that nobody held, as `assigning` does, by his user name. */
const assigningByName = ({ announced }: Served<Ours>, users: number): Contender => {
  // The roles that the other door does not give out.
  let first = users * 10
  return async (seconds) => {
    const { perSecond, next } = await load({
      origin: announced.origin,
      connections,
      seconds,
      method: 'POST',
      path: '/api/v1/roles.addUserToRole',
      headers: { ...announced.chat, 'content-type': 'application/json' },
      body: '{"username":"[[user]]","roleId":"[[role]]"}',
      expectedStatus: 200,
      walk: { kind: 'assignments', users, first },
    })
    first = next
    return perSecond
  }
}

/** The same assignment through two doors. */
export const chatAssignRows: Rows = {
  name: 'chat-assign',
  run: async ({ effort, databases, tell }) => {
    const users = ordinarySize(effort)
    await using ours = await startOurs(await databases.copy(users), {}, 'chat')
    const measure = `roles.addUserToRole against the same assignment through the Auth0 door, ${connections} connections`
    const contenders = [
      assigningByName(ours, users),
      assigning(ours.announced.origin, { path: rolesPath, headers: bearer(ours), users }),
    ]
    const reached = await inTurns(effort, contenders, (round) => tell(measure, round, effort.rounds))
    return [atLeast(measure, 0.75, compare(reached[0]!, reached[1]!))]
  },
}
