import Type, { type Static } from 'typebox'
import { powersOf } from '#core/rights.ts'
import type { SignIn } from '#core/sign-in/sign-in.ts'
import type { SourcedPermission } from '#core/users/permissions.ts'
import { Instant, instantAt } from './instants.ts'
import { WireUser } from './users.wire.ts'

/** Half a day: as long as a day's work, and over when the next one begins. */
export const sessionSeconds = 43_200

export const Credentials = Type.Object(
  {
    login: Type.String({ minLength: 1, maxLength: 320, description: 'An e-mail address or a user name.' }),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
    code: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'A code of an app, or a recovery code: needed once second_factor_required was answered.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const WireSession = Type.Object({
  user: WireUser,
  permissions: Type.Array(Type.String(), {
    description: 'What he may do everywhere: permissions of Rolecall itself.',
  }),
  csrfToken: Type.Optional(
    Type.String({ description: 'Whatever is not a GET sends it as X-CSRF-Token beside the cookie.' }),
  ),
  expiresAt: Type.Optional(Instant),
})

export const decodeCredentials = (
  { login, password, code }: Static<typeof Credentials>,
  { ip, userAgent }: { ip: string; userAgent: string | undefined },
): SignIn => ({
  login: { emailOrUsername: login },
  password,
  ...(code !== undefined && { secondFactor: { code } }),
  ip,
  ...(userAgent !== undefined && { userAgent }),
  session: {
    kind: 'browser',
    lifetimeSeconds: sessionSeconds,
    ip,
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 500) }),
  },
})

/** Permissions of either built-in API, as those of Rolecall that they stand for. */
export const encodePowers = (permissions: readonly SourcedPermission[]): string[] =>
  [...powersOf(permissions.map(({ api, name }) => ({ apiId: api.id, name })))].sort()

export const encodeSession = (
  user: Static<typeof WireUser>,
  permissions: readonly string[],
  { csrfToken, expiresAt }: { csrfToken?: string | undefined; expiresAt?: number | undefined },
): Static<typeof WireSession> => ({
  user,
  permissions: [...permissions],
  ...(csrfToken !== undefined && { csrfToken }),
  ...instantAt('expiresAt', expiresAt),
})
