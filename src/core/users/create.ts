import type { Extensions, JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Tx } from '../store.ts'
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
  password?: string
  /** The connection whose password it is. */
  connectionId?: string
  userMetadata?: JsonObject
  appMetadata?: JsonObject
  extensions?: Extensions
}

/** Creates a user, without roles. @throws taken, invalid, not_found for the connection */
export const createUser = command<CreateUser, User, string | undefined>({
  name: 'create user',
  needs: 'users:create',
  prepare: async ({ password }, { passwords }) =>
    password === undefined ? undefined : passwords.hash(password),
  run: (tx, input, _actor, passwordHash) => addUser(tx, input, passwordHash),
})

/** The one way a user comes into being; registration and import go through it too. */
export const addUser = async (tx: Tx, input: CreateUser, passwordHash: string | undefined): Promise<User> => {
  const { password: _hashed, id = tx.newId(), connectionId, ...given } = input
  if (await tx.users.find(id)) throw new DomainError({ code: 'taken', kind: 'user', field: 'id', value: id })
  if (given.email !== undefined) await requireEmailFree(tx, given.email)
  if (given.username !== undefined) await requireUsernameFree(tx, given.username)
  requireMetadata('userMetadata', given.userMetadata ?? {})
  requireMetadata('appMetadata', given.appMetadata ?? {})
  const connection =
    connectionId && found(await tx.connections.find(connectionId), 'connection', connectionId)
  const user = await tx.users.insert({
    kind: 'person',
    isEmailVerified: false,
    userMetadata: {},
    appMetadata: {},
    extensions: {},
    ...given,
    id,
    ...(connectionId !== undefined && { connectionId }),
    ...(passwordHash !== undefined && { passwordHash, passwordChangedAt: tx.now() }),
    rolesVersion: 0,
    loginsCount: 0,
    createdAt: tx.now(),
    updatedAt: tx.now(),
  })
  await tx.emit({ type: 'user.created', userId: id, data: connection ? { connection: connection.name } : {} })
  return user
}
