import type { Actor } from '../actor.ts'
import { type Listing, mentions, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { User } from './user.ts'

/** What everybody who is signed in may know of somebody. Of what dialects keep, each shows what is public there. */
export type PublicPerson = Pick<
  User,
  | 'id'
  | 'kind'
  | 'username'
  | 'name'
  | 'nickname'
  | 'picture'
  | 'isBlocked'
  | 'approvalAskedAt'
  | 'extensions'
>

/** Somebody as the actor may see him: with details for himself, and for who may see users and roles. */
export type Person = PublicPerson & { details?: User & { roleIds: string[] } }

/** A name that people know somebody by. `idOrUsername` is looked for as an id first. */
export type PersonName = { id: string } | { username: string } | { idOrUsername: string } | { email: string }

/** By an address only for who may see addresses. @throws not_found */
export const getPerson = query<PersonName, Person>({
  name: 'get person',
  needs: { anyone: 'Who is signed in sees who there is; nobody else is told, and few see more than names' },
  run: async (reader, name, actor) => {
    requireSignedIn(actor)
    const maySeeAll = await maySeeDetails(reader, actor)
    const user = 'email' in name && !maySeeAll ? undefined : await findPerson(reader, name)
    const [text = ''] = Object.values(name)
    const [person] = await describe(reader, [found(user, 'user', text)], actor, maySeeAll)
    return person!
  },
})

/**
 * Fields of the listing: those of `User`. Who may not see addresses can't ask for them either: doors name the fields.
 * @throws forbidden, invalid_cursor, unknown_field
 */
export const listPeople = query<{ listing: Listing }, Page<Person>>({
  name: 'list people',
  needs: ['users:read-public', 'users:read'],
  run: async (reader, { listing }, actor) => {
    const maySeeAll = await maySeeDetails(reader, actor)
    if (!maySeeAll && listing.filter && mentions(listing.filter, 'assignedRoles.')) {
      throw new DomainError({ code: 'forbidden', permission: 'roles:read', scope: workspace })
    }
    const page = await reader.users.list(listing)
    return { ...page, items: await describe(reader, page.items, actor, maySeeAll) }
  },
})

/** Of somebody whom `name` names; undefined when there is nobody. */
export const findPerson = async (
  { users }: Pick<Reader, 'users'>,
  name: PersonName,
): Promise<User | undefined> => {
  if ('id' in name) return users.find(name.id)
  if ('username' in name) return users.findByUsername(name.username)
  if ('email' in name) return users.findByEmail(name.email)
  return (await users.find(name.idOrUsername)) ?? users.findByUsername(name.idOrUsername)
}

/** Roles stand among the details, so that it takes seeing both. */
export const maySeeDetails = async (reader: Reader, actor: Actor): Promise<boolean> =>
  (await mayDo(reader, actor, ['users:read'], workspace)) &&
  (await mayDo(reader, actor, ['roles:read'], workspace))

const describe = async (
  reader: Reader,
  users: readonly User[],
  actor: Actor,
  maySeeAll: boolean,
): Promise<Person[]> => {
  const shown = users.filter(({ id }) => maySeeAll || (actor.kind === 'user' && actor.id === id))
  const roleIds = await roleIdsOf(reader, shown)
  const details = new Map(shown.map((user) => [user.id, { ...user, roleIds: roleIds.get(user.id) ?? [] }]))
  return users.map((user) => {
    const { id, kind, username, name, nickname, picture, isBlocked, approvalAskedAt, extensions } = user
    const own = details.get(id)
    return {
      id,
      kind,
      extensions,
      ...(username !== undefined && { username }),
      ...(name !== undefined && { name }),
      ...(nickname !== undefined && { nickname }),
      ...(picture !== undefined && { picture }),
      ...(isBlocked !== undefined && { isBlocked }),
      ...(approvalAskedAt !== undefined && { approvalAskedAt }),
      ...(own && { details: own }),
    }
  })
}

/** Of one user, as most requests ask, by the short way. */
const roleIdsOf = async (
  { assignments, now }: Reader,
  users: readonly User[],
): Promise<Map<string, string[]>> => {
  const [first] = users
  if (users.length === 1 && first) {
    const roles = await assignments.rolesIn(first.id, workspace, now())
    return new Map([[first.id, roles.map(({ id }) => id)]])
  }
  const ids = users.map(({ id }) => id)
  const roles = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { userId, role } of await assignments.rolesOfUsers(ids, workspace, now())) {
    roles.get(userId)?.push(role.id)
  }
  return roles
}

const requireSignedIn = ({ kind }: Actor): void => {
  if (kind !== 'anonymous') return
  throw new DomainError({ code: 'forbidden', permission: 'users:read-public', scope: workspace })
}
