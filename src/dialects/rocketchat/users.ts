import Type, { type Static } from 'typebox'
import { type Actor, anonymous } from '#core/actor.ts'
import { equal, every, type Filter, type Page } from '#core/listing.ts'
import type { Refusal } from '#core/refusals.ts'
import { listRoomsHeld } from '#core/rooms/held.ts'
import { workspace } from '#core/scope.ts'
import { createPerson, updatePerson } from '#core/users/administer.ts'
import { getPerson, listPeople, type Person, type PersonName } from '#core/users/people.ts'
import { requestPasswordReset } from '#core/users/reset-password.ts'
import { assignedUntil } from '#core/users/user.ts'
import { holds } from './authenticate.ts'
import { requireMailDomain } from './email-domains.ts'
import { type Failure, plain, refuse, thrown, unauthorized, type Words } from './errors.ts'
import { requireMayChange } from './field-switches.ts'
import { decodePaging, decodeSort, SortQuery } from './paging.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
import type { Settings } from './settings.table.ts'
import { ChangedUser, decodeChangedUser, decodeNewUser, NewUser, requirePlainName } from './users.decode.ts'
import { encodeHeldRoom, encodePerson, HeldRoom, WireUser } from './users.wire.ts'

const ofUsers = (action: string) => ({ method: 'insertOrUpdateUser', action })
const notAllowed = (text: string, action: string) => thrown('error-action-not-allowed', text, ofUsers(action))

const adding = notAllowed('Adding user is not allowed', 'Adding_user')
const editing = notAllowed('Editing user is not allowed', 'Editing_user')
const assigning = notAllowed('Assign roles is not allowed', 'Assign_role')
const assigningAdmin = notAllowed('Assigning admin is not allowed', 'Assign_admin')
const invalidRoleId = notAllowed('The field Roles consist invalid role id', 'Assign_role')
const lastAdmin = notAllowed('Leaving the app without admins is not allowed', 'Remove_last_admin')

const namesAdmin = (body: unknown): boolean => {
  const { roles, data } = body as { roles?: readonly string[]; data?: { roles?: readonly string[] } }
  return (roles ?? data?.roles ?? []).includes('admin')
}

const cannotGrant = (_refusal: Refusal, { body }: { body: unknown }): Failure =>
  namesAdmin(body) ? assigningAdmin : assigning

const creating: Words = {
  missing: { role: invalidRoleId },
  refusals: { cannot_grant: cannotGrant, forbidden: thrown('error-not-allowed', 'Not allowed') },
}

const identity = thrown('error-could-not-save-identity', 'Could not save user identity', {
  method: 'saveUserIdentity',
})

const updating: Words = {
  missing: { role: invalidRoleId, user: thrown('error-invalid-user', 'Invalid user') },
  refusals: {
    cannot_grant: cannotGrant,
    last_administrator: lastAdmin,
    taken: ({ field }) => (field === 'username' ? identity : undefined),
    forbidden: ({ permission }, { body }) => {
      if (permission === 'roles:assign') return assigning
      if (permission === 'users:block') return notAllowed('Edit user status is not allowed', 'Update_user')
      const { data } = body as Static<typeof ChangedUser>
      return data.verified === true && permission === 'users:update'
        ? notAllowed('Editing email verification is not allowed', 'Editing_user')
        : editing
    },
  },
}

const UserQuery = Type.Object({
  userId: Type.Optional(Type.String()),
  username: Type.Optional(Type.String()),
  importId: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  includeUserRooms: Type.Optional(Type.String()),
  fields: Type.Optional(Type.String()),
})

/** What Ajv says of a schema with alternatives none of which fits. */
const noUserNamed = thrown(
  'invalid-params',
  [
    "must have required property 'userId'",
    "must have required property 'username'",
    "must have required property 'importId'",
    'must match a schema in anyOf',
  ].join('\n '),
)

const personNameOf = (query: Static<typeof UserQuery>): PersonName => {
  const name = given(query.userId) ?? given(query.username) ?? given(query.importId)
  if (name !== undefined) return { idOrUsername: name }
  const email = given(query.email)
  return email === undefined ? refuse(noUserNamed) : { email }
}

