import Type, { type Static } from 'typebox'
import type { ExportInput, StartUsersExport } from '#core/jobs/start.ts'
import type { JsonObject } from '#core/json.ts'
import { requireConnectionId } from './ids.ts'
import type { encodeUser } from './users.wire.ts'

/** @see specs: §1.14 of the Auth0 dialect */
export const NewExport = Type.Object(
  {
    connection_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    fields: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'A field, or a path: user_metadata.plan, identities[0].connection',
            }),
            export_as: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 30, description: 'Fields to be included; all of them unless given.' },
      ),
    ),
  },
  { additionalProperties: false },
)

type Field = { name: string; export_as?: string }
export type ExportShape = { format: 'json' | 'csv'; fields?: readonly Field[] }

export const decodeNewExport = (body: Static<typeof NewExport>): StartUsersExport => ({
  ...(body.connection_id !== undefined && { connectionId: requireConnectionId(body.connection_id) }),
  ...(body.limit !== undefined && { limit: body.limit }),
  shape: {
    format: body.format ?? 'json',
    ...(body.fields && { fields: body.fields as unknown as JsonObject[] }),
  },
})

/** As `decodeNewExport` stored it. */
export const shapeOf = ({ shape }: Pick<ExportInput, 'shape'>): ExportShape => shape as unknown as ExportShape

/** What a table has columns for unless others are asked for. */
const usualColumns: readonly Field[] = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'name',
  'nickname',
  'given_name',
  'family_name',
  'picture',
  'phone_number',
  'phone_verified',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'identities[0].connection',
  'app_metadata',
  'user_metadata',
].map((name) => ({ name }))

type WireUser = ReturnType<typeof encodeUser>

/** One user as a line: an object each in `json`, a row of the table in `csv`. */
export const exportWriter = ({ format, fields }: ExportShape) => {
  if (format === 'json') {
    return {
      head: '',
      line: (user: WireUser): string => `${JSON.stringify(fields ? pick(user, fields) : user)}\n`,
    }
  }
  const columns = fields ?? usualColumns
  return {
    head: row(columns.map(nameOf)),
    line: (user: WireUser): string => row(columns.map(({ name }) => valueAt(user, name))),
  }
}

const nameOf = ({ name, export_as: as }: Field): string => as ?? name

const pick = (user: WireUser, fields: readonly Field[]): object =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueAt(user, field.name)
      return value === undefined ? [] : [[nameOf(field), value]]
    }),
  )

/** `identities[0].connection` as steps through objects and arrays. */
const valueAt = (user: WireUser, path: string): unknown =>
  path
    .replaceAll(/\[(\d{1,4})\]/gu, '.$1')
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Record<string, unknown>)[step]
          : undefined,
      user,
    )

/** @see RFC 4180 §2: quotes are doubled, everything is quoted that could be taken for something else */
const row = (values: readonly unknown[]): string => `${values.map(cell).join(',')}\r\n`

const cell = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
