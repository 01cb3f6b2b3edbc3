import type { Actor } from '../actor.ts'
import { equal, every, type Filter, startsWith, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { User } from './user.ts'

const people = { anyone: 'Who is signed in sees who there is by name; nobody else is told' }

const requireSignedIn = ({ kind }: Actor): void => {
  if (kind !== 'anonymous') return
  throw new DomainError({ code: 'forbidden', permission: 'users:read-public', scope: workspace })
}

/** Whatever its letter case. */
export const isUsernameFree = query<{ username: string }, boolean>({
  name: 'is user name free',
  needs: people,
  run: async (reader, { username }, actor) => {
    requireSignedIn(actor)
    return (await reader.users.findByUsername(username)) === undefined
  },
})

export type PersonByName = Pick<User, 'id' | 'username' | 'name' | 'nickname'>

export type FindNames = {
  /** Fields: what is shown, and whether somebody is kept out. */
  filter: Filter
  limit: number
  /** Only who is in a room with the actor, and himself. */
  onlyFellows?: boolean
}

/** By user name. @throws unknown_field */
export const findNames = query<FindNames, PersonByName[]>({
  name: 'find names',
  needs: people,
  run: async (reader, { filter, limit, onlyFellows }, actor) => {
    requireSignedIn(actor)
    requireNames(filter)
    const fellows = onlyFellows ? await fellowsOf(reader, actor) : undefined
    const order = [{ field: 'username', direction: 'ascending' }] as const
    const { items } = await reader.users.list({ filter: every(filter, fellows)!, order, limit })
    return items.map(shown)
  },
})

const fellowsOf = async (reader: Reader, { id }: Actor): Promise<Filter> => {
  const inRooms = every(equal('userId', id), startsWith('scope', 'room:'))!
  const { items } = await reader.memberships.list({ filter: inRooms, limit: unlimited })
  return { any: [equal('id', id), { field: 'memberships.scope', in: items.map(({ scope }) => scope) }] }
}

/** Those who are there of whom ids and user names name. */
export const findPeople = query<{ ids: readonly string[]; usernames: readonly string[] }, PersonByName[]>({
  name: 'find people',
  needs: people,
  run: async (reader, { ids, usernames }, actor) => {
    requireSignedIn(actor)
    const users = new Map((await reader.users.findMany(ids)).map((user) => [user.id, user]))
    for (const username of usernames) {
      const user = await reader.users.findByUsername(username)
      if (user) users.set(user.id, user)
    }
    return [...users.values()].map(shown)
  },
})

const shown = ({ id, username, name, nickname }: User): PersonByName => ({
  id,
  ...(username !== undefined && { username }),
  ...(name !== undefined && { name }),
  ...(nickname !== undefined && { nickname }),
})

const named = ['id', 'username', 'name', 'nickname', 'isBlocked']

const requireNames = (filter: Filter): void => {
  const inner =
    'all' in filter ? filter.all : 'any' in filter ? filter.any : 'not' in filter ? [filter.not] : []
  for (const each of inner) requireNames(each)
  if ('field' in filter && !named.includes(filter.field)) {
    throw new DomainError({ code: 'unknown_field', field: filter.field })
  }
}
