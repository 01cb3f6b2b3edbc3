import type { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Actor } from '#core/actor.ts'
import { createInvitations, invitationBatchLimit } from '#core/invitations/create-many.ts'
import type { Run } from '#core/operation.ts'
import { WireError } from './errors.ts'
import { encodeOutcome, type ListLine, ListQuery, readLines, WireReport } from './invitation-lists.wire.ts'
import { OrganizationParams } from './organizations.ts'
import type { NativeRoutes } from './parts.ts'

const description =
  'text/csv with a head line: `email`, and as they are wanted `roles` (with `;` between), `message`, `inviterName`, `applicationId`, `lifetimeSeconds`. The answer tells of every line what became of it; one that is refused keeps no other from being invited.'

/** Invites everybody in a file. A plugin of its own, because only here files are read. */
export const invitationListRoutes: NativeRoutes = async (parent, { run }) => {
  await parent.register(async (scope) => {
    const app = scope.withTypeProvider<TypeBoxTypeProvider>()
    // Left unread here: the handler reads it while it arrives.
    app.addContentTypeParser('text/csv', (_request, _payload, done) => done(null))
    app.post(
      '/invitations/csv',
      {
        config: { access: { tokenScopes: ['invitations:create'] } },
        schema: {
          summary: 'Invite everybody in a file',
          description,
          consumes: ['text/csv'],
          querystring: ListQuery,
          response: { 200: WireReport },
        },
      },
      async (request) => inviteAll(run, fileOf(request), request.query, request.actor),
    )
    app.post(
      '/organizations/:id/invitations/csv',
      {
        config: { access: { tokenScopes: ['invitations:create'] } },
        schema: {
          summary: 'Invite everybody in a file into an organization',
          description,
          consumes: ['text/csv'],
          params: OrganizationParams,
          querystring: ListQuery,
          response: { 200: WireReport },
        },
      },
      async (request) => inviteAll(run, fileOf(request), request.query, request.actor, request.params.id),
    )
  })
}

const fileOf = ({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): Readable => {
  if (/^text\/csv\s*(;|$)/iu.test(headers['content-type'] ?? '')) return raw
  throw new WireError('unsupported_media_type', 'The file must be text/csv.')
}

/** In batches, so that others get their turn and a file of any length takes little memory. */
const inviteAll = async (
  run: Run,
  file: Readable,
  query: Static<typeof ListQuery>,
  actor: Actor,
  organizationId?: string,
): Promise<Static<typeof WireReport>> => {
  const report: Static<typeof WireReport> = { invited: 0, refused: 0, lines: [] }
  const invite = async (batch: readonly ListLine[]) => {
    const rows = batch.map(({ row }) => row)
    const place = organizationId === undefined ? {} : { organizationId }
    const outcomes = await run(createInvitations, { ...place, rows }, actor)
    for (const [at, outcome] of outcomes.entries()) {
      report[outcome.ok ? 'invited' : 'refused'] += 1
      report.lines.push(encodeOutcome(batch[at]!, outcome))
    }
  }
  let batch: ListLine[] = []
  for await (const line of readLines(file, query)) {
    batch.push(line)
    if (batch.length < invitationBatchLimit) continue
    await invite(batch)
    batch = []
  }
  await invite(batch)
  return report
}
