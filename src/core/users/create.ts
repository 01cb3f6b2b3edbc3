import { givenOf } from '../changes.ts'
import { joinDefaultRooms } from '../chat/general.ts'
import { type Connection, databaseStrategy } from '../connections/connection.ts'
import type { Extensions, JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { type PreparedMail, prepareTicketMail } from '../tickets/mail.ts'
import { askToConfirm } from './confirm-email.ts'
import { requireFitsConnection } from './fits-connection.ts'
import { requireStrongPassword } from './password-policy.ts'
import { preRegister } from './pre-register.ts'
import { attachIdentities, type UserWithIdentities } from './read.ts'
import { requireEmailFree, requireMetadata, requireUsernameFree } from './rules.ts'
import type { User } from './user.ts'

type Profile = Partial<Pick<User, 'name' | 'givenName' | 'familyName' | 'nickname' | 'picture'>>

export type CreateUser = Profile & {
  /** An id to keep, from where the user comes from; a new one otherwise. */
  id?: string
  kind?: User['kind']
  email?: string
  isEmailVerified?: boolean
  username?: string
  phone?: string
  isPhoneVerified?: boolean
  isBlocked?: boolean
  approvalAskedAt?: number
  needsConfirmedEmail?: boolean
  /** Must be as strong as the connection's policy asks. */
  password?: string
  /** Take any password, where a dialect's administrators say by a setting of its own how strong it must be. */
  anyPassword?: boolean
  /** The least length that the caller's dialect asks for by itself: see `requireStrongPassword`. */
  leastPasswordLength?: number
  /** The connection whose password it is. */
  connectionId?: string
  /** The same by name, where that is what a dialect's callers know. */
  connectionName?: string
  /** Mail him a link that confirms his address. */
  asksToConfirm?: boolean
  /** Refuse what the connection does not sign people in by, where a dialect's callers expect to be told. */
  fitsConnection?: boolean
  /** Whether he joins the rooms that new people join; default: people do. */
  joinsDefaultRooms?: boolean
  userMetadata?: JsonObject
  appMetadata?: JsonObject
  extensions?: Extensions
}

/** Creates a user, without roles. @throws taken, invalid, weak_password, unsupported, not_found for the connection */
export const createUser = command<
  CreateUser,
  UserWithIdentities,
  { passwordHash?: string; confirmation?: PreparedMail }
>({
  name: 'create user',
  needs: 'users:create',
  trigger: preRegister,
  prepare: async ({ password, email, asksToConfirm }, services) => ({
    ...(password !== undefined && { passwordHash: await services.passwords.hash(password) }),
    ...(asksToConfirm && { confirmation: prepareTicketMail(services, 'verify-email', email) }),
  }),
  run: async (tx, input, _actor, { passwordHash, confirmation }) => {
    const added = await addUser(tx, input, passwordHash)
    if (confirmation) await askToConfirm(tx, added, confirmation)
    const [user] = await attachIdentities(tx, [added])
    return user!
  },
})

const stored = [
  'kind',
  'email',
  'isEmailVerified',
  'username',
  'phone',
  'isPhoneVerified',
  'isBlocked',
  'approvalAskedAt',
  'needsConfirmedEmail',
  'name',
  'givenName',
  'familyName',
  'nickname',
  'picture',
  'userMetadata',
  'appMetadata',
  'extensions',
] as const

/** The one way a user comes into being; registration and import go through it too. */
export const addUser = async (tx: Tx, input: CreateUser, passwordHash: string | undefined): Promise<User> => {
  const { password, id: keptId, fitsConnection } = input
  const given = givenOf(input, stored)
  const connection = await findConnection(tx, input)
  if (connection && fitsConnection) requireFitsConnection(connection, input)
  if (connection && password !== undefined && !input.anyPassword) {
    requireStrongPassword(password, connection, input.leastPasswordLength, {
      isCommon: tx.isCommonPassword,
      person: given,
    })
  }
  const isElsewhere = connection !== undefined && connection.strategy !== databaseStrategy
  const subject = tx.newId()
  const id = keptId ?? (isElsewhere ? `${connection.strategy}|${subject}` : subject)
  if (await tx.users.find(id)) throw new DomainError({ code: 'taken', kind: 'user', field: 'id', value: id })
  if (given.email !== undefined) await requireEmailFree(tx, given.email)
  if (given.username !== undefined) await requireUsernameFree(tx, given.username)
  requireMetadata('userMetadata', given.userMetadata ?? {})
  requireMetadata('appMetadata', given.appMetadata ?? {})
  const user = await tx.users.insert({
    kind: 'person',
    isEmailVerified: false,
    userMetadata: {},
    appMetadata: {},
    extensions: {},
    ...given,
    id,
    ...(connection && !isElsewhere && { connectionId: connection.id }),
    ...(passwordHash !== undefined && { passwordHash, passwordChangedAt: tx.now() }),
    rolesVersion: 0,
    loginsCount: 0,
    createdAt: tx.now(),
    updatedAt: tx.now(),
  })
  if (isElsewhere) await addFirstIdentity(tx, user, connection, keptId ?? subject)
  await tx.emit({ type: 'user.created', userId: id, data: connection ? { connection: connection.name } : {} })
  if (input.joinsDefaultRooms ?? user.kind === 'person') await joinDefaultRooms(tx, id)
  return user
}

/** @throws not_found */
const findConnection = async (
  { connections }: Pick<Reader, 'connections'>,
  { connectionId, connectionName }: Pick<CreateUser, 'connectionId' | 'connectionName'>,
): Promise<Connection | undefined> => {
  if (connectionId !== undefined)
    return found(await connections.find(connectionId), 'connection', connectionId)
  if (connectionName === undefined) return undefined
  return found(await connections.findBy({ name: connectionName }), 'connection', connectionName)
}

/** Whoever signs in without a password of ours is known by what the connection's provider calls him. */
const addFirstIdentity = (
  tx: Tx,
  user: User,
  { strategy, name }: Connection,
  subject: string,
): Promise<void> =>
  tx.users.addIdentity({
    userId: user.id,
    provider: strategy,
    subject,
    connectionName: name,
    isSocial: false,
    profile: {},
    createdAt: tx.now(),
  })
