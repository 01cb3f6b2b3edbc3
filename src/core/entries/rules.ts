import type { Actor } from '../actor.ts'
import { sameValue } from '../changes.ts'
import { dropScript, followScript } from '../hooks/from-entry.ts'
import type { JsonObject } from '../json.ts'
import { equal, every, unlimited } from '../listing.ts'
import { allPermissions } from '../permissions.ts'
import { DomainError } from '../refusals.ts'
import { requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { mergeMetadata } from '../users/user.ts'
import type { Entry, EntryKind, EntryOwner } from './entry.ts'

export type EntryWrite = {
  name?: string
  /** Given keys replace, `null` removes, others stay. */
  data?: JsonObject
  /** In place of a value in `data`; null opens it. */
  sealedValue?: string | null
}

/** A script runs with the rights of whoever calls, so that who writes one must hold all there are. @throws cannot_grant */
const requireMayWrite = async (tx: Tx, kind: EntryKind, actor: Actor): Promise<void> => {
  if (kind === 'event-script') await requireHeld(tx, actor, allPermissions, workspace)
}

const longestName = 255

/** @throws invalid */
const requireName = (name: string): string => {
  if (name.trim() !== '' && name.length <= longestName) return name
  const reason = `A name has 1 to ${longestName} characters, not only blanks.`
  throw new DomainError({ code: 'invalid', field: 'name', reason })
}

export const findEntry = async (
  { entries }: Pick<Reader, 'entries'>,
  kind: EntryKind,
  owner: EntryOwner,
  ref: { number: number } | { name: string },
): Promise<Entry | undefined> => {
  if ('name' in ref) {
    const filter = every(equal('kind', kind), equal('owner', owner), {
      field: 'name',
      is: 'equal',
      value: ref.name,
      ignoreCase: true,
    })
    return (await entries.list({ filter, limit: 1 })).items[0]
  }
  const entry = await entries.findBy({ number: ref.number })
  return entry?.kind === kind && entry.owner === owner ? entry : undefined
}

const requireNameFree = async (
  tx: Tx,
  kind: EntryKind,
  owner: EntryOwner,
  name: string,
  except?: string,
): Promise<void> => {
  const other = await findEntry(tx, kind, owner, { name })
  if (other && other.id !== except) {
    throw new DomainError({ code: 'taken', kind: 'entry', field: 'name', value: name })
  }
}

/** @throws invalid, taken, cannot_grant */
export const addEntry = async (
  tx: Tx,
  { kind, owner, name, data = {}, sealedValue }: EntryWrite & { kind: EntryKind; owner: EntryOwner },
  actor: Actor,
): Promise<Entry> => {
  await requireMayWrite(tx, kind, actor)
  const given = requireName(name ?? '')
  await requireNameFree(tx, kind, owner, given)
  const by = await numberOf(tx, actor)
  const entry = await tx.entries.insert({
    id: tx.newId(),
    kind,
    owner,
    name: given,
    data,
    ...(typeof sealedValue === 'string' && { sealedValue }),
    ...(by !== undefined && { createdBy: by, updatedBy: by }),
    createdAt: tx.now(),
    updatedAt: tx.now(),
  })
  await tx.emit({ type: 'entry.created', target: { kind: 'entry', id: entry.id }, data: facts(entry) })
  if (kind === 'event-script') await followScript(tx, entry)
  return entry
}

/** @throws invalid, taken, cannot_grant */
export const changeEntry = async (
  tx: Tx,
  entry: Entry,
  { name, data, sealedValue }: EntryWrite,
  actor: Actor,
): Promise<Entry> => {
  await requireMayWrite(tx, entry.kind, actor)
  if (name !== undefined) requireName(name)
  if (name !== undefined && name !== entry.name) {
    await requireNameFree(tx, entry.kind, entry.owner, name, entry.id)
  }
  const wanted: Entry = {
    ...entry,
    ...(name !== undefined && { name }),
    ...(data && { data: mergeMetadata(entry.data, data) }),
  }
  if (sealedValue === null) delete wanted.sealedValue
  else if (sealedValue !== undefined) wanted.sealedValue = sealedValue
  if (sameValue(wanted, entry)) return entry
  const by = await numberOf(tx, actor)
  const written = {
    name: wanted.name,
    data: wanted.data,
    sealedValue: wanted.sealedValue,
    updatedBy: by,
    updatedAt: tx.now(),
  }
  await tx.entries.update(entry.id, written as Partial<Entry>)
  await tx.emit({ type: 'entry.updated', target: { kind: 'entry', id: entry.id }, data: facts(wanted) })
  if (entry.kind === 'event-script') await followScript(tx, wanted, entry.name)
  return { ...wanted, updatedAt: tx.now(), ...(by !== undefined && { updatedBy: by }) }
}

/** @throws cannot_grant */
export const dropEntry = async (tx: Tx, entry: Entry, actor: Actor): Promise<void> => {
  await requireMayWrite(tx, entry.kind, actor)
  await tx.entries.remove(entry.id)
  await tx.emit({ type: 'entry.deleted', target: { kind: 'entry', id: entry.id }, data: facts(entry) })
  if (entry.kind === 'event-script') await dropScript(tx, entry.name)
}

/** Ends what belonged to somebody or something that goes away. */
export const dropEntriesOf = async (tx: Tx, owner: EntryOwner): Promise<void> => {
  const { items } = await tx.entries.list({ filter: equal('owner', owner), limit: unlimited })
  for (const { id } of items) await tx.entries.remove(id)
}

/** What an entry holds is its dialect's business. */
const facts = ({ kind, owner, name }: Entry): JsonObject => ({ kind, owner, name })

const numberOf = async ({ users }: Pick<Reader, 'users'>, actor: Actor): Promise<number | undefined> =>
  actor.kind === 'user' ? (await users.find(actor.id))?.number : undefined
