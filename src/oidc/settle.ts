import type { Client, Context } from 'oidc-provider'
import type { Run } from '#core/operation.ts'
import { findOrganizationForSignIn } from '#core/organizations/for-sign-in.ts'
import {
  type JoinOrganizationOnSignIn,
  joinOrganizationOnSignIn,
  mayJoinOrganizationOnSignIn,
} from '#core/organizations/join.ts'
import type { Organization } from '#core/organizations/organization.ts'
import { endSession } from '#core/sessions/end.ts'
import { listSessions } from '#core/sessions/read.ts'
import { findPerson, userIsBlocked } from './account.ts'
import { me } from './actor.ts'
import { accessDenied, invalidRequest } from './errors.ts'
import type { PostLogin, Protocol } from './hooks.ts'
import type { Audience } from './resources.ts'
import type { SignInRecord } from './sign-in-record.ts'
import { encodeOrganization, organizationReference } from './subject.ts'

export type SettleParts = { run: Run; hooks: PostLogin; now: () => number }

/** Who it is, and how that is known. */
export type ProvenPerson = {
  userId: string
  methods: { name: string; at: number }[]
  connectionName?: string | undefined
  sessionId?: string | undefined
  /** Seconds since 1970, when the client wants to know it. */
  authTime?: number | undefined
  /** Seconds since 1970, when he last proved who he is; just now unless it is said. */
  authenticatedAt?: number | undefined
}

export type Settled = {
  person: ProvenPerson
  protocol: Protocol
  gty: string[]
  /** Everything that was asked for, in the client's words. */
  requested: string[]
  /** Id or name, as it was asked for. */
  organization?: string | undefined
  parameters?: Record<string, string>
  /** When that was, if it was not just now. */
  provenAt?: number
}

/** Facts of the request that the provider does not see; the edge hands them over. */
export type RequestFacts = {
  ip?: string
  userAgent?: string
  hostname: string
  method: 'GET' | 'POST'
  query: Record<string, string>
}

/**
 * Everything between "it is proven who this is" and the tokens: the organization he signs in for, and the scripts that
 * may deny, add and change. Roles that they give count in the tokens, which are worked out later.
 * @throws access_denied, invalid_request, unauthorized
 */
export const settle = async (
  { run, hooks, now }: SettleParts,
  ctx: Context,
  { person, protocol, gty, requested, organization: asked, parameters = {}, provenAt }: Settled,
): Promise<SignInRecord> => {
  const client = ctx.oidc!.client!
  const user = await findPerson(run, person.userId)
  if (!user) throw accessDenied('The user does not exist any more.')
  if (user.isBlocked) throw userIsBlocked()
  const isJustProven = provenAt === undefined
  const { organization, joining } = await organizationFor(run, client, asked, person, isJustProven)
  const audience = ctx.state.audience as Audience | undefined
  const outcome = await hooks.runPostLogin({
    user,
    application: applicationOf(client),
    connectionName: person.connectionName,
    organization,
    api: audience?.api && { id: audience.api.id, identifier: audience.api.identifier },
    protocol,
    requestedScopes: requested,
    methods: person.methods,
    sessionId: person.sessionId,
    request: ctx.state.request as RequestFacts,
    parameters,
  })
  if (!outcome.ok) {
    if (outcome.revokesSession) await revoke(run, ctx, person)
    throw accessDenied(outcome.reason)
  }
  // Only now: whom a script denies becomes no member.
  if (joining && !(await run(joinOrganizationOnSignIn, joining, me))) throw isNoMember(joining)
  const proven = provenAt ?? now()
  return {
    userId: person.userId,
    applicationId: client.clientId,
    requested,
    ...(organization && {
      organization: { id: encodeOrganization(organization.id), name: organization.name },
    }),
    ...(person.connectionName !== undefined && { connectionName: person.connectionName }),
    methods: person.methods,
    ...(person.sessionId !== undefined && { sessionId: person.sessionId }),
    ...(person.authTime !== undefined && { authTime: person.authTime }),
    authenticatedAt: person.authenticatedAt ?? Math.floor(proven / 1000),
    provenAt: proven,
    gty,
    changes: outcome.changes,
    parameters,
  }
}

/** Ends the session that somebody has, and the refresh token that is being used. */
const revoke = async (run: Run, ctx: Context, { userId, sessionId }: ProvenPerson): Promise<void> => {
  await ctx.oidc!.entities.RefreshToken?.destroy()
  const sessions = await run(listSessions, { userId }, me)
  if (sessions.some(({ id }) => id === sessionId))
    await run(endSession, { userId, sessionId: sessionId! }, me)
}

export const applicationOf = ({ clientId, clientName, rolecall }: Client) => ({
  id: clientId,
  name: clientName ?? clientId,
  kind: rolecall.kind,
  metadata: rolecall.metadata,
})

/**
 * The organization, and how he becomes its member where he is none yet.
 * @throws access_denied for who is no member and does not become one; invalid_request where the application does not do
 *   organizations
 */
const organizationFor = async (
  run: Run,
  { rolecall }: Client,
  asked: string | undefined,
  { userId, connectionName }: ProvenPerson,
  isJustProven: boolean,
): Promise<{ organization?: Organization; joining?: JoinOrganizationOnSignIn }> => {
  if (asked === undefined) {
    if (rolecall.organizations === 'require')
      throw invalidRequest('parameter organization is required for this client')
    return {}
  }
  const { organization, isMember } = await requireOrganizationNamed(run, rolecall, asked, userId)
  if (isMember) return { organization }
  const joining = { organizationId: organization.id, userId, connectionName }
  // Who was taken out does not come back by a refresh.
  if (!isJustProven || !(await run(mayJoinOrganizationOnSignIn, joining, me))) throw isNoMember(joining)
  return { organization, joining }
}

const isNoMember = ({ organizationId }: JoinOrganizationOnSignIn) =>
  accessDenied(`user is not part of the ${encodeOrganization(organizationId)} organization`)

export const requireOrganizationNamed = async (
  run: Run,
  { organizations }: Pick<Client['rolecall'], 'organizations'>,
  asked: string,
  userId?: string,
) => {
  if (organizations === 'deny') {
    throw invalidRequest('parameter organization is not allowed for this client')
  }
  const reference = organizationReference(asked)
  const found = await run(
    findOrganizationForSignIn,
    { organization: reference, ...(userId !== undefined && { userId }) },
    me,
  )
  if (!found) throw invalidRequest('parameter organization is invalid')
  return found
}
