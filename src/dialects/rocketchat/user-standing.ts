import Type from 'typebox'
import type { Actor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { listSoleOwnerships } from '#core/rooms/hand-over.ts'
import { endSessions } from '#core/sessions/end.ts'
import { blockIdlePeople, switchPerson } from '#core/users/administer.ts'
import { deleteUser } from '#core/users/delete.ts'
import { plain, refuse, thrown, unauthorized } from './errors.ts'
import { NamedUser, userIdOf } from './named-user.ts'
import { answer, given, ok, type RocketchatRoutes } from './parts.ts'

const flag = Type.Optional(Type.Boolean())
const lastAdmin = (text: string) =>
  thrown('error-action-not-allowed', text, { method: 'removeUser', action: 'Remove_last_admin' })
const leavingWithoutAdmins = lastAdmin('Leaving the app without admins is not allowed')
const botStays = thrown('error-not-allowed', 'Not allowed', { method: 'removeUser' })

/** Who keeps rooms going is told which, so that he can say yes to what becomes of them. */
export const namingRooms = async <T>(
  run: Run,
  userId: string,
  actor: Actor,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DomainError && error.refusal.code === 'last_owner')) throw error
    const { removed, handedOver } = await run(listSoleOwnerships, { userId }, actor)
    return refuse(
      thrown('user-last-owner', undefined, { shouldBeRemoved: removed, shouldChangeOwner: handedOver }),
    )
  }
}

/** @see specs: §5.8 of the Rocket.Chat dialect */
export const userStandingRoutes: RocketchatRoutes = async (app, { run, now }) => {
  app.post(
    '/users.delete',
    {
      config: {
        access: { tokenScopes: ['delete-user'] },
        words: { refusals: { last_administrator: leavingWithoutAdmins, built_in: botStays } },
      },
      schema: {
        summary: 'Delete a user',
        body: Type.Object({ ...NamedUser, confirmRelinquish: flag }),
        response: { 200: answer({ deletedRooms: Type.Array(Type.String()) }) },
      },
    },
    async ({ body, actor }) => {
      const userId = await userIdOf(run, actor, body)
      const handsOverRooms = body.confirmRelinquish === true
      await namingRooms(run, userId, actor, () => run(deleteUser, { userId, handsOverRooms }, actor))
      return ok({ deletedRooms: [] })
    },
  )

  app.post(
    '/users.setActiveStatus',
    {
      config: {
        access: { tokenScopes: ['edit-other-user-active-status', 'manage-moderation-actions'] },
        words: {
          missing: { user: plain('User not found') },
          refusals: {
            last_administrator: lastAdmin('Leaving the app without an active admin is not allowed'),
            built_in: botStays,
          },
        },
      },
      schema: {
        summary: 'Let a user in, or keep him out',
        body: Type.Object(
          { userId: Type.String(), activeStatus: Type.Boolean(), confirmRelinquish: flag },
          { additionalProperties: false },
        ),
        response: {
          200: answer({ user: Type.Object({ _id: Type.String(), active: Type.Boolean() }) }),
        },
      },
    },
    async ({ body, actor }) => {
      const { userId, activeStatus, confirmRelinquish: handsOverRooms = false } = body
      const input = { userId, isBlocked: !activeStatus, handsOverRooms }
      const user = await namingRooms(run, userId, actor, () => run(switchPerson, input, actor))
      return ok({ user: { _id: user.id, active: activeStatus } })
    },
  )

  app.post(
    '/users.deactivateIdle',
    {
      config: { access: { tokenScopes: ['edit-other-user-active-status'] } },
      schema: {
        summary: 'Keep out who was not there for a while',
        body: Type.Object(
          { daysIdle: Type.Number({ minimum: 0 }), role: Type.Optional(Type.String()) },
          { additionalProperties: false },
        ),
        response: { 200: answer({ count: Type.Integer() }) },
      },
    },
    async ({ body, actor }) => {
      const idleSince = now() - body.daysIdle * 86_400_000
      return ok({ count: await run(blockIdlePeople, { roleId: body.role ?? 'user', idleSince }, actor) })
    },
  )

  app.post(
    '/users.logout',
    {
      config: {
        access: { authenticated: 'everybody may leave; others need logout-other-user' },
        words: {
          missing: { user: thrown('error-invalid-user-id', 'Invalid user id') },
          refusals: { forbidden: unauthorized },
        },
      },
      schema: {
        summary: 'Sign a user out everywhere',
        body: Type.Object({ userId: Type.Optional(Type.String()) }),
        response: { 200: answer({ message: Type.String() }) },
      },
    },
    async ({ body, actor }) => {
      const userId = given(body.userId) ?? actor.id
      await run(endSessions, { userId }, actor)
      return ok({ message: `User ${userId} has been logged out!` })
    },
  )

  for (const route of ['users.logoutOtherClients', 'users.removeOtherTokens'] as const) {
    app.post(
      `/${route}`,
      {
        config: { access: { authenticated: 'everybody may leave elsewhere' } },
        schema: {
          summary: 'Sign yourself out everywhere but here',
          response: {
            200: answer({ token: Type.Optional(Type.String()), tokenExpires: Type.Optional(Type.String()) }),
          },
        },
      },
      async ({ actor, signedIn }) => {
        const { session, secret } = signedIn!
        const kinds = ['api', 'browser'] as const
        await run(endSessions, { userId: actor.id, kinds, exceptId: session.id }, actor)
        if (route === 'users.removeOtherTokens') return ok({})
        const expires = session.expiresAt ?? session.createdAt + 90 * 86_400_000
        return ok({ token: secret, tokenExpires: new Date(expires).toISOString() })
      },
    )
  }

  // Off unless the operator switches it on, which this server knows no way to: nobody becomes somebody else here.
  app.post(
    '/users.createToken',
    {
      config: { access: { authenticated: 'refuses everybody' } },
      schema: { summary: 'Refuse to make a token for another user', response: { 200: answer({}) } },
    },
    async () => refuse(thrown('error-not-authorized', 'Not authorized', { method: 'createToken' })),
  )
}
