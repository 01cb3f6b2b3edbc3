import { sql } from 'kysely'
import type { Api } from '#core/apis/api.ts'
import type { Application, ClientGrant } from '#core/applications/application.ts'
import type { Connection } from '#core/connections/connection.ts'
import type { Invitation } from '#core/invitations/invitation.ts'
import type { Job } from '#core/jobs/job.ts'
import type { SigningKey } from '#core/keys/signing-key.ts'
import type { Organization } from '#core/organizations/organization.ts'
import type { Room } from '#core/rooms/room.ts'
import type { ScopeKind } from '#core/scope.ts'
import type { Ticket } from '#core/tickets/ticket.ts'
import { caseKey } from '#core/users/user.ts'
import type { Sql } from './engines/engine.ts'
import type { Field } from './filter.ts'
import type { Table } from './table.ts'

/** The mappings of everything that needs no query of its own. */

export const apiTable: Table<Api> = {
  name: 'apis',
  columns: {
    number: 'integer',
    id: 'text',
    identifier: 'text',
    name: 'text',
    isBuiltIn: 'flag',
    signingAlgorithm: 'text',
    tokenLifetimeSeconds: 'integer',
    webTokenLifetimeSeconds: 'integer',
    allowsOfflineAccess: 'flag',
    enforcesPermissions: 'flag',
    tokenDialect: 'text',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const applicationTable: Table<Application> = {
  name: 'applications',
  secrets: ['sealedSecret', 'sealedApiKey', 'apiKeyDigest'],
  columns: {
    number: 'integer',
    id: 'text',
    name: 'text',
    description: 'text',
    kind: 'text',
    sealedSecret: 'text',
    isFirstParty: 'flag',
    isActive: 'flag',
    isGlobal: 'flag',
    grantTypes: 'json',
    tokenEndpointAuthMethod: 'text',
    callbacks: 'json',
    allowedLogoutUrls: 'json',
    webOrigins: 'json',
    sealedApiKey: 'text',
    apiKeyDigest: 'text',
    defaultRoleId: 'text',
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
    id: 'text',
    applicationId: 'text',
    apiId: 'text',
    permissions: 'json',
    allowsAll: 'flag',
    subjectType: 'text',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

export const connectionTable: Table<Connection> = {
  name: 'connections',
  columns: {
    number: 'integer',
    id: 'text',
    name: 'text',
    displayName: 'text',
    strategy: 'text',
    options: 'json',
    applicationIds: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
}

/** Who is a member, for filters: `members.userId`. */
const memberField = (kind: ScopeKind, id: Sql, name: string): Field | undefined => {
  if (name !== 'members.userId') return undefined
  const userId = sql`held.user_id`
  return {
    type: 'text',
    test: (condition) => sql`exists (select 1 from memberships as held
      where held.scope = ${`${kind}:`} || ${id} and ${condition({ text: userId, number: userId })})`,
  }
}

export const organizationTable: Table<Organization> = {
  name: 'organizations',
  columns: {
    number: 'integer',
    id: 'text',
    name: 'text',
    displayName: 'text',
    metadata: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  fields: (_engine, name) => memberField('organization', sql`organizations.id`, name),
}

export const roomTable: Table<Room> = {
  name: 'rooms',
  columns: {
    number: 'integer',
    id: 'text',
    name: 'text',
    kind: 'text',
    topic: 'text',
    description: 'text',
    isDefault: 'flag',
    isArchived: 'flag',
    createdAt: 'integer',
    updatedAt: 'integer',
    extensions: 'json',
  },
  fields: (_engine, name) => memberField('room', sql`rooms.id`, name),
}

export const invitationTable: Table<Invitation> = {
  name: 'invitations',
  secrets: ['ticketDigest'],
  columns: {
    number: 'integer',
    id: 'text',
    organizationId: 'text',
    applicationId: 'text',
    connectionId: 'text',
    inviterName: 'text',
    email: 'text',
    roles: 'json',
    userMetadata: 'json',
    appMetadata: 'json',
    ticketDigest: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
    acceptedAt: 'integer',
  },
  keys: { email: { column: 'email_key', of: caseKey } },
}

export const ticketTable: Table<Ticket> = {
  name: 'tickets',
  secrets: ['digest'],
  columns: {
    number: 'integer',
    id: 'text',
    purpose: 'text',
    userId: 'text',
    digest: 'text',
    data: 'json',
    createdAt: 'integer',
    expiresAt: 'integer',
    usedAt: 'integer',
  },
}

export const jobTable: Table<Job> = {
  name: 'jobs',
  columns: {
    number: 'integer',
    id: 'text',
    kind: 'text',
    status: 'text',
    percentage: 'integer',
    input: 'json',
    summary: 'json',
    createdAt: 'integer',
    updatedAt: 'integer',
  },
}

export const signingKeyTable: Table<SigningKey> = {
  name: 'signing_keys',
  secrets: ['sealedPrivateJwk'],
  columns: {
    number: 'integer',
    id: 'text',
    algorithm: 'text',
    status: 'text',
    sealedPrivateJwk: 'text',
    publicJwk: 'text',
    certificatePem: 'text',
    createdAt: 'integer',
    changedAt: 'integer',
  },
}
