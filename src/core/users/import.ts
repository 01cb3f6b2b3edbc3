import type { Actor } from '../actor.ts'
import type { Connection } from '../connections/connection.ts'
import type { Job } from '../jobs/job.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError, found, foundAll, type Refusal } from '../refusals.ts'
import { requireHeld, requireMayDo } from '../rights.ts'
import { giveRoles } from '../roles/assign.ts'
import { requireCompatible, requireFits, requireMayGive } from '../roles/rules.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { addUser, type CreateUser } from './create.ts'
import { requireFitsConnection } from './fits-connection.ts'
import { rememberPlaces } from './import-reads.ts'
import { encodeImportedPassword, type ImportedPassword } from './imported-password.ts'
import { changeUser } from './update.ts'
import { caseKey, type User } from './user.ts'

/** What a record says of a user. Who has no password sets one by a link. */
export type ImportedUser = Pick<
  CreateUser,
  | 'id'
  | 'email'
  | 'isEmailVerified'
  | 'username'
  | 'isBlocked'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'nickname'
  | 'picture'
  | 'userMetadata'
  | 'appMetadata'
> & { password?: ImportedPassword; roleIds?: readonly string[] }

/** Why a record was left out, in the words of the dialect it came through. */
export type RecordFault = { code: string; message: string; path: string }

/** `item` is what a report shows of the record: never a secret. */
export type ImportRecord = { item: JsonObject } & ({ user: ImportedUser } | { fault: RecordFault })

export type ImportUsers = {
  connectionId: string
  /** A user who is here already is changed: his profile, metadata and roles, never how he signs in. */
  updatesExisting: boolean
  records: readonly ImportRecord[]
  /** Words what the rules refuse. */
  word: (refusal: Refusal) => RecordFault
  /** The job whose report and progress this goes into; `total` counts the records of all batches. */
  job?: { id: string; total: number }
}

export type ImportCounts = { inserted: number; updated: number; failed: number }

export type Imported = ImportCounts & { faults: { item: JsonObject; fault: RecordFault }[] }

/**
 * Stores a batch of users. A record that is refused leaves no trace but its line in the report; the others are stored.
 * Roles are given by the same rules as anywhere: who may not give a role can not import its holders either.
 * @throws not_found, forbidden when existing users are to be changed by who may not, unsupported for a job that ended
 */
export const importUsers = command<ImportUsers, Imported>({
  name: 'import users',
  needs: 'users:create',
  run: async (writing, input, actor) => {
    const { connectionId, updatesExisting, records, word, job } = input
    const tx = rememberPlaces(writing)
    const connection = found(await tx.connections.find(connectionId), 'connection', connectionId)
    if (updatesExisting) await requireMayDo(tx, actor, ['users:update'], workspace)
    const place: Place = { connection, updatesExisting, ...(job && { jobId: job.id }) }
    const result: Imported = { inserted: 0, updated: 0, failed: 0, faults: [] }
    for (const record of records) {
      const outcome = await storeRecord(tx, record, place, actor, word)
      if (typeof outcome === 'string') {
        result[outcome] += 1
        continue
      }
      result.failed += 1
      result.faults.push({ item: record.item, fault: outcome })
    }
    if (job) await report(tx, job, result)
    return result
  },
})

type Place = { connection: Connection; updatesExisting: boolean; jobId?: string }

const storeRecord = async (
  tx: Tx,
  record: ImportRecord,
  place: Place,
  actor: Actor,
  word: ImportUsers['word'],
): Promise<'inserted' | 'updated' | RecordFault> => {
  if ('fault' in record) return record.fault
  try {
    return await storeUser(tx, record.user, place, actor)
  } catch (error) {
    if (error instanceof DomainError) return word(error.refusal)
    throw error
  }
}

/**
 * NOTE: a refusal must come before the first write, because the rest of the batch is kept. `addUser` and `changeUser`
 * look before they write; roles are looked at ahead of both, so that giving them can't be refused any more.
 */
const storeUser = async (
  tx: Tx,
  imported: ImportedUser,
  { connection, updatesExisting, jobId }: Place,
  actor: Actor,
): Promise<'inserted' | 'updated'> => {
  const { password, roleIds = [], ...user } = imported
  const existing = await findExisting(tx, user)
  if (existing) requireMayChange(existing, user, connection, updatesExisting)
  else requireFitsConnection(connection, { ...user, password: '' })
  const id = existing?.id ?? user.id ?? tx.newId()
  if (roleIds.length > 0) await requireRoles(tx, id, roleIds, actor)
  if (existing) await changeExisting(tx, existing, user, actor)
  else {
    const hash = password && encodeImportedPassword(password)
    await addUser(tx, { ...user, id, connectionId: connection.id }, hash)
  }
  if (roleIds.length > 0) {
    const source = { source: 'import' as const, ...(jobId !== undefined && { sourceId: jobId }) }
    await giveRoles(tx, { userIds: [id], roleIds, scope: workspace, ...source }, actor)
  }
  return existing ? 'updated' : 'inserted'
}

