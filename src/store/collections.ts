import { sql } from 'kysely'
import type { Api } from '#core/apis/api.ts'
import type { Application, ClientGrant } from '#core/applications/application.ts'
import type { Connection } from '#core/connections/connection.ts'
import type { Entry } from '#core/entries/entry.ts'
import type { Invitation } from '#core/invitations/invitation.ts'
import type { Job } from '#core/jobs/job.ts'
import type { SigningKey } from '#core/keys/signing-key.ts'
import type { Mail, MailTemplate } from '#core/mail/mail.ts'
import type { Organization } from '#core/organizations/organization.ts'
import type { RoleRequest } from '#core/registration/role-request.ts'
import type { Room } from '#core/rooms/room.ts'
import type { Rule } from '#core/rules/rule.ts'
import type { ScopeKind } from '#core/scope.ts'
import type { PasskeyChallenge, SecondFactor } from '#core/second-factors/second-factor.ts'
import type { ServiceAccess } from '#core/service-access/service-access.ts'
import type { Session } from '#core/sessions/session.ts'
import type { FailedAttempts } from '#core/sign-in/attempts.ts'
import type { Ticket } from '#core/tickets/ticket.ts'
import { caseKey } from '#core/users/user.ts'
import type { Engine, Sql } from './engines/engine.ts'
import { type Field, rowsField } from './filter.ts'
import type { Table } from './table.ts'

/** The mappings of everything that needs no query of its own. */

