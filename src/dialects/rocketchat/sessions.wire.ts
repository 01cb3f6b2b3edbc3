import Type, { type Static } from 'typebox'
import type { Login } from '#core/sign-in/sign-in.ts'
import { refuse, signInFailure } from './errors.ts'
import { WireMe } from './users.wire.ts'

const Name = Type.Unsafe<string | { username?: string; email?: string }>({})
const Password = Type.Unsafe<string | { digest?: unknown; algorithm?: unknown; hashed?: unknown }>({})

/** Several forms, told apart by `decodeLogin`: what fits none of them is a login that fails, no malformed request. */
export const LoginBody = Type.Object(
  {
    user: Type.Optional(Name),
    username: Type.Optional(Type.Unsafe<unknown>({})),
    email: Type.Optional(Type.Unsafe<unknown>({})),
    password: Type.Optional(Password),
    code: Type.Optional(Type.Unsafe<unknown>({})),
    resume: Type.Optional(Type.Unsafe<unknown>({})),
  },
  { additionalProperties: true },
)

export const LoggedIn = Type.Object({
  status: Type.Literal('success'),
  data: Type.Object({ userId: Type.String(), authToken: Type.String(), me: WireMe }),
  success: Type.Boolean(),
})

export type Credentials =
  | { resume: string }
  | { login: Login; password: string | { sha256: string }; code?: string }

export const wrongLogin = signInFailure('Unauthorized', 'Unauthorized')

const texts = ['username', 'email', 'code', 'resume'] as const
const known = new Set(['user', 'username', 'email', 'password', 'code', 'resume'])

/** @see specs: §1.3 of the Rocket.Chat dialect @throws WireError for what is no login */
export const decodeLogin = (body: Static<typeof LoginBody>): Credentials => {
  const { resume } = body
  // One that is no text was meant for a database, not for us.
  if (texts.some((name) => body[name] !== undefined && typeof body[name] !== 'string')) {
    return refuse(wrongLogin)
  }
  if (typeof resume === 'string' && body.password === undefined) return { resume }
  // Any other key is for another way to sign in, which we do not have.
  if (Object.keys(body).some((key) => !known.has(key))) return refuse(wrongLogin)
  const login = loginOf(body)
  const password = passwordOf(body.password)
  if (!login || password === undefined) return refuse(wrongLogin)
  return { login, password, ...(typeof body.code === 'string' && { code: body.code }) }
}

const loginOf = ({ user, username, email }: Static<typeof LoginBody>): Login | undefined => {
  if (typeof user === 'string' && user !== '')
    return user.includes('@') ? { email: user } : { username: user }
  const named = typeof user === 'object' && user !== null ? user : { username, email }
  if (typeof named.username === 'string' && named.username !== '') return { username: named.username }
  if (typeof named.email === 'string' && named.email !== '') return { email: named.email }
  return undefined
}

const passwordOf = (
  password: Static<typeof LoginBody>['password'],
): string | { sha256: string } | undefined => {
  if (typeof password === 'string') return password
  if (typeof password !== 'object' || password === null) return undefined
  const digest = password.digest ?? password.hashed
  const isDigest = typeof digest === 'string' && /^[0-9a-f]{64}$/iu.test(digest)
  const fits = password.algorithm === undefined || password.algorithm === 'sha-256'
  return isDigest && fits ? { sha256: digest.toLowerCase() } : undefined
}
