import type { ErrorObject } from 'ajv'
import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import type { Refusal } from '#core/refusals.ts'
import type { ImportedUser, ImportRecord, RecordFault } from '#core/users/import.ts'
import type { ImportedPassword } from '#core/users/imported-password.ts'
import { findUnstorableText, NestingError } from '#http/text.ts'
import { encodeRefusal } from './errors.ts'
import { decodeRoleId, decodeUserId } from './ids.ts'
import { wordValidation } from './validation-wording.ts'

const Metadata = Type.Object({}, { additionalProperties: true })
const optional = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))
const oneOf = (...words: string[]) => Type.Enum(words)
const Count = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576 }))

/** A hash that is not bcrypt, with all it takes to compute it again. */
const CustomPasswordHash = Type.Object(
  {
    algorithm: oneOf(
      'argon2',
      'bcrypt',
      'hmac',
      'ldap',
      'md4',
      'md5',
      'sha1',
      'sha256',
      'sha512',
      'pbkdf2',
      'scrypt',
    ),
    hash: Type.Object(
      {
        value: Type.String({ minLength: 1, maxLength: 4096 }),
        encoding: Type.Optional(oneOf('base64', 'hex', 'utf8')),
        digest: Type.Optional(
          oneOf('md4', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'whirlpool'),
        ),
        key: Type.Optional(
          Type.Object(
            {
              value: Type.String({ minLength: 1, maxLength: 4096 }),
              encoding: Type.Optional(oneOf('base64', 'hex', 'utf8')),
            },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    salt: Type.Optional(
      Type.Object(
        {
          value: Type.String({ minLength: 1, maxLength: 4096 }),
          encoding: Type.Optional(oneOf('base64', 'hex', 'utf8')),
          position: Type.Optional(oneOf('prefix', 'suffix')),
        },
        { additionalProperties: false },
      ),
    ),
    password: Type.Optional(
      Type.Object(
        { encoding: oneOf('ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary') },
        { additionalProperties: false },
      ),
    ),
    keylen: Count,
    cost: Count,
    blockSize: Count,
    parallelization: Count,
  },
  { additionalProperties: false },
)

/** One user of an import. @see specs: §1.14 of the Auth0 dialect; `roles` is ours */
export const ImportedUserSchema = Type.Object(
  {
    email: Type.Optional(Type.String({ format: 'email' })),
    email_verified: Type.Optional(Type.Boolean()),
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^\\S*$' })),
    username: optional(128),
    given_name: optional(150),
    family_name: optional(150),
    name: optional(300),
    nickname: optional(300),
    picture: Type.Optional(Type.String({ format: 'uri' })),
    blocked: Type.Optional(Type.Boolean()),
    app_metadata: Type.Optional(Metadata),
    user_metadata: Type.Optional(Metadata),
    // A cost above 15 would let one sign-in keep a core busy for seconds.
    password_hash: Type.Optional(
      Type.String({ pattern: '^\\$2[aby]\\$(?:0[4-9]|1[0-5])\\$[./A-Za-z0-9]{53}$' }),
    ),
    custom_password_hash: Type.Optional(CustomPasswordHash),
    roles: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 1000,
        description: 'Extension: ids of the roles that the user gets.',
      }),
    ),
  },
  { additionalProperties: false },
)

type WireUser = Static<typeof ImportedUserSchema>

/** What the report shows as it came; everything else may be a secret, or anything. */
const shown = new Set([
  'email',
  'email_verified',
  'user_id',
  'username',
  'given_name',
  'family_name',
  'name',
  'nickname',
  'picture',
  'blocked',
  'app_metadata',
  'user_metadata',
  'roles',
])

const showRecord = (record: unknown): JsonObject => {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return {}
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, shown.has(key) ? value : '*****']),
  ) as JsonObject
}

/** Checks a value against the schema; `errors` tells why it does not fit. */
export type Validate = ((value: unknown) => boolean | unknown) & { errors?: ErrorObject[] | null }

/**
 * Decodes a file batch by batch, each record by itself: one that is not a user is a line of the report. Small batches
 * keep others, who wait for the transaction of each, waiting for no more than a moment.
 */
export function* decodeBatches(
  records: readonly unknown[],
  validate: Validate,
  size = 50,
): Generator<ImportRecord[]> {
  for (let at = 0; at < records.length; at += size) {
    yield records.slice(at, at + size).map((record) => decodeItem(record, validate))
  }
}

