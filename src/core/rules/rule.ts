import type { PlacedRole } from '../roles/hand-out.ts'

export const occasions = ['registration', 'first-login', 'login', 'profile-change'] as const

/** When rules are looked at. A first login is a login, too. */
export type Occasion = (typeof occasions)[number]

/** Gives roles to whoever a condition holds for. */
export type Rule = {
  number: number
  id: string
  name: string
  description: string
  isActive: boolean
  /** Rules are looked at in this order, then by their age; later ones see the roles that earlier ones gave. */
  position: number
  occasions: readonly Occasion[]
  /** A CEL expression that is true or false. */
  condition: string
  /** `keep-in-step`: also takes back what this rule gave, once its condition holds no more. */
  mode: 'add' | 'keep-in-step'
  roles: readonly PlacedRole[]
  createdAt: number
  updatedAt: number
}
