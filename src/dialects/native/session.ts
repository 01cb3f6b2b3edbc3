import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Actor, anonymous } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { workspace } from '#core/scope.ts'
import { signOut } from '#core/sessions/end.ts'
import { completeSetUp } from '#core/set-up.ts'
import { signedIn, signIn } from '#core/sign-in/sign-in.ts'
import { listPermissionsOfUser } from '#core/users/permissions.ts'
import { getUser } from '#core/users/read.ts'
import { WireError } from './errors.ts'
import type { NativeRoutes } from './parts.ts'
import {
  Credentials,
  decodeCredentials,
  encodePowers,
  encodeSession,
  sessionSeconds,
  WireSession,
} from './session.wire.ts'
import {
  clearSessionCookie,
  csrfTokenOf,
  isForeignPage,
  readSessionCookie,
  setSessionCookie,
} from './session-cookie.ts'
import { encodeUser } from './users.wire.ts'

const FirstAdministrator = Type.Object(
  {
    secret: Type.String({ minLength: 1, maxLength: 200, description: 'What the printed link ends with.' }),
    email: Type.String({ format: 'email', maxLength: 320 }),
    username: Type.String({ minLength: 1, maxLength: 255 }),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  { additionalProperties: false },
)

/** Where the dashboard signs people in and out, and asks who they are. */
export const sessionRoutes: NativeRoutes = async (app, { run }) => {
  const whoIs = async (actor: Actor) => {
    const user = await run(getUser, { userId: actor.id }, actor)
    const permissions = await run(listPermissionsOfUser, { userId: actor.id, scope: workspace }, actor)
    return [encodeUser(user), encodePowers(permissions)] as const
  }

  app.post(
    '/session',
    {
      config: { access: { anonymous: 'whoever signs in has no credential yet' } },
      schema: {
        summary: 'Sign in, with a cookie',
        description: 'For browsers on our own pages. The cookie is sent along by itself from then on.',
        body: Credentials,
        response: { 201: WireSession },
      },
    },
    async (request, reply) => {
      refuseForeignPages(request)
      const { ip, body } = request
      const input = decodeCredentials(body, { ip, userAgent: request.headers['user-agent'] })
      const { user, session } = signedIn(await run(signIn, input, anonymous('native')))
      const { secret, expiresAt } = session!
      // One browser has one session; what it was signed in with before is over.
      await endPrevious(run, request)
      setSessionCookie(request, reply, { secret, maxAgeSeconds: sessionSeconds })
      const [wireUser, powers] = await whoIs({ kind: 'user', id: user.id, door: 'native' })
      return reply
        .code(201)
        .send(encodeSession(wireUser, powers, { csrfToken: csrfTokenOf(secret), expiresAt }))
    },
  )

  app.get(
    '/session',
    {
      config: { access: { authenticated: 'tells people who they are' } },
      schema: {
        summary: 'Read who is signed in, and what he may do everywhere',
        response: { 200: WireSession },
      },
    },
    async ({ actor, credentialExpiresAt: expiresAt, sessionSecret }) => {
      if (actor.kind !== 'user') throw new WireError('not_found', 'Only people sign in.')
      const csrfToken = sessionSecret === undefined ? undefined : csrfTokenOf(sessionSecret)
      const [user, powers] = await whoIs(actor)
      return encodeSession(user, powers, { csrfToken, expiresAt })
    },
  )

  app.delete(
    '/session',
    {
      config: { access: { authenticated: 'people end what they began' } },
      schema: { summary: 'Sign out', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await endPrevious(run, request)
      clearSessionCookie(request, reply)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/set-up',
    {
      config: { access: { anonymous: 'the one-time secret in it is the credential' } },
      schema: {
        summary: 'Create the first administrator, with the secret of the printed link',
        body: FirstAdministrator,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      refuseForeignPages(request)
      await run(completeSetUp, request.body, anonymous('native'))
      return reply.code(204).send(null)
    },
  )
}

const endPrevious = async (run: Run, request: FastifyRequest): Promise<void> => {
  const secret = readSessionCookie(request)
  if (secret !== undefined) await run(signOut, { secret }, anonymous('native'))
}

const refuseForeignPages = (request: FastifyRequest): void => {
  if (isForeignPage(request)) throw new WireError('foreign_page', 'Sign in on a page of this server.')
}
