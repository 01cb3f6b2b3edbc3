import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { systemActor } from '#core/actor.ts'
import { openChat } from '#core/chat/general.ts'
import type { Run } from '#core/operation.ts'
import type { Door } from '#http/app.ts'
import { documentRoutes } from '#http/openapi.ts'
import { createAuthenticate, createLateCheck } from './authenticate.ts'
import { avatarRoutes } from './avatars.ts'
import { parseForm, unbracket } from './bodies.ts'
import { preflightRoutes, shareAnswers } from './cors.ts'
import { handleError } from './errors.ts'
import { infoRoutes, probeRoutes } from './info.ts'
import { ownAccountRoutes } from './own-account.ts'
import { requireJson } from './paging.ts'
import type { RocketchatRoutes } from './parts.ts'
import { permissionRoutes } from './permissions.ts'
import { personalTokenRoutes } from './personal-tokens.ts'
import { limitCalls } from './rate-limits.ts'
import { registrationRoutes } from './registration.ts'
import { roleMemberRoutes } from './role-members.ts'
import { roleRoutes } from './roles.ts'
import { roomListRoutes } from './room-lists.ts'
import { roomMemberRoutes } from './room-members.ts'
import { roomRoleRoutes } from './room-roles.ts'
import { roomSettingRoutes } from './room-settings.ts'
import { roomRoutes } from './rooms.ts'
import { createSecondFactorCheck } from './second-factor.ts'
import { sessionRoutes } from './sessions.ts'
import { createReadSettings } from './settings.table.ts'
import { settingRoutes } from './settings.ts'
import { teamRoutes } from './teams.ts'
import { userListRoutes } from './user-lists.ts'
import { userNameRoutes } from './user-names.ts'
import { userStandingRoutes } from './user-standing.ts'
import { userRoutes } from './users.ts'
import { validatorCompiler } from './validation.ts'

export type RocketchatDialectParts = { run: Run; rateLimits: boolean; now: () => number }

/** One entry per family, in the order of its specification. */
const families: readonly RocketchatRoutes[] = [
  preflightRoutes,
  infoRoutes,
  sessionRoutes,
  personalTokenRoutes,
  roleRoutes,
  roleMemberRoutes,
  permissionRoutes,
  userRoutes,
  userListRoutes,
  registrationRoutes,
  userStandingRoutes,
  ownAccountRoutes,
  userNameRoutes,
  settingRoutes,
  roomRoutes,
  roomListRoutes,
  roomMemberRoutes,
  roomRoleRoutes,
  roomSettingRoutes,
  teamRoutes,
]

const prefix = '/api/v1'
const probe = '/api/info'

/** Callers compare the value literally; the framework adds a character set. */
const contentType = 'application/json'
const textHeaders = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
const answerHeaders = { 'content-type': contentType, 'cache-control': 'no-store', pragma: 'no-cache' }

/** Rocket.Chat's REST API. What differs on purpose stands in this folder's README. */
export const createRocketchatDialect = ({ run, rateLimits, now }: RocketchatDialectParts): Door => {
  const settings = createReadSettings(run)
  const opening = createOpenChat(run)
  const routesOf =
    (list: readonly RocketchatRoutes[]): FastifyPluginAsyncTypebox =>
    async (app) => {
      app.decorateRequest('signedIn', null)
      app.setErrorHandler(handleError)
      app.setValidatorCompiler(validatorCompiler)
      parseBodies(app)
      app.addHook('onRequest', shareAnswers(settings))
      app.addHook('onRequest', createAuthenticate(run, settings, opening))
      if (rateLimits) app.addHook('onRequest', limitCalls(run, settings))
      app.addHook('preValidation', (request, _reply, done) => {
        request.query = unbracket(request.query)
        // Neither an empty body nor none is different from one that says nothing.
        if (request.method === 'POST') request.body ??= {}
        done()
      })
      app.addHook('preHandler', (request, _reply, done) => {
        if (!request.is404) requireJson(request.query)
        done()
      })
      app.addHook('preHandler', createLateCheck(run))
      app.addHook('preHandler', createSecondFactorCheck(run, settings, now))
      app.addHook('onSend', (request, reply, _payload, done) => {
        reply.headers(request.method === 'OPTIONS' ? textHeaders : answerHeaders)
        done()
      })
      answerWrongMethods(app)
      for (const family of list)
        await family(app.withTypeProvider<TypeBoxTypeProvider>(), { run, settings, openChat: opening, now })
    }
  return {
    name: 'rocketchat',
    plugin: async (app) => {
      await documentRoutes(app, {
        title: "Rolecall: Rocket.Chat's REST API",
        description: 'Users, roles, permissions and rooms, as clients of Rocket.Chat expect them.',
        path: `${prefix}/openapi.json`,
      })
      await app.register(routesOf(families), { prefix })
      await app.register(routesOf([probeRoutes]), { prefix: probe })
      await app.register(avatarRoutes)
    },
    owns: (path) =>
      path === prefix || path.startsWith(`${prefix}/`) || path === probe || path.startsWith('/avatar/'),
    encodeFault: ({ kind }) => {
      const [status, error] = {
        not_found: [404, 'Resource not found'] as const,
        misdirected: [421, 'This server does not answer for that host'] as const,
        malformed_url: [400, 'The URL is malformed'] as const,
      }[kind]
      // As text: the framework would add a character set to the type of an object.
      return { status, body: JSON.stringify({ success: false, error }), contentType }
    },
  }
}

/** Once for this process; again after a failure. */
const createOpenChat = (run: Run): (() => Promise<void>) => {
  let opened: Promise<void> | undefined
  return () => {
    opened ??= run(openChat, {}, systemActor('rocketchat')).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}

const parseBodies = (app: FastifyInstance): void => {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parseJson(request, body as string, done),
  )
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: string | Buffer) => {
      try {
        return parseForm(String(body))
      } catch (error) {
        throw Object.assign(new Error('The form can not be read.', { cause: error }), { statusCode: 400 })
      }
    },
  )
}

/** A known path called by another method says so, with those it knows. @see specs: §1.1 of the Rocket.Chat dialect */
const answerWrongMethods = (app: FastifyInstance): void => {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const each of [method].flat()) known.add(each)
    methods.set(url, known)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.get(request.url.split('?', 1)[0]!)
    if (!allowed) return reply.code(404).send({ success: false, error: 'Resource not found' })
    reply.header('allow', [...allowed].join(', '))
    return reply.code(405).send({ status: 'error', message: 'API endpoint does not exist' })
  })
}
