import type { Actor } from '../actor.ts'
import { batchOf } from '../batch.ts'
import type { JsonObject } from '../json.ts'
import { command, type Services } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Tx } from '../store.ts'
import {
  type Entry,
  type EntryKind,
  type EntryOwner,
  entryContext,
  type ShownEntry,
  showEntry,
} from './entry.ts'
import { addEntry, changeEntry, dropEntry, type EntryWrite, findEntry } from './rules.ts'

export type EntryRef = { number: number } | { name: string }

export type GivenEntry = {
  name?: string
  data?: JsonObject
  /** A value to seal; null opens what was sealed. */
  secret?: string | null
}

const seal = (
  { secret }: GivenEntry,
  kind: EntryKind,
  { sealer }: Pick<Services, 'sealer'>,
): string | null | undefined =>
  typeof secret === 'string' ? sealer.seal(secret, entryContext(kind)) : secret

export type SaveEntry = GivenEntry & {
  kind: EntryKind
  /** The entry to change; a new one otherwise. */
  ref?: EntryRef
  /** Make it when it is not there, under the name it was looked for by, or change the one that has the name. */
  upsert?: boolean
}

export type SavedEntry = ShownEntry & { isNew: boolean }

/** Makes or changes an entry of the workspace. @throws not_found, invalid, taken, cannot_grant */
export const saveEntry = command<SaveEntry, SavedEntry, { sealedValue: string | null | undefined }>({
  name: 'save entry',
  needs: 'settings:update',
  prepare: async (input, services) => ({ sealedValue: seal(input, input.kind, services) }),
  run: async (tx, input, actor, { sealedValue }) => save(tx, 'workspace', input, sealedValue, actor),
})

export const saveEntries = batchOf('save entries', saveEntry)

const save = async (
  tx: Tx,
  owner: EntryOwner,
  { kind, ref, upsert, name, data }: SaveEntry,
  sealedValue: string | null | undefined,
  actor: Actor,
): Promise<SavedEntry> => {
  const wanted: EntryRef | undefined = ref ?? (upsert && name !== undefined ? { name } : undefined)
  const there = wanted && (await findEntry(tx, kind, owner, wanted))
  const write: EntryWrite = {
    ...(name !== undefined && { name }),
    ...(data && { data }),
    ...(sealedValue !== undefined && { sealedValue }),
  }
  if (there) return { ...showEntry(await changeEntry(tx, there, write, actor)), isNew: false }
  if (wanted && !upsert) throw missing(wanted)
  const named = wanted && 'name' in wanted ? { name: wanted.name, ...write } : write
  return { ...showEntry(await addEntry(tx, { kind, owner, ...named }, actor)), isNew: true }
}

const missing = (ref: EntryRef) =>
  new DomainError({ code: 'not_found', kind: 'entry', id: 'name' in ref ? ref.name : String(ref.number) })

export type DeleteEntry = { kind: EntryKind; ref: EntryRef }

/** @returns the entry as it was @throws not_found, cannot_grant */
export const deleteEntry = command<DeleteEntry, ShownEntry>({
  name: 'delete entry',
  needs: 'settings:update',
  run: async (tx, { kind, ref }, actor) => {
    const entry = await findEntry(tx, kind, 'workspace', ref)
    if (!entry) throw missing(ref)
    await dropEntry(tx, entry, actor)
    return showEntry(entry)
  },
})

export const deleteEntries = batchOf('delete entries', deleteEntry)

export type OwnEntries = { userId: string; kind: EntryKind }

/** Makes or changes entries of somebody's own, by name, all or none. @throws invalid, cannot_grant */
export const saveOwnEntries = command<OwnEntries & { entries: readonly GivenEntry[] }, SavedEntry[]>({
  name: 'save own entries',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async (tx, { userId, kind, entries }, actor) => {
    const saved: SavedEntry[] = []
    for (const entry of entries) {
      saved.push(await save(tx, `user:${userId}`, { ...entry, kind, upsert: true }, undefined, actor))
    }
    return saved
  },
})

/** All or none. @returns the entries as they were @throws not_found, cannot_grant */
export const deleteOwnEntries = command<OwnEntries & { names: readonly string[] }, ShownEntry[]>({
  name: 'delete own entries',
  needs: 'users:update',
  self: ({ userId }) => userId,
  run: async (tx, { userId, kind, names }, actor) => {
    const gone: ShownEntry[] = []
    for (const name of names) {
      const entry = await findEntry(tx, kind, `user:${userId}`, { name })
      if (!entry) throw missing({ name })
      await dropEntry(tx, entry, actor)
      gone.push(showEntry(entry))
    }
    return gone
  },
})

/** An entry as its owner is written with it. */
export type EntryRow = GivenEntry & {
  /** Of the entry to change; without it, the owner's entry of that name, or a new one. */
  number?: number
  isRemoved?: boolean
}

export type PreparedEntries = (string | null | undefined)[]

export const prepareEntryRows = (
  rows: readonly EntryRow[],
  kind: EntryKind,
  services: Pick<Services, 'sealer'>,
): PreparedEntries => rows.map((row) => seal(row, kind, services))

/** Writes entries of a user, role or application with it: those that go first. @throws invalid, taken, not_found */
export const writeEntryRows = async (
  tx: Tx,
  kind: EntryKind,
  owner: EntryOwner,
  rows: readonly EntryRow[],
  sealed: PreparedEntries,
  actor: Actor,
): Promise<void> => {
  const rest: [EntryRow, Entry | undefined, number][] = []
  for (const [at, row] of rows.entries()) {
    const ref = row.number !== undefined ? { number: row.number } : { name: row.name ?? '' }
    const there = await findEntry(tx, kind, owner, ref)
    if (!row.isRemoved) rest.push([row, there, at])
    else if (there) await dropEntry(tx, there, actor)
  }
  for (const [{ name, data }, there, at] of rest) {
    const sealedValue = sealed[at]
    const write: EntryWrite = {
      ...(name !== undefined && { name }),
      ...(data && { data }),
      ...(sealedValue !== undefined && { sealedValue }),
    }
    if (there) await changeEntry(tx, there, write, actor)
    else await addEntry(tx, { kind, owner, ...write }, actor)
  }
}
