import Type, { type Static } from 'typebox'
import { endSession, endSessions } from '#core/sessions/end.ts'
import { listSessions } from '#core/sessions/read.ts'
import type { ShownSession } from '#core/sessions/session.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { encodeWhole, paged } from './paging.ts'
import type { NativeRoutes } from './parts.ts'
import { UserParams } from './users.ts'

const WireUserSession = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['browser', 'api', 'personal-token']),
  door: Type.String({ description: 'The dialect it was opened through; no other takes it.' }),
  applicationId: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  ip: Type.Optional(Type.String()),
  userAgent: Type.Optional(Type.String()),
  createdAt: Instant,
  expiresAt: Type.Optional(Instant),
})

/** Where people are signed in; everybody sees and ends his own. */
export const userSessionRoutes: NativeRoutes = async (app, { run }) => {
  const own = {
    authenticated: 'people may see and end their own; others need sessions:read or sessions:delete',
  }

  app.get(
    '/users/:id/sessions',
    {
      config: { access: own },
      schema: {
        summary: 'List where a user is signed in, the oldest first',
        params: UserParams,
        response: { 200: paged(WireUserSession) },
      },
    },
    async ({ params, actor }) =>
      encodeWhole(await run(listSessions, { userId: params.id }, actor), encodeUserSession),
  )

  app.delete(
    '/users/:id/sessions',
    {
      config: { access: own },
      schema: {
        summary: 'Sign a user out everywhere',
        params: UserParams,
        response: {
          200: Type.Object({ ended: Type.Integer({ description: 'How many sessions there were.' }) }),
        },
      },
    },
    async ({ params, actor }) => ({ ended: await run(endSessions, { userId: params.id }, actor) }),
  )

  app.delete(
    '/users/:id/sessions/:sessionId',
    {
      config: { access: own },
      schema: {
        summary: 'End one session of a user',
        params: Type.Object({
          ...UserParams.properties,
          sessionId: Type.String({ description: 'The id of the session.' }),
        }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      await run(endSession, { userId: params.id, sessionId: params.sessionId }, actor)
      return reply.code(204).send(null)
    },
  )
}

const encodeUserSession = ({
  createdAt,
  expiresAt,
  ...session
}: ShownSession): Static<typeof WireUserSession> => ({
  id: session.id,
  kind: session.kind,
  door: session.door,
  applicationId: session.applicationId,
  name: session.name,
  ip: session.ip,
  userAgent: session.userAgent,
  createdAt: encodeInstant(createdAt),
  ...instantAt('expiresAt', expiresAt),
})
