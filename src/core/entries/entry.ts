import type { JsonObject } from '../json.ts'

/** What dialects keep in lists of their own. */
export const entryKinds = ['lookup', 'email-template', 'event-script', 'custom', 'service'] as const
export type EntryKind = (typeof entryKinds)[number]

/** Whose it is: the workspace's, or that of a user, role or application. One text, as a scope is. */
export type EntryOwner = 'workspace' | `${'user' | 'role' | 'application'}:${string}`

/** Something with a name that one dialect keeps and no rule of ours reads: a lookup, a template, a script. */
export type Entry = {
  number: number
  id: string
  kind: EntryKind
  owner: EntryOwner
  /** Unique among those of its kind and owner, whatever its letter case. */
  name: string
  data: JsonObject
  /** A value that is told to nobody, sealed for `entryContext`. */
  sealedValue?: string
  /** Numbers of the users who wrote it, where a person did. */
  createdBy?: number
  updatedBy?: number
  createdAt: number
  updatedAt: number
}

export type ShownEntry = Omit<Entry, 'sealedValue'> & { isSealed: boolean }

export const showEntry = ({ sealedValue, ...entry }: Entry): ShownEntry => ({
  ...entry,
  isSealed: sealedValue !== undefined,
})

/** What values are sealed for, so that one can't be moved to where it means something else. */
export const entryContext = (kind: EntryKind): string => `value of a ${kind}`
