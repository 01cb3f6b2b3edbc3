import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { JobQueue } from '#core/jobs/queue.ts'
import type { Run } from '#core/operation.ts'
import type { Door } from '#http/app.ts'
import type { Hosts } from '#http/hosts.ts'
import { documentRoutes } from '#http/openapi.ts'
import { actionBindingRoutes } from './action-bindings.ts'
import { actionRoutes } from './actions.ts'
import { createAuthenticate, type VerifyToken } from './authenticate.ts'
import { clientDetailRoutes } from './client-details.ts'
import { clientGrantRoutes } from './client-grants.ts'
import { clientRoutes } from './clients.ts'
import { connectionRoutes } from './connections.ts'
import { errorBody, handleError } from './errors.ts'
import { grantRoutes } from './grants.ts'
import { jobRoutes } from './jobs.ts'
import { logRoutes } from './logs.ts'
import { organizationConnectionRoutes } from './organization-connections.ts'
import { organizationInvitationRoutes } from './organization-invitations.ts'
import { organizationMemberRoutes } from './organization-members.ts'
import { organizationRoutes } from './organizations.ts'
import type { ActionTrials, Auth0Routes } from './parts.ts'
import { userIdFormat } from './profiles.wire.ts'
import { rareRoutes } from './rare.ts'
import { limitAddresses, limitClients } from './rate-limits.ts'
import { resourceServerRoutes } from './resource-servers.ts'
import { roleRoutes } from './roles.ts'
import { signingKeyRoutes } from './signing-keys.ts'
import { statsRoutes } from './stats.ts'
import { tenantSettingRoutes } from './tenant-settings.ts'
import { ticketRoutes } from './tickets.ts'
import { userBlockRoutes } from './user-blocks.ts'
import { userDetailRoutes } from './user-details.ts'
import { userIdentityRoutes } from './user-identities.ts'
import { userPermissionRoutes } from './user-permissions.ts'
import { userRoleRoutes } from './user-roles.ts'
import { userRoutes } from './users.ts'

export type Auth0DialectParts = {
  run: Run
  verifyToken: VerifyToken
  hosts: Pick<Hosts, 'issuers'>
  rateLimits: boolean
  jobs: JobQueue
  trials: ActionTrials
}

/** One entry per family of the Management API, in the order of its specification. */
const families: readonly Auth0Routes[] = [
  userRoutes,
  userRoleRoutes,
  userPermissionRoutes,
  userDetailRoutes,
  userIdentityRoutes,
  userBlockRoutes,
  roleRoutes,
  resourceServerRoutes,
  clientRoutes,
  clientDetailRoutes,
  clientGrantRoutes,
  connectionRoutes,
  tenantSettingRoutes,
  signingKeyRoutes,
  grantRoutes,
  organizationRoutes,
  organizationMemberRoutes,
  organizationConnectionRoutes,
  organizationInvitationRoutes,
  actionRoutes,
  actionBindingRoutes,
  logRoutes,
  statsRoutes,
  ticketRoutes,
  jobRoutes,
  rareRoutes,
]

const prefix = '/api/v2'

/** Auth0's Management API. What differs on purpose stands in this folder's README. */
export const createAuth0Dialect = ({
  run,
  verifyToken,
  hosts,
  rateLimits,
  jobs,
  trials,
}: Auth0DialectParts): Door => {
  const issuers = () => hosts.issuers()
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.setErrorHandler(handleError)
    if (rateLimits) app.addHook('onRequest', limitAddresses())
    app.addHook('onRequest', createAuthenticate({ verifyToken, issuers }))
    if (rateLimits) app.addHook('onRequest', limitClients())
    for (const family of families)
      await family(app.withTypeProvider<TypeBoxTypeProvider>(), { run, issuers, jobs, trials })
  }
  return {
    name: 'auth0',
    plugin: async (app) => {
      await documentRoutes(app, {
        title: "Rolecall: Auth0's Management API",
        description:
          'Users, roles and everything around them, as clients of the Auth0 Management API v2 expect them.',
        path: `${prefix}/openapi.json`,
      })
      await app.register(routes, { prefix })
    },
    formats: { 'user-id': userIdFormat },
    owns: (path) => path === prefix || path.startsWith(`${prefix}/`),
    encodeFault: ({ kind }) => {
      if (kind === 'not_found') return { status: 404, body: errorBody(404, 'Not Found') }
      if (kind === 'misdirected') {
        return { status: 421, body: errorBody(421, 'This server does not answer for that host.') }
      }
      return {
        status: 400,
        body: errorBody(400, "Path validation error: 'the URL is malformed'.", 'invalid_uri'),
      }
    },
  }
}
