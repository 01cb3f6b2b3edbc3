import type { Actor } from '../actor.ts'
import type { Filter } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { workspace } from '../scope.ts'
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

/** Fields that the filter may ask for: what is shown, and whether somebody is kept out. @throws unknown_field */
export const findNames = query<{ filter: Filter; limit: number }, PersonByName[]>({
  name: 'find names',
  needs: people,
  run: async (reader, { filter, limit }, actor) => {
    requireSignedIn(actor)
    requireNames(filter)
    const order = [{ field: 'username', direction: 'ascending' }] as const
    const { items } = await reader.users.list({ filter, order, limit })
    return items.map(shown)
  },
})

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
