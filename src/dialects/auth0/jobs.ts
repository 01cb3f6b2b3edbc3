import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type RedeemedExport, redeemDownload } from '#core/jobs/download.ts'
import { getJob, listJobErrors } from '#core/jobs/read.ts'
import { startUsersExport, startUsersImport, startVerificationEmail } from '#core/jobs/start.ts'
import type { Run } from '#core/operation.ts'
import { exportUsers } from '#core/users/export.ts'
import { runUsersImport } from '#core/users/run-import.ts'
import { WireError } from './errors.ts'
import { requireJobId } from './ids.ts'
import {
  badForm,
  decodeImportForm,
  decodeVerificationEmail,
  encodeJob,
  encodeJobError,
  encodeStartedJob,
  type ImportForm,
  NewVerificationEmail,
  WireJob,
  WireJobError,
} from './jobs.wire.ts'
import type { Auth0Routes } from './parts.ts'
import { encodeUser } from './users.wire.ts'
import { decodeNewExport, exportWriter, NewExport, shapeOf } from './users-export.wire.ts'
import { decodeBatches, ImportedUserSchema, type Validate, wordRecordRefusal } from './users-import.wire.ts'

/** As the vendor has it; whoever has more sends several files. */
const fileLimitBytes = 500 * 1024

const JobParams = Type.Object({ id: Type.String({ description: 'ID of the job.' }) })
const tokenScopes = ['create:users', 'read:users']

/** @see specs: §1.14 of the Auth0 dialect */
export const jobRoutes: Auth0Routes = async (app, { run, jobs }) => {
  await app.register(multipart, {
    limits: { fileSize: fileLimitBytes, files: 1, fields: 10, fieldSize: 4096, parts: 12, headerPairs: 50 },
    // Some clients send the file without a name.
    isPartAFile: (name, contentType, fileName) =>
      name === 'users' || contentType === 'application/octet-stream' || fileName !== undefined,
  })
  const validator = app.validatorCompiler!({
    schema: ImportedUserSchema,
    method: 'POST',
    url: '/jobs/users-imports',
    httpPart: 'body',
  })
  const validate = validator as unknown as Validate

  app.post(
    '/jobs/users-imports',
    {
      config: { access: { tokenScopes: ['create:users'] } },
      schema: {
        summary: 'Create import users job',
        description:
          'multipart/form-data: `users`, a file with a JSON array of at most 500 KB; `connection_id`; and as they are wanted `upsert`, `external_id`, `send_completion_email`.',
        consumes: ['multipart/form-data'],
        response: { 202: WireJob },
      },
    },
    async (request, reply) => {
      const { start, records } = decodeImportForm(await readForm(request))
      if (jobs.isFull()) throw tooManyJobs(jobs.waitingLimit)
      const { actor } = request
      const job = await run(startUsersImport, start, actor)
      const work = {
        jobId: job.id,
        connectionId: start.connectionId,
        updatesExisting: start.updatesExisting ?? false,
        total: records.length,
        batches: decodeBatches(records, validate),
        word: wordRecordRefusal,
      }
      jobs.add((signal) => runUsersImport(run, work, actor, signal))
      return reply.code(202).send(encodeStartedJob(job))
    },
  )

  app.post(
    '/jobs/users-exports',
    {
      config: { access: { tokenScopes: ['read:users'] } },
      schema: { summary: 'Create export users job', body: NewExport, response: { 200: WireJob } },
    },
    async ({ body, actor }) => encodeStartedJob(await run(startUsersExport, decodeNewExport(body), actor)),
  )

  app.post(
    '/jobs/verification-email',
    {
      config: { access: { tokenScopes: ['update:users'] } },
      schema: {
        summary: 'Send an email address verification email',
        body: NewVerificationEmail,
        response: { 201: WireJob },
      },
    },
    async ({ body, actor }, reply) => {
      const job = await run(startVerificationEmail, decodeVerificationEmail(body), actor)
      return reply.code(201).send(encodeStartedJob(job))
    },
  )

  app.get(
    '/jobs/:id',
    {
      config: { access: { tokenScopes } },
      schema: { summary: 'Get a job', params: JobParams, response: { 200: WireJob } },
    },
    async ({ params, actor, issuer }) =>
      encodeJob(await run(getJob, { jobId: requireJobId(params.id) }, actor), issuer),
  )

  app.get(
    '/jobs/:id/errors',
    {
      config: { access: { tokenScopes } },
      schema: {
        summary: 'Get job error details',
        params: JobParams,
        response: { 200: Type.Array(WireJobError), 204: Type.Null() },
      },
    },
    async ({ params, actor }, reply) => {
      // A file of 500 KB has no more lines than fit one answer.
      const input = { jobId: requireJobId(params.id), listing: { limit: fileLimitBytes } }
      const { items } = await run(listJobErrors, input, actor)
      return items.length === 0 ? reply.code(204).send(null) : reply.send(items.map(encodeJobError))
    },
  )

  app.get(
    '/jobs/:id/file',
    {
      config: { access: { anonymous: 'the link is the credential: unguessable, and good once' } },
      schema: {
        summary: 'Get the file of an export',
        description: 'Extension: where `location` of an export leads. A gzip file of JSON lines or CSV.',
        params: JobParams,
        querystring: Type.Object({ ticket: Type.String({ minLength: 1, maxLength: 2048 }) }),
      },
    },
    async ({ params, query, actor, issuer }, reply) => {
      const input = { jobId: requireJobId(params.id), link: query.ticket }
      const redeemed = await run(redeemDownload, input, actor)
      const { format } = shapeOf(redeemed)
      reply.header('content-disposition', `attachment; filename="users.${format}.gz"`)
      reply.header('cache-control', 'no-store')
      reply.type('application/gzip')
      // When reading fails half-way the connection breaks off, so that nobody takes a part for the whole.
      return pipeline(Readable.from(writeExport(run, redeemed, issuer)), createGzip(), () => {})
    },
  )
}

async function* writeExport(run: Run, redeemed: RedeemedExport, issuer: string): AsyncGenerator<string> {
  const { head, line } = exportWriter(shapeOf(redeemed))
  if (head !== '') yield head
  for await (const users of exportUsers(run, redeemed)) {
    if (users.length > 0) yield users.map((user) => line(encodeUser(user, issuer))).join('')
  }
}

const readForm = async (request: FastifyRequest): Promise<ImportForm> => {
  if (!request.isMultipart()) throw badForm('Expected multipart/form-data')
  try {
    return await readParts(request)
  } catch (error) {
    // What the parser can't read it throws without a status; its limits have one.
    if (error instanceof WireError || (error as { statusCode?: number }).statusCode !== undefined) throw error
    throw badForm('The form is not valid multipart/form-data')
  }
}

const readParts = async (request: FastifyRequest): Promise<ImportForm> => {
  const fields = new Map<string, string>()
  let file: string | undefined
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const content = await part.toBuffer()
      if (part.fieldname !== 'users') throw badForm(`Unexpected file: ${part.fieldname.slice(0, 100)}`)
      file = textOf(content)
    } else {
      fields.set(part.fieldname, String(part.value))
    }
  }
  return { fields, file }
}

/** Without the mark that some editors begin a file with. */
const textOf = (content: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw badForm('The file is not UTF-8', 'users')
  }
}

const tooManyJobs = (limit: number) =>
  new WireError(
    429,
    `There are ${limit} active import users jobs, please wait until some of them are finished and try again`,
    'too_many_jobs',
  )
