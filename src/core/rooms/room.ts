import type { Extensions } from '../json.ts'

/** A place people talk in: a public channel, a private group. */
export type Room = {
  number: number
  id: string
  name: string
  kind: 'channel' | 'group' | 'team'
  topic: string
  description: string
  /** New people join it by themselves. */
  isDefault: boolean
  isArchived: boolean
  createdAt: number
  updatedAt: number
  extensions: Extensions
}
