import type { Connection } from '../connections/connection.ts'
import type { Services } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Reader } from '../store.ts'
import { optionOf } from './password-policy.ts'
import type { User } from './user.ts'

/** A password that somebody shall have, as far as it is worked out outside the transaction. */
export type NewPassword = {
  hash: string
  /** The hashes of his that it was compared with. */
  comparedWith: readonly string[]
  isFormer: boolean
}

const defaultSize = 5
/** Each costs a verification. */
const mostSize = 24

type HistoryReader = Pick<Reader, 'users' | 'connections'>

/** Hashes a new password, and compares it with those that its owner must not take again. */
export const prepareNewPassword = async (
  reader: HistoryReader,
  { passwords }: Pick<Services, 'passwords'>,
  user: User | undefined,
  password: string,
): Promise<NewPassword> => {
  const comparedWith = user ? barredFor(user, await connectionOf(reader, user)) : []
  let isFormer = false
  for (const hash of comparedWith) isFormer ||= await passwords.verify(password, hash)
  return { hash: await passwords.hash(password), comparedWith, isFormer }
}

/**
 * Whether the password is one he must not take again. @throws busy when he got another meanwhile, with which it was
 * not compared
 */
export const isFormerPassword = (
  user: User,
  connection: Connection,
  { comparedWith, isFormer }: NewPassword,
): boolean => {
  // Who gets his first password of a connection has none of it yet.
  if (user.connectionId === undefined) return false
  if (isFormer) return true
  if (barredFor(user, connection).every((hash) => comparedWith.includes(hash))) return false
  throw new DomainError({ code: 'busy' })
}

/** What is kept of his passwords once he gets another; nothing where the connection does not ask for it. */
export const formerOnceChanged = (user: User, connection: Connection): readonly string[] | undefined => {
  // The new one is the first of those that are barred then.
  const kept = barredFor(user, connection).slice(0, Math.max(0, sizeOf(connection) - 1))
  return kept.length === 0 ? undefined : kept
}

/** His newest passwords, the present one included. */
const barredFor = (
  { passwordHash, formerPasswordHashes = [] }: User,
  connection: Connection | undefined,
): readonly string[] => {
  if (!connection) return []
  const own = passwordHash === undefined ? [] : [passwordHash]
  return [...own, ...formerPasswordHashes].slice(0, sizeOf(connection))
}

/** @see specs: §2 of the Auth0 dialect, `password_history` */
const sizeOf = (connection: Connection): number => {
  const { enable, size } = optionOf(connection, 'password_history')
  if (enable !== true) return 0
  return Number.isSafeInteger(size) ? Math.min(mostSize, Math.max(0, size as number)) : defaultSize
}

const connectionOf = async ({ connections }: HistoryReader, { connectionId }: User) =>
  connectionId === undefined ? undefined : connections.find(connectionId)