/** By id, address or user name. @throws taken when they are several users' */
const findExisting = async (
  { users }: Pick<Tx, 'users'>,
  { id, email, username }: Omit<ImportedUser, 'password' | 'roleIds'>,
): Promise<User | undefined> => {
  const byId = id === undefined ? undefined : await users.find(id)
  const byEmail = email === undefined ? undefined : await users.findByEmail(email)
  const byUsername = username === undefined ? undefined : await users.findByUsername(username)
  const existing = byId ?? byEmail ?? byUsername
  if (byEmail && byEmail.id !== existing?.id) throw taken('email', email!)
  if (byUsername && byUsername.id !== existing?.id) throw taken('username', username!)
  return existing
}

const taken = (field: string, value: string): DomainError =>
  new DomainError({ code: 'taken', kind: 'user', field, value })

/** @throws taken */
const requireMayChange = (
  existing: User,
  { id, email = '', username = '' }: ImportedUser,
  connection: Connection,
  updatesExisting: boolean,
): void => {
  if (updatesExisting && existing.connectionId === connection.id) return
  const [field, value] =
    existing.id === id
      ? ['id', id]
      : caseKey(existing.email ?? '') === caseKey(email)
        ? ['email', email]
        : ['username', username]
  throw taken(field, value)
}

/** @throws not_found, wrong_scope, cannot_grant, exclusive_roles */
const requireRoles = async (
  tx: Tx,
  userId: string,
  roleIds: readonly string[],
  actor: Actor,
): Promise<void> => {
  await requireHeld(tx, actor, ['roles:assign'], workspace)
  const roles = foundAll(await tx.roles.findMany(roleIds), 'role', roleIds)
  for (const role of roles) requireFits(role, workspace)
  await requireMayGive(tx, actor, roleIds, workspace)
  await requireCompatible(tx, userId, roleIds, workspace)
}

const changeExisting = async (
  tx: Tx,
  { id: userId, email: ownEmail }: User,
  user: ImportedUser,
  actor: Actor,
): Promise<void> => {
  const { id: _id, email, username: _username, isEmailVerified, userMetadata, appMetadata, ...profile } = user
  // What the record says of another address says nothing of the user's own.
  const isOwn = email !== undefined && caseKey(email) === caseKey(ownEmail ?? '')
  const changes = { ...profile, ...(isOwn && isEmailVerified !== undefined && { isEmailVerified }) }
  await changeUser(
    tx,
    {
      userId,
      changes: Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      ...(hasAny(userMetadata) && { userMetadata }),
      ...(hasAny(appMetadata) && { appMetadata }),
    },
    actor,
  )
}

/** A record without metadata takes none away. */
const hasAny = (metadata: JsonObject | undefined): metadata is JsonObject =>
  metadata !== undefined && Object.keys(metadata).length > 0

/** In the same transaction as the users, so that a report never tells of others than were stored. */
const report = async (
  tx: Tx,
  { id, total }: { id: string; total: number },
  { inserted, updated, failed, faults }: Imported,
): Promise<void> => {
  const job = found(await tx.jobs.find(id), 'job', id)
  if (job.status === 'completed' || job.status === 'failed') {
    throw new DomainError({ code: 'unsupported', what: 'going on with a job that has ended' })
  }
  const before = countsOf(job)
  const summary = {
    inserted: before.inserted + inserted,
    updated: before.updated + updated,
    failed: before.failed + failed,
    total,
  }
  const done = summary.inserted + summary.updated + summary.failed
  const percentage = total === 0 ? 99 : Math.min(99, Math.floor((100 * done) / total))
  if (faults.length > 0) {
    await tx.jobs.addErrors(faults.map(({ item, fault }) => ({ jobId: id, item, ...fault })))
  }
  await tx.jobs.update(id, { status: 'processing', percentage, summary, updatedAt: tx.now() })
}

/** What a job's summary counts so far. */
export const countsOf = ({ summary }: Pick<Job, 'summary'>): ImportCounts => {
  const count = (name: string) => (typeof summary[name] === 'number' ? summary[name] : 0)
  return { inserted: count('inserted'), updated: count('updated'), failed: count('failed') }
}
