import type { Extensions, JsonObject } from '../json.ts'

/** A way people sign in. Strategy `auth0` is the database of passwords kept here. */
export type Connection = {
  number: number
  id: string
  name: string
  displayName?: string
  strategy: string
  options: JsonObject
  /** When somebody decided on the options, and so on how strong passwords are; absent while nobody has. */
  policyChosenAt?: number
  /** The applications whose users may sign in this way. */
  applicationIds: readonly string[]
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

export const databaseStrategy = 'auth0'
export const defaultConnectionName = 'Username-Password-Authentication'
