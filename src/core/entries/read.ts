import { equal, every, type Filter, type Listing, type Page, unlimited } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Reader } from '../store.ts'
import { type EntryKind, type EntryOwner, type ShownEntry, showEntry } from './entry.ts'
import { findEntry } from './rules.ts'
import type { EntryRef } from './write.ts'

/** Entries of the workspace. Fields: those of `Entry`, `data.…`. @throws invalid_cursor, unknown_field */
export const listEntries = query<{ kind: EntryKind; listing: Listing }, Page<ShownEntry>>({
  name: 'list entries',
  needs: 'settings:read',
  run: (reader, { kind, listing }) => list(reader, kind, 'workspace', listing),
})

/** @throws not_found */
export const getEntry = query<{ kind: EntryKind; ref: EntryRef }, ShownEntry>({
  name: 'get entry',
  needs: 'settings:read',
  run: async (reader, { kind, ref }) => {
    const entry = await findEntry(reader, kind, 'workspace', ref)
    if (entry) return showEntry(entry)
    throw new DomainError({
      code: 'not_found',
      kind: 'entry',
      id: 'name' in ref ? ref.name : String(ref.number),
    })
  },
})

export const listOwnEntries = query<{ userId: string; kind: EntryKind; listing: Listing }, Page<ShownEntry>>({
  name: 'list own entries',
  needs: 'users:read',
  self: ({ userId }) => userId,
  run: (reader, { userId, kind, listing }) => list(reader, kind, `user:${userId}`, listing),
})

/** Those of several owners at once, by number, for lists of users, roles and applications. */
export const entriesOf = async (
  { entries }: Pick<Reader, 'entries'>,
  kind: EntryKind,
  owners: readonly EntryOwner[],
): Promise<ShownEntry[]> => {
  if (owners.length === 0) return []
  const filter = every(equal('kind', kind), { field: 'owner', in: owners })
  return (await entries.list({ filter, limit: unlimited })).items.map(showEntry)
}

const list = async (
  { entries }: Pick<Reader, 'entries'>,
  kind: EntryKind,
  owner: EntryOwner,
  listing: Listing,
): Promise<Page<ShownEntry>> => {
  const filter: Filter | undefined = every(equal('kind', kind), equal('owner', owner), listing.filter)
  const page = await entries.list({ ...listing, filter })
  return { ...page, items: page.items.map(showEntry) }
}
