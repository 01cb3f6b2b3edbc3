import Type, { type Static } from 'typebox'
import { anonymous } from '#core/actor.ts'
import type { Refusal } from '#core/refusals.ts'
import { listRoomsHeld } from '#core/rooms/held.ts'
import { createPerson, updatePerson } from '#core/users/administer.ts'
import { getPerson, type PersonName } from '#core/users/people.ts'
import { requestPasswordReset } from '#core/users/reset-password.ts'
import { holds } from './authenticate.ts'
import { requireMailDomain } from './email-domains.ts'
import { type Failure, plain, refuse, thrown, type Words } from './errors.ts'
import { requireMayChange } from './field-switches.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'
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

/** @see specs: §5.2, §5.4 and §5.7 of the Rocket.Chat dialect */
export const userRoutes: RocketchatRoutes = async (app, { run, settings }) => {
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
}