export const apiTable: Table<Api> = {
  name: 'apis',
  columns: {
    number: 'integer',
    id: 'id',
    identifier: 'key',
    name: 'text',
    isBuiltIn: 'flag',
    signingAlgorithm: 'text',
    tokenLifetimeSeconds: 'integer',
    webTokenLifetimeSeconds: 'integer',
    allowsOfflineAccess: 'flag',
    enforcesPermissions: 'flag?',
    tokenDialect: 'text?',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const serviceAccessTable: Table<ServiceAccess> = {
  name: 'service_access',
  columns: {
    number: 'integer',
    id: 'id',
    roleId: 'id',
    serviceNumber: 'integer?',
    component: 'text?',
    verbMask: 'integer',
    requestorMask: 'integer',
    filters: 'json',
    filterOp: 'text',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

export const entryTable: Table<Entry> = {
  name: 'entries',
  secrets: ['sealedValue'],
  columns: {
    number: 'integer',
    id: 'id',
    kind: 'id',
    owner: 'id',
    name: 'key',
    data: 'json',
    sealedValue: 'text?',
    createdBy: 'integer?',
    updatedBy: 'integer?',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
  keys: { name: { column: 'name_key', of: caseKey } },
}

export const applicationTable: Table<Application> = {
  name: 'applications',
  secrets: ['sealedSecret', 'sealedApiKey', 'apiKeyDigest'],
  columns: {
    number: 'integer',
    id: 'id',
    name: 'text',
    description: 'text',
    kind: 'text',
    sealedSecret: 'text?',
    isFirstParty: 'flag',
    isActive: 'flag',
    isGlobal: 'flag',
    grantTypes: 'json',
    tokenEndpointAuthMethod: 'text',
    callbacks: 'json',
    allowedLogoutUrls: 'json',
    webOrigins: 'json',
    sealedApiKey: 'text?',
    apiKeyDigest: 'key?',
    defaultRoleId: 'text?',
    metadata: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const clientGrantTable: Table<ClientGrant> = {
  name: 'client_grants',
  columns: {
    number: 'integer',
    id: 'id',
    applicationId: 'id',
    apiId: 'id',
    permissions: 'json',
    allowsAll: 'flag',
    subjectType: 'id',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const connectionTable: Table<Connection> = {
  name: 'connections',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    displayName: 'text?',
    strategy: 'text',
    options: 'json',
    policyChosenAt: 'integer?',
    applicationIds: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

/** Who is a member, for filters: `members.userId`. */
const memberField = (engine: Engine, kind: ScopeKind, id: Sql, name: string): Field | undefined =>
  name === 'members.userId'
    ? rowsField(
        engine,
        'text',
        sql`memberships as held`,
        sql`held.scope = ${`${kind}:`} || ${id}`,
        sql`held.user_id`,
      )
    : undefined

export const organizationTable: Table<Organization> = {
  name: 'organizations',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    displayName: 'text',
    metadata: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  fields: (engine, name) => memberField(engine, 'organization', sql`organizations.id`, name),
}

export const roomTable: Table<Room> = {
  name: 'rooms',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    kind: 'text',
    topic: 'text',
    description: 'text',
    isDefault: 'flag',
    isArchived: 'flag',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  fields: (engine, name) => memberField(engine, 'room', sql`rooms.id`, name),
}

export const invitationTable: Table<Invitation> = {
  name: 'invitations',
  secrets: ['ticketDigest'],
  columns: {
    number: 'integer',
    id: 'id',
    organizationId: 'id?',
    applicationId: 'text?',
    connectionId: 'text?',
    inviterName: 'text',
    email: 'key',
    roles: 'json',
    userMetadata: 'json',
    appMetadata: 'json',
    ticketDigest: 'key',
    createdAt: 'integer',
    expiresAt: 'integer',
    acceptedAt: 'integer?',
    acceptedBy: 'text?',
    message: 'text?',
    sentAt: 'integer?',
  },
  keys: { email: { column: 'email_key', of: caseKey } },
}

export const roleRequestTable: Table<RoleRequest> = {
  name: 'role_requests',
  columns: {
    number: 'integer',
    id: 'id',
    userId: 'id',
    roleId: 'id',
    scope: 'text',
    status: 'id',
    reason: 'text?',
    answer: 'text?',
    decidedBy: 'json?',
    createdAt: 'integer',
    expiresAt: 'integer',
    decidedAt: 'integer?',
  },
}

export const ruleTable: Table<Rule> = {
  name: 'rules',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'key',
    description: 'text',
    isActive: 'flag',
    position: 'integer',
    occasions: 'json',
    condition: 'text',
    mode: 'text',
    roles: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

export const ticketTable: Table<Ticket> = {
  name: 'tickets',
  secrets: ['digest'],
  columns: {
    number: 'integer',
    id: 'id',
    purpose: 'text',
    userId: 'id',
    digest: 'key',
    data: 'json',
    createdAt: 'integer',
    expiresAt: 'integer',
    usedAt: 'integer?',
  },
}

export const sessionTable: Table<Session> = {
  name: 'sessions',
  secrets: ['digest'],
  columns: {
    number: 'integer',
    id: 'id',
    userId: 'id',
    kind: 'text',
    door: 'text',
    digest: 'key',
    applicationId: 'text?',
    name: 'text?',
    ip: 'text?',
    userAgent: 'text?',
    data: 'json',
    createdAt: 'integer',
    expiresAt: 'integer?',
  },
}

export const failedAttemptsTable: Table<FailedAttempts> = {
  name: 'sign_in_attempts',
  columns: {
    number: 'integer',
    id: 'id',
    identifier: 'id?',
    ip: 'text?',
    failures: 'integer',
    since: 'integer',
    blockedUntil: 'integer?',
  },
}

export const jobTable: Table<Job> = {
  name: 'jobs',
  columns: {
    number: 'integer',
    id: 'id',
    kind: 'text',
    status: 'text',
    percentage: 'integer',
    input: 'json',
    summary: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

export const mailTable: Table<Mail> = {
  name: 'mails',
  secrets: ['sealedSecrets'],
  columns: {
    number: 'integer',
    id: 'id',
    to: 'key',
    userId: 'id?',
    template: 'text',
    locale: 'text',
    data: 'json',
    sealedSecrets: 'text?',
    status: 'text',
    attempts: 'integer',
    nextTryAt: 'integer?',
    fault: 'text?',
    createdAt: 'integer',
    sentAt: 'integer?',
  },
  keys: { to: { column: 'to_key', of: caseKey } },
}

export const secondFactorTable: Table<SecondFactor> = {
  name: 'second_factors',
  secrets: ['sealedSecret', 'digest', 'publicKey'],
  columns: {
    number: 'integer',
    id: 'id',
    userId: 'id',
    kind: 'text',
    name: 'text',
    sealedSecret: 'text?',
    digest: 'key?',
    credentialId: 'key?',
    publicKey: 'text?',
    counter: 'integer',
    isConfirmed: 'flag',
    data: 'json',
    createdAt: 'integer',
    usedAt: 'integer?',
  },
}

export const passkeyChallengeTable: Table<PasskeyChallenge> = {
  name: 'passkey_challenges',
  columns: { number: 'integer', id: 'id', userId: 'id?', purpose: 'text', expiresAt: 'integer' },
}

export const mailTemplateTable: Table<MailTemplate> = {
  name: 'mail_templates',
  columns: {
    number: 'integer',
    id: 'id',
    name: 'id',
    locale: 'id',
    subject: 'text',
    html: 'text',
    text: 'text?',
    fromName: 'text?',
    fromEmail: 'text?',
    replyTo: 'text?',
    isActive: 'flag',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const signingKeyTable: Table<SigningKey> = {
  name: 'signing_keys',
  secrets: ['sealedPrivateJwk'],
  columns: {
    number: 'integer',
    id: 'id',
    algorithm: 'text',
    status: 'text',
    sealedPrivateJwk: 'text',
    publicJwk: 'text',
    certificatePem: 'text',
    createdAt: 'integer',
    changedAt: 'integer',
  },
}
