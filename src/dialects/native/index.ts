import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Run } from '#core/operation.ts'
import type { Door } from '#http/app.ts'
import type { Hosts } from '#http/hosts.ts'
import { documentRoutes } from '#http/openapi.ts'
import { apiRoutes } from './apis.ts'
import { applicationRoutes } from './applications.ts'
import { assignmentRoutes } from './assignments.ts'
import { createAuthenticate, requireKnownScopes, type VerifyToken } from './authenticate.ts'
import { authzenRoutes, ownsAuthzenPath } from './authzen.ts'
import { clientGrantRoutes } from './client-grants.ts'
import { connectionRoutes } from './connections.ts'
import { handleError, problemType, wireProblem } from './errors.ts'
import { eventStreamRoutes } from './event-stream.ts'
import { eventRoutes } from './events.ts'
import { executionRoutes } from './executions.ts'
import { explainRoutes } from './explain.ts'
import { hookRoutes } from './hooks.ts'
import { invitationLinkRoutes } from './invitation-links.ts'
import { invitationListRoutes } from './invitation-lists.ts'
import { invitationRoutes } from './invitations.ts'
import { mailTemplateRoutes } from './mail-templates.ts'
import { mailRoutes } from './mails.ts'
import { memberRoleRoutes } from './member-roles.ts'
import { organizationPartRoutes } from './organization-parts.ts'
import { organizationRoutes } from './organizations.ts'
import type { Follow, NativeParts, NativeRoutes } from './parts.ts'
import { registrationPolicyRoutes } from './registration-policy.ts'
import { registrationRoutes } from './registrations.ts'
import { roleRelationRoutes } from './role-relations.ts'
import { roleRequestRoutes } from './role-requests.ts'
import { roleRoutes } from './roles.ts'
import { roomMemberRoutes } from './room-members.ts'
import { roomRoutes } from './rooms.ts'
import { ruleRoutes } from './rules.ts'
import { secondFactorRoutes } from './second-factors.ts'
import { sessionRoutes } from './session.ts'
import { settingsRoutes } from './settings.ts'
import { signingKeyRoutes } from './signing-keys.ts'
import { statisticsRoutes } from './statistics.ts'
import { userRoleRoutes } from './user-roles.ts'
import { userSessionRoutes } from './user-sessions.ts'
import { userRoutes } from './users.ts'

export type NativeDialectParts = {
  run: Run
  verifyToken: VerifyToken
  hosts: Pick<Hosts, 'issuers'>
  follow: Follow
  trials: NativeParts['trials']
  scriptTypes: NativeParts['scriptTypes']
  /** Milliseconds since 1970. */
  now: () => number
}

/** One entry per family, in the order of the documentation. */
const families: readonly NativeRoutes[] = [
  sessionRoutes,
  userRoutes,
  secondFactorRoutes,
  userRoleRoutes,
  userSessionRoutes,
  roleRoutes,
  roleRelationRoutes,
  assignmentRoutes,
  explainRoutes,
  applicationRoutes,
  apiRoutes,
  clientGrantRoutes,
  organizationRoutes,
  organizationPartRoutes,
  memberRoleRoutes,
  invitationRoutes,
  invitationLinkRoutes,
  invitationListRoutes,
  registrationPolicyRoutes,
  registrationRoutes,
  roleRequestRoutes,
  ruleRoutes,
  roomRoutes,
  roomMemberRoutes,
  connectionRoutes,
  mailRoutes,
  mailTemplateRoutes,
  settingsRoutes,
  signingKeyRoutes,
  hookRoutes,
  executionRoutes,
  eventRoutes,
  eventStreamRoutes,
  statisticsRoutes,
]

const prefix = '/api/rolecall/v1'

/** Rolecall's own API, which the dashboard speaks too. */
export const createNativeDialect = ({
  run,
  verifyToken,
  hosts,
  follow,
  trials,
  scriptTypes,
  now,
}: NativeDialectParts): Door => {
  const parts = { run, follow, trials, scriptTypes, now }
  const authenticate = createAuthenticate({ run, verifyToken, issuers: () => hosts.issuers() })
  const routesOf =
    (routes: readonly NativeRoutes[]): FastifyPluginAsyncTypebox =>
    async (app) => {
      app.setErrorHandler(handleError)
      app.removeContentTypeParser('text/plain')
      app.addHook('onRoute', requireKnownScopes)
      app.addHook('onRequest', authenticate)
      for (const family of routes) await family(app.withTypeProvider<TypeBoxTypeProvider>(), parts)
    }
  return {
    name: 'native',
    plugin: async (app) => {
      await documentRoutes(app, {
        title: 'Rolecall',
        description: 'Users, roles, and who holds which role where, why and until when.',
        path: `${prefix}/openapi.json`,
      })
      await app.register(routesOf(families), { prefix })
      await app.register(routesOf([authzenRoutes]))
    },
    owns: (path) => path === prefix || path.startsWith(`${prefix}/`) || ownsAuthzenPath(path),
    encodeFault: ({ kind }) => {
      const body =
        kind === 'not_found'
          ? wireProblem('not_found', 'There is nothing at this address.')
          : kind === 'misdirected'
            ? wireProblem('misdirected', 'This server does not answer for that host.')
            : wireProblem('invalid_request', 'The URL is malformed.')
      return { status: body.status, body, contentType: problemType }
    },
  }
}
