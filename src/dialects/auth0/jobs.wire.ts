import Type, { type Static } from 'typebox'
import type { Job, JobError } from '#core/jobs/job.ts'
import type { ShownJob } from '#core/jobs/read.ts'
import type { StartUsersImport, StartVerificationEmail } from '#core/jobs/start.ts'
import { DomainError } from '#core/refusals.ts'
import { countsOf } from '#core/users/import.ts'
import { WireError } from './errors.ts'
import {
  decodeUserId,
  encodeConnectionId,
  encodeJobId,
  requireConnectionId,
  requireOrganizationId,
} from './ids.ts'
import { UserId } from './profiles.wire.ts'

const Anything = Type.Object({}, { additionalProperties: true })

/** @see specs: §1.14 of the Auth0 dialect */
export const WireJob = Type.Object({
  id: Type.String(),
  type: Type.String(),
  status: Type.String(),
  created_at: Type.String(),
  connection_id: Type.Optional(Type.String()),
  external_id: Type.Optional(Type.String()),
  upsert: Type.Optional(Type.Boolean()),
  format: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer()),
  fields: Type.Optional(Type.Array(Anything)),
  location: Type.Optional(
    Type.String({ description: 'Where the export is: once, within ten minutes. Ask again for another.' }),
  ),
  percentage_done: Type.Optional(Type.Integer()),
  summary: Type.Optional(
    Type.Object({
      failed: Type.Integer(),
      updated: Type.Integer(),
      inserted: Type.Integer(),
      total: Type.Integer(),
    }),
  ),
})

export const WireJobError = Type.Object({
  user: Anything,
  errors: Type.Array(
    Type.Object({ code: Type.String(), message: Type.String(), path: Type.Optional(Type.String()) }),
  ),
})

export const NewVerificationEmail = Type.Object(
  {
    user_id: UserId,
    client_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    organization_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    identity: Type.Optional(
      Type.Object(
        { user_id: Type.String({ minLength: 1 }), provider: Type.String({ minLength: 1 }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

export const decodeVerificationEmail = (
  body: Static<typeof NewVerificationEmail>,
): StartVerificationEmail => {
  const { identity, client_id: applicationId, organization_id: organizationId } = body
  const userId = decodeUserId(body.user_id)
  if (identity && decodeUserId(`${identity.provider}|${identity.user_id}`) !== userId) {
    throw new DomainError({ code: 'unsupported', what: 'confirming the address of a linked identity' })
  }
  return {
    userId,
    ...(applicationId !== undefined && { applicationId }),
    ...(organizationId !== undefined && { organizationId: requireOrganizationId(organizationId) }),
  }
}

/** The parts of an import's form, each as text. */
export type ImportForm = { fields: ReadonlyMap<string, string>; file: string | undefined }

export type DecodedImport = { start: StartUsersImport; records: unknown[] }

const known = new Set(['connection_id', 'upsert', 'external_id', 'send_completion_email', 'users'])

/** @throws WireError for a form that is not an import's */
export const decodeImportForm = ({ fields, file }: ImportForm): DecodedImport => {
  for (const name of fields.keys()) {
    if (!known.has(name)) throw badForm(`Additional properties not allowed: ${name.slice(0, 100)}`)
  }
  const connectionId = fields.get('connection_id')
  if (!connectionId) throw badForm('Missing required property: connection_id')
  if (file === undefined) throw badForm('Missing required property: users')
  flagOf(fields, 'send_completion_email')
  const externalId = fields.get('external_id')
  if (externalId !== undefined && externalId.length > 300) {
    throw badForm('String is too long, maximum 300', 'external_id')
  }
  const start = {
    connectionId: requireConnectionId(connectionId),
    updatesExisting: flagOf(fields, 'upsert') ?? false,
    ...(externalId !== undefined && { externalId }),
  }
  return { start, records: parseUsers(file) }
}

const flagOf = (fields: ReadonlyMap<string, string>, name: string): boolean | undefined => {
  const text = fields.get(name)
  if (text === undefined || text === 'true' || text === 'false') return text && text === 'true'
  throw badForm('Expected type boolean but found type string', name)
}

const parseUsers = (file: string): unknown[] => {
  let users: unknown
  try {
    users = JSON.parse(file)
  } catch {
    throw badForm('The file is not valid JSON', 'users')
  }
  if (!Array.isArray(users)) throw badForm('The file is not a JSON array of users', 'users')
  return users
}

export const badForm = (fault: string, property?: string): WireError =>
  new WireError(
    400,
    `Payload validation error: '${fault}'${property === undefined ? '' : ` on property ${property}`}.`,
    'invalid_body',
  )

const types = {
  'users-import': 'users_import',
  'users-export': 'users_export',
  'verification-email': 'verification_email',
} as const satisfies Record<Job['kind'], string>

/** A job as it is answered when it has been started. */
export const encodeStartedJob = ({ id, kind, status, createdAt, input }: Job): Static<typeof WireJob> => {
  const { connectionId, externalId, updatesExisting, limit, shape } = input as {
    connectionId?: string
    externalId?: string
    updatesExisting?: boolean
    limit?: number
    shape?: { format: string; fields?: object[] }
  }
  return {
    status,
    type: types[kind],
    created_at: new Date(createdAt).toISOString(),
    id: encodeJobId(id),
    ...(connectionId !== undefined && { connection_id: encodeConnectionId(connectionId) }),
    ...(externalId !== undefined && { external_id: externalId }),
    ...(updatesExisting !== undefined && { upsert: updatesExisting }),
    ...(limit !== undefined && { limit }),
    ...(shape && { format: shape.format, ...(shape.fields && { fields: shape.fields }) }),
  }
}

/** With how far it is, what came of it, and where that lies. */
export const encodeJob = (job: ShownJob, issuer: string): Static<typeof WireJob> => {
  const { total } = job.summary
  return {
    ...encodeStartedJob(job),
    ...(job.kind !== 'verification-email' && { percentage_done: job.percentage }),
    ...(job.downloadLink !== undefined && { location: locationOf(job, job.downloadLink, issuer) }),
    ...(job.kind === 'users-import' && typeof total === 'number' && { summary: { ...countsOf(job), total } }),
  }
}

const locationOf = ({ id }: Job, link: string, issuer: string): string => {
  const url = new URL(`api/v2/jobs/${encodeJobId(id)}/file`, issuer)
  url.searchParams.set('ticket', link)
  return url.href
}

export const encodeJobError = ({ item, code, message, path }: JobError): Static<typeof WireJobError> => ({
  user: item,
  errors: [{ code, message, ...(path !== '' && { path }) }],
})
