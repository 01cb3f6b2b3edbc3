import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import Type, { type Static } from 'typebox'
import type { InvitationOutcome, InvitationRow } from '#core/invitations/create-many.ts'
import { encodeRefusal, WireError } from './errors.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })

/** What counts for every line that says nothing else. */
export const ListQuery = Type.Object({
  inviterName: Type.String({ minLength: 1, maxLength: 300, description: 'As the mails name who invites.' }),
  message: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  roles: Type.Optional(Type.String({ maxLength: 2000, description: 'Ids or names, with `;` between.' })),
  applicationId: Type.Optional(Id),
  lifetimeSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_592_000 })),
})

export const WireReport = Type.Object({
  invited: Type.Integer(),
  refused: Type.Integer(),
  lines: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'Where it begins in the file, the head line being 1.' }),
      email: Type.String(),
      id: Type.Optional(Type.String()),
      secret: Type.Optional(Type.String({ description: 'What its link carries; shown this once.' })),
      code: Type.Optional(Type.String({ description: 'Why it was refused.' })),
      detail: Type.Optional(Type.String()),
    }),
  ),
})

export type ListLine = { line: number; row: InvitationRow }

const columns = ['email', 'roles', 'message', 'inviterName', 'applicationId', 'lifetimeSeconds']
const lineLimit = 20_000

/**
 * Reads a CSV file with a head line, while it arrives.
 * @throws invalid_request
 */
export async function* readLines(file: Readable, query: Static<typeof ListQuery>): AsyncGenerator<ListLine> {
  const records = file.pipe(
    parse({
      bom: true,
      columns: requireColumns,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: false,
      max_record_size: 20_000,
    }),
  )
  let count = 0
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: Record<string, string>
      info: { lines: number }
    }>) {
      count += 1
      if (count > lineLimit) throw badFile(`A file has at most ${lineLimit} lines.`)
      yield { line: info.lines, row: rowOf(record, query) }
    }
  } catch (error) {
    if (error instanceof WireError) throw error
    throw badFile(`The file is no CSV: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const requireColumns = (names: string[]): string[] => {
  const unknown = names.find((name) => !columns.includes(name))
  if (unknown !== undefined) {
    throw badFile(
      `There is no column ${JSON.stringify(unknown.slice(0, 100))}. There are ${columns.join(', ')}.`,
    )
  }
  if (!names.includes('email')) throw badFile('The first line names the columns; one must be `email`.')
  return names
}

const badFile = (message: string): WireError =>
  new WireError('invalid_request', message, [{ in: 'body', path: '', message }])

const rowOf = (record: Record<string, string>, query: Static<typeof ListQuery>): InvitationRow => {
  const text = (name: 'message' | 'inviterName' | 'applicationId' | 'roles'): string | undefined =>
    record[name] || query[name]
  const { email = '', lifetimeSeconds } = record
  const [message, applicationId, roles] = [text('message'), text('applicationId'), text('roles')]
  const seconds = lifetimeSeconds ? Number(lifetimeSeconds) : query.lifetimeSeconds
  return {
    email,
    inviterName: (text('inviterName') ?? query.inviterName).slice(0, 300),
    ...(message !== undefined && { message: message.slice(0, 2000) }),
    ...(applicationId !== undefined && { applicationId }),
    ...(seconds !== undefined && { lifetimeSeconds: seconds }),
    roles: (roles ?? '')
      .split(';')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  }
}

type WireLine = Static<typeof WireReport>['lines'][number]

export const encodeOutcome = ({ line, row }: ListLine, outcome: InvitationOutcome): WireLine => {
  if (outcome.ok) {
    const { id, secret } = outcome.invitation
    return { line, email: row.email, id, secret }
  }
  const { code, detail } = encodeRefusal(outcome.refusal)
  return { line, email: row.email, code, detail }
}
