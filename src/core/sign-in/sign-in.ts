import { command, type GivenPassword } from '../operation.ts'
import { DomainError, type Refusal } from '../refusals.ts'
import { pendingRefusal } from '../registration/pending.ts'
import { administratorRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import { type ProvenFactor, proveFactor, secondFactorRefusal } from '../second-factors/prove.ts'
import type { GivenFactor } from '../second-factors/second-factor.ts'
import { type PreparedSession, prepareSession } from '../sessions/open.ts'
import type { OpenSession } from '../sessions/session.ts'
import type { Reader, Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { blockOf, countedFor, countFailure, forgetFailures } from './attempts.ts'
import { type CompletedSignIn, completeSignIn } from './complete.ts'

/** What somebody signs in as. Where it may be either, what has an `@` is taken for an address first. */
export type Login =
  | { email: string }
  | { username: string }
  | { emailOrUsername: string }
  | { userId: string }

export type SignIn = {
  login: Login
  password: GivenPassword
  /** Only people whose password is this connection's. */
  connectionName?: string
  /** Only administrators of the workspace, or only others, where a dialect keeps them apart. */
  only?: 'administrators' | 'others'
  /** Nobody without a confirmed address, but administrators, where a dialect asks that of who did not register, too. */
  needsConfirmedEmail?: boolean
  /** Shown with the password; asked for by second_factor_required where it is missing. */
  secondFactor?: GivenFactor
  applicationId?: string
  ip?: string
  userAgent?: string
  /** Opens a session with it, in the same transaction. */
  session?: OpenSession
}

/** Failing is an answer here: a failure is stored, so it can't be thrown. */
export type SignInResult = ({ ok: true } & CompletedSignIn) | { ok: false; refusal: Refusal }

type Prepared = {
  /** Before anything was tried: too many attempts had failed already. */
  block?: Refusal
  user?: User
  isRight: boolean
  newHash?: string
  session?: PreparedSession
  factor?: ProvenFactor
}

/**
 * Signs somebody in by his password. Unknown people and wrong passwords get the same answer after the same work, and
 * count the same; whoever is blocked for that is not told whether he was right.
 *
 * `ok: false` for wrong_credentials, too_many_attempts, suspended, awaiting_approval, email_not_confirmed,
 * second_factor_required, second_factor_wrong.
 * @throws busy
 */
export const signIn = command<SignIn, SignInResult, Prepared>({
  name: 'sign in',
  needs: { anyone: 'the password decides' },
  prepare: async (input, services, reader) => {
    const { login, password, connectionName, ip, session, secondFactor } = input
    const block = await blockOf(reader, countedFor(textOf(login), ip))
    if (block) return { block, isRight: false }
    const user = await findUser(reader, login, connectionName)
    const hash = user?.passwordHash
    const isRight = await services.passwords.verify(password, hash)
    const factor = isRight && user ? await proveFactor(reader, services, user.id, secondFactor) : undefined
    const isReplaceable = isRight && typeof password === 'string' && hash !== undefined
    return {
      isRight,
      ...(user && { user }),
      ...(factor && { factor }),
      ...(isReplaceable &&
        services.passwords.isOutdated(hash) && { newHash: await services.passwords.hash(password) }),
      ...(session && { session: prepareSession(services) }),
    }
  },
  run: async (tx, input, actor, prepared) => {
    const { login, connectionName, only, ip } = input
    const counted = countedFor(textOf(login), ip)
    // Looked at again: of many at the same time, those behind the last that is allowed are not answered either.
    const block = prepared.block ?? (await blockOf(tx, counted))
    if (block) return fail(tx, input, block, 'too_many_attempts', prepared.user)
    const user = prepared.user && (await tx.users.find(prepared.user.id))
    const isStill = user !== undefined && user.passwordHash === prepared.user?.passwordHash
    if (!prepared.isRight || !isStill) {
      await countFailure(tx, counted)
      const reason = user ? 'wrong_password' : 'unknown_user'
      return fail(tx, input, { code: 'wrong_credentials' }, reason, user)
    }
    if (only !== undefined && (await isAdministrator(tx, user)) !== (only === 'administrators')) {
      return { ok: false, refusal: { code: 'wrong_credentials' } }
    }
    const refusal = (await standing(user)) ?? (await unconfirmed(tx, user, input))
    if (refusal) return fail(tx, input, refusal, refusal.code, user)
    const missing = await secondFactorRefusal(tx, user, input.secondFactor, prepared.factor)
    // Being asked for a second factor is the half of signing in, not a failure.
    if (missing?.code === 'second_factor_required') return { ok: false, refusal: missing }
    if (missing) return fail(tx, input, missing, missing.code, user)
    await forgetFailures(tx, counted)
    if (prepared.newHash !== undefined) await tx.users.update(user.id, { passwordHash: prepared.newHash })
    const session = input.session && prepared.session && { open: input.session, prepared: prepared.session }
    const { applicationId, userAgent } = input
    const completed = await completeSignIn(tx, user, {
      method: 'password',
      door: actor.door,
      applicationId,
      connectionName,
      ip,
      userAgent,
      session,
    })
    return { ok: true, ...completed }
  },
})

/** What came of it, for doors whose answer to a failure is an error. @throws whatever it was refused with */
export const signedIn = (result: SignInResult): CompletedSignIn => {
  if (!result.ok) throw new DomainError(result.refusal)
  return result
}

export type CheckPassword = { userId: string; password: GivenPassword; ip?: string }

/**
 * Whether it is the user's password, for what somebody must confirm who is signed in already. Failures count like
 * those of signing in. @throws too_many_attempts
 */
export const checkPassword = command<CheckPassword, boolean, Prepared>({
  name: 'check password',
  needs: 'users:update',
  self: ({ userId }) => userId,
  prepare: async ({ userId, password, ip }, services, reader) => {
    const block = await blockOf(reader, countedFor(userId, ip))
    if (block) throw new DomainError(block)
    const user = await reader.users.find(userId)
    return { isRight: await services.passwords.verify(password, user?.passwordHash) }
  },
  run: async (tx, { userId, ip }, _actor, { isRight }) => {
    const counted = countedFor(userId, ip)
    const block = await blockOf(tx, counted)
    if (block) throw new DomainError(block)
    if (isRight) await forgetFailures(tx, counted)
    else await countFailure(tx, counted)
    return isRight
  },
})

/** What is left to say against somebody who gave the right password. */
const standing = async (user: User): Promise<Refusal | undefined> =>
  user.isBlocked === true ? { code: 'suspended', kind: 'user', id: user.id } : pendingRefusal(user)

const unconfirmed = async (
  tx: Tx,
  user: User,
  { needsConfirmedEmail }: SignIn,
): Promise<Refusal | undefined> =>
  needsConfirmedEmail && !user.isEmailVerified && !(await isAdministrator(tx, user))
    ? { code: 'email_not_confirmed', userId: user.id }
    : undefined

const fail = async (
  tx: Tx,
  { login, ip, userAgent, applicationId }: SignIn,
  refusal: Refusal,
  reason: string,
  user: User | undefined,
): Promise<SignInResult> => {
  await tx.emit({
    type: 'user.sign-in-failed',
    ...(user && { userId: user.id }),
    data: {
      reason,
      login: shown(textOf(login)),
      ...(applicationId !== undefined && { applicationId }),
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
    },
  })
  return { ok: false, refusal }
}

/** What strangers typed is kept to a line, and to what every engine can hold. */
const shown = (login: string): string => login.slice(0, 320).toWellFormed().replaceAll('\0', '')

const textOf = (login: Login): string =>
  'email' in login
    ? login.email
    : 'username' in login
      ? login.username
      : 'userId' in login
        ? login.userId
        : login.emailOrUsername

/** Whoever is known by several names is found by any; whose password is another connection's is nobody here. */
const findUser = async (
  reader: Reader,
  login: Login,
  connectionName: string | undefined,
): Promise<User | undefined> => {
  const user = await byLogin(reader, login)
  if (!user || connectionName === undefined) return user
  const connection = await reader.connections.findBy({ name: connectionName })
  return connection && user.connectionId === connection.id ? user : undefined
}

const byLogin = async ({ users }: Pick<Reader, 'users'>, login: Login): Promise<User | undefined> => {
  const text = textOf(login)
  if (!text.isWellFormed() || text.includes('\0') || text.length > 1000) return undefined
  if ('userId' in login) return users.find(text)
  if ('email' in login) return users.findByEmail(text)
  if ('username' in login) return users.findByUsername(text)
  return (text.includes('@') && (await users.findByEmail(text))) || users.findByUsername(text)
}

const isAdministrator = async (tx: Tx, { id }: User): Promise<boolean> =>
  (await tx.assignments.effectiveRoles(id, [workspace], tx.now())).some(
    (role) => role.id === administratorRoleId,
  )