const decodeItem = (record: unknown, validate: Validate): ImportRecord => {
  const fault = unstorable(record)
  // Neither can it be shown.
  if (fault) return { item: {}, fault }
  const decoded = decodeRecord(record, validate)
  const item = showRecord(record)
  return 'code' in decoded ? { item, fault: decoded } : { item, user: decoded }
}

const unstorable = (record: unknown): RecordFault | undefined => {
  try {
    const path = findUnstorableText(record)
    if (path === undefined) return undefined
    const message = 'The text contains a NUL character or half of a surrogate pair.'
    return { code: 'INVALID_TEXT', message, path }
  } catch (error) {
    if (error instanceof NestingError) return { code: 'TOO_DEEP', message: error.message, path: '' }
    throw error
  }
}

const decodeRecord = (record: unknown, validate: Validate): ImportedUser | RecordFault => {
  if (validate(record) !== true) return wordFault(validate.errors ?? [])
  const user = record as WireUser
  if (user.password_hash !== undefined && user.custom_password_hash !== undefined) {
    const message = 'A user has either password_hash or custom_password_hash.'
    return { code: 'INVALID_FORMAT', message, path: 'custom_password_hash' }
  }
  const roleIds: string[] = []
  for (const wireId of user.roles ?? []) {
    const roleId = decodeRoleId(wireId)
    if (roleId === undefined) return { code: 'NOT_FOUND', message: 'The role does not exist.', path: 'roles' }
    roleIds.push(roleId)
  }
  return decodeUser(user, [...new Set(roleIds)])
}

const decodeUser = (user: WireUser, roleIds: readonly string[]): ImportedUser => {
  const email = user.email?.toLowerCase()
  const password = decodePassword(user)
  return {
    ...(user.user_id !== undefined && { id: decodeUserId(`auth0|${user.user_id.replace(/^auth0\|/u, '')}`) }),
    ...(email !== undefined && { email }),
    ...(user.username !== undefined && { username: user.username }),
    ...(user.email_verified !== undefined && { isEmailVerified: user.email_verified }),
    ...(user.name !== undefined && { name: user.name }),
    ...(user.nickname !== undefined && { nickname: user.nickname }),
    ...(user.given_name !== undefined && { givenName: user.given_name }),
    ...(user.family_name !== undefined && { familyName: user.family_name }),
    ...(user.picture !== undefined && { picture: user.picture }),
    ...(user.blocked !== undefined && { isBlocked: user.blocked }),
    ...(user.app_metadata && { appMetadata: user.app_metadata as JsonObject }),
    ...(user.user_metadata && { userMetadata: user.user_metadata as JsonObject }),
    ...(password && { password }),
    ...(roleIds.length > 0 && { roleIds }),
  }
}

const decodePassword = (user: WireUser): ImportedPassword | undefined => {
  if (user.password_hash !== undefined) return { bcrypt: user.password_hash }
  return user.custom_password_hash && { custom: user.custom_password_hash as JsonObject }
}

/** The codes the vendor's reports use for what a schema refuses. */
const codes: Readonly<Record<string, string>> = {
  type: 'INVALID_TYPE',
  required: 'OBJECT_MISSING_REQUIRED_PROPERTY',
  additionalProperties: 'OBJECT_ADDITIONAL_PROPERTIES',
  minLength: 'MIN_LENGTH',
  maxLength: 'MAX_LENGTH',
  pattern: 'PATTERN',
  enum: 'ENUM_MISMATCH',
  maxItems: 'ARRAY_LENGTH_LONG',
}

const wordFault = (errors: readonly ErrorObject[]): RecordFault => {
  const [first] = errors
  const { message } = wordValidation({ validation: errors, validationContext: 'body' })
  return {
    code: codes[first?.keyword ?? ''] ?? 'INVALID_FORMAT',
    message: message.replace(/^Payload validation error: /u, ''),
    path: (first?.instancePath ?? '').split('/').slice(1).join('.'),
  }
}

const paths: Readonly<Record<string, string>> = { id: 'user_id', userId: 'user_id' }

/** Words what the rules refuse of a record. */
export const wordRecordRefusal = (refusal: Refusal): RecordFault => {
  const { message } = encodeRefusal(refusal)
  const field = 'field' in refusal ? refusal.field : 'roleId' in refusal ? 'roles' : ''
  const path = field.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)
  return { code: refusal.code.toUpperCase(), message, path: paths[field] ?? path }
}
