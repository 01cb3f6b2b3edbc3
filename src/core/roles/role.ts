import type { Extensions } from '../json.ts'

/** A named set of permissions, given to users by assignments. */
export type Role = {
  number: number
  /** 24 hex characters; a built-in role's id is its name. */
  id: string
  name: string
  description: string
  /** Built-in roles can't be renamed or deleted, and only some dialects list them. */
  isBuiltIn: boolean
  /** Whether the role is meant to be held in rooms (`room`) or anywhere (`workspace`). */
  heldIn: 'workspace' | 'room'
  /** An inactive role keeps its assignments, which count for nothing. */
  isActive: boolean
  requiresSecondFactor: boolean
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

/** A role that has another one in it: who holds `roleId` also holds `includedRoleId`, in the same scope. */
export type RoleInclusion = { roleId: string; includedRoleId: string }

export const administratorRoleId = 'admin'
export const ownerRoleId = 'owner'

type BuiltIn = Pick<Role, 'id' | 'description' | 'heldIn'>

/** Exists once in every workspace; restored at every start. Order is the order in which they are listed. */
export const builtInRoles: readonly BuiltIn[] = [
  { id: 'admin', description: 'Admin', heldIn: 'workspace' },
  { id: 'moderator', description: 'Moderator', heldIn: 'room' },
  { id: 'leader', description: 'Leader', heldIn: 'room' },
  { id: 'owner', description: 'Owner', heldIn: 'room' },
  { id: 'user', description: '', heldIn: 'workspace' },
  { id: 'bot', description: '', heldIn: 'workspace' },
  { id: 'app', description: '', heldIn: 'workspace' },
  { id: 'guest', description: '', heldIn: 'workspace' },
  { id: 'anonymous', description: '', heldIn: 'workspace' },
  { id: 'livechat-agent', description: 'Livechat Agent', heldIn: 'workspace' },
  { id: 'livechat-manager', description: 'Livechat Manager', heldIn: 'workspace' },
]
