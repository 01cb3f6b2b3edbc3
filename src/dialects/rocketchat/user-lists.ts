import Type from 'typebox'
import type { Actor } from '#core/actor.ts'
import { equal, every, type Filter, type Page } from '#core/listing.ts'
import { workspace } from '#core/scope.ts'
import { listPeople, type Person } from '#core/users/people.ts'
import { assignedUntil } from '#core/users/user.ts'
import { holds } from './authenticate.ts'
import { refuse, unauthorized } from './errors.ts'
import { decodePaging, decodeSort, SortQuery } from './paging.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import type { Settings } from './settings.table.ts'
import { encodePerson, WireUser } from './users.wire.ts'

const listFields = { username: 'username', name: 'name', createdAt: 'createdAt', lastLogin: 'lastLoginAt' }
const byUsername = [{ field: 'username', direction: 'ascending' }] as const

const ListedUsers = answer({
  users: Type.Array(Type.Object({ ...WireUser.properties, nameInsensitive: Type.Optional(Type.String()) })),
  count: Type.Integer(),
  offset: Type.Integer(),
  total: Type.Integer(),
})

/** @see specs: §5.5 and §5.6 of the Rocket.Chat dialect */
export const userListRoutes: RocketchatRoutes = async (app, { run, settings, now }) => {
  app.get(
    '/users.list',
    {
      config: { access: { tokenScopes: ['view-d-room'] } },
      schema: {
        summary: 'List users',
        querystring: Type.Object({ ...SortQuery, email: Type.Optional(Type.String()) }),
        response: { 200: ListedUsers },
      },
    },
    async ({ query, actor }) => {
      const current = await settings()
      await requireOutside(actor, current)
      const email = given(query.email)
      const maySeeAll = email === undefined || (await holds(run, actor, ['view-full-other-user-info']))
      if (!maySeeAll) refuse(unauthorized)
      const page = decodePaging(query, current)
      const listing = {
        ...page,
        order: decodeSort(query.sort, listFields, byUsername),
        ...(email !== undefined && { filter: { ...equal('email', email), ignoreCase: true } }),
        total: true,
      }
      return listed(await run(listPeople, { listing }, actor), page.offset, current)
    },
  )

  app.get(
    '/users.listByStatus',
    {
      config: { access: { tokenScopes: ['view-d-room'] } },
      schema: {
        summary: 'List users by whether they may sign in, and more',
        querystring: Type.Object({
          ...SortQuery,
          status: Type.Optional(Type.Enum(['active', 'deactivated'])),
          hasLoggedIn: Type.Optional(Type.Boolean()),
          type: Type.Optional(Type.String()),
          roles: Type.Optional(Type.Array(Type.String())),
          searchTerm: Type.Optional(Type.String({ maxLength: 200 })),
          inactiveReason: Type.Optional(Type.Array(Type.String())),
        }),
        response: { 200: ListedUsers },
      },
    },
    async ({ query, actor }) => {
      const current = await settings()
      await requireOutside(actor, current)
      const page = decodePaging(query, current)
      const maySeeAll = await holds(run, actor, ['view-full-other-user-info'])
      const listing = {
        ...page,
        order: decodeSort(query.sort, listFields, byUsername),
        filter: every(
          statusFilter(query.status),
          query.hasLoggedIn === undefined ? undefined : { field: 'lastLoginAt', exists: query.hasLoggedIn },
          typeFilter(query.type),
          rolesFilter(query.roles, now()),
          searchFilter(query.searchTerm, maySeeAll),
        ),
        total: true,
      }
      return listed(await run(listPeople, { listing }, actor), page.offset, current)
    },
  )

  /** The setting makes lists of people a matter of who may look beyond his rooms. */
  const requireOutside = async (actor: Actor, current: Settings): Promise<void> => {
    if (!current['API_Apply_permission_view-outside-room_on_users-list']) return
    if (!(await holds(run, actor, ['view-outside-room']))) refuse(unauthorized)
  }

  const listed = ({ items, total = 0 }: Page<Person>, offset: number, current: Settings) => {
    const users = items.map((person) => ({
      ...encodePerson(person, current),
      ...(person.name !== undefined && { nameInsensitive: person.name.toLowerCase() }),
    }))
    return ok({ users, count: users.length, offset, total })
  }
}

const statusFilter = (status: 'active' | 'deactivated' | undefined): Filter | undefined => {
  const isOut: Filter = { any: [equal('isBlocked', true), { field: 'approvalAskedAt', exists: true }] }
  return status === undefined ? undefined : status === 'active' ? { not: isOut } : isOut
}

const typeFilter = (type: string | undefined): Filter | undefined =>
  given(type) === undefined ? undefined : equal('kind', type === 'user' ? 'person' : type!)

/** Without the roles that the workspace has no word for: `all` is for no filter. */
const rolesFilter = (roles: readonly string[] | undefined, at: number): Filter | undefined =>
  roles === undefined || roles.length === 0 || roles.includes('all')
    ? undefined
    : {
        any: roles.map(
          (roleId): Filter => ({
            field: assignedUntil({ roleId, scope: workspace }),
            is: 'more',
            value: at,
          }),
        ),
      }

const searchFilter = (term: string | undefined, withEmail: boolean): Filter | undefined => {
  const text = given(term)
  if (text === undefined) return undefined
  const fields = ['username', 'name', ...(withEmail ? ['email'] : [])]
  return { any: fields.map((field): Filter => ({ field, like: ['', text, ''], ignoreCase: true })) }
}
