import type { JsonObject } from '../json.ts'

/** What a condition can look at. Everything is always there, empty where nothing is known; instants are milliseconds. */
export type Facts = {
  user: {
    id: string
    kind: string
    email: string
    /** Lower case, what stands behind the `@`. */
    emailDomain: string
    isEmailVerified: boolean
    username: string
    name: string
    givenName: string
    familyName: string
    nickname: string
    phone: string
    /** The name of the connection whose password he has. */
    connection: string
    loginsCount: number
    createdAt: number
    userMetadata: JsonObject
    appMetadata: JsonObject
    /** Names and ids of the roles that count for him here, with what they include. */
    roles: readonly string[]
    roleIds: readonly string[]
  }
  application: { id: string; name: string; metadata: JsonObject }
  /** `workspace`, or the application or organization that he signs in to. */
  scope: string
  event: { occasion: string; door: string; at: number; ip: string; userAgent: string }
}

export type Judgement = { ok: true; holds: boolean } | { ok: false; message: string }

/** Reads and evaluates the conditions of rules; quick, and without any way out. `src/conditions/` provides it. */
export type Conditions = {
  /** Why the text is no condition, in a line for people; undefined when it is one. */
  faultOf(condition: string): string | undefined
  /** Never throws. */
  judge(condition: string, facts: Facts): Judgement
}