const listFields = { username: 'username', name: 'name', createdAt: 'createdAt', lastLogin: 'lastLoginAt' }
const byUsername = [{ field: 'username', direction: 'ascending' }] as const

const ListedUsers = answer({
  users: Type.Array(Type.Object({ ...WireUser.properties, nameInsensitive: Type.Optional(Type.String()) })),
  count: Type.Integer(),
  offset: Type.Integer(),
  total: Type.Integer(),
})

/** @see specs: §5.2 to §5.7 of the Rocket.Chat dialect */
export const userRoutes: RocketchatRoutes = async (app, { run, settings, now }) => {
  app.post(
    '/users.create',
    {
      config: {
        access: { authenticated: 'create-user is asked for after the schema, with 400 as the vendor does' },
        permission: { anyOf: ['create-user'], refusal: adding },
        words: creating,
      },
      schema: { summary: 'Create a user', body: NewUser, response: { 200: answer({ user: WireUser }) } },
    },
    async ({ body, actor }) => {
      requirePlainName(body.name)
      const current = await settings()
      const input = decodeNewUser(body, current)
      if (input.email !== undefined) await requireMailDomain(run, input.email, current)
      const created = await run(createPerson, input, actor)
      // A password that nobody has seen is replaced by its owner, who gets a link for that.
      if (body.setRandomPassword) {
        await run(requestPasswordReset, { user: { userId: created.id } }, anonymous('rocketchat'))
      }
      const maySeeAll = await holds(run, actor, ['view-full-other-user-info'])
      return ok({ user: encodePerson({ ...created, ...(maySeeAll && { details: created }) }, current) })
    },
  )

  app.post(
    '/users.update',
    {
      config: {
        access: { authenticated: 'people may change themselves; others need edit-other-user-info' },
        secondFactor: true,
        words: updating,
      },
      schema: { summary: 'Change a user', body: ChangedUser, response: { 200: answer({ user: WireUser }) } },
    },
    async ({ body, actor }) => {
      requirePlainName(body.data.name)
      const current = await settings()
      const maySetPassword = await holds(run, actor, ['edit-other-user-password'])
      const mayEditOthers = await holds(run, actor, ['edit-other-user-info'])
      const isSelf = body.userId === actor.id
      requireMayChange(body.data, current, { isSelf, mayEditOthers, maySetPassword })
      const input = decodeChangedUser(body, current, { maySetPassword })
      if (input.changes?.email !== undefined) await requireMailDomain(run, input.changes.email, current)
      const changed = await run(updatePerson, input, actor)
      const maySeeAll = changed.id === actor.id || (await holds(run, actor, ['view-full-other-user-info']))
      return ok({ user: encodePerson({ ...changed, ...(maySeeAll && { details: changed }) }, current) })
    },
  )

  app.get(
    '/users.info',
    {
      config: {
        access: { authenticated: 'everybody who is signed in sees who there is, and few see more' },
        words: { missing: { user: plain('User not found.') } },
      },
      schema: {
        summary: 'See a user',
        querystring: UserQuery,
        response: {
          200: answer({
            user: Type.Object({
              ...WireUser.properties,
              services: Type.Optional(Type.Object({ password: Type.Boolean() })),
              canViewAllInfo: Type.Boolean(),
              rooms: Type.Optional(Type.Array(HeldRoom)),
            }),
          }),
        },
      },
    },
    async ({ query, actor }) => {
      const person = await run(getPerson, personNameOf(query), actor)
      const wantsRooms = query.includeUserRooms === 'true' || /"userRooms"\s*:\s*1/u.test(query.fields ?? '')
      const isSelf = person.id === actor.id
      const mayViewAll = isSelf ? await holds(run, actor, ['view-full-other-user-info']) : !!person.details
      const maySeeRooms = wantsRooms && (isSelf || (await holds(run, actor, ['view-other-user-channels'])))
      const rooms = maySeeRooms ? await run(listRoomsHeld, { userId: person.id }, actor) : undefined
      return ok({
        user: {
          ...encodePerson(person, await settings()),
          ...(isSelf && { services: { password: person.details?.passwordHash !== undefined } }),
          canViewAllInfo: mayViewAll,
          ...(rooms && { rooms: rooms.map(encodeHeldRoom) }),
        },
      })
    },
  )

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
