import type { JsonObject } from '../../../core/json.ts'

/** What a run of an Action is given. */
export type ActionPayload = {
  /** The exported function: `onExecutePostLogin`, `onContinuePostLogin`, … */
  handler: string
  /** As the script gets it, secrets included. */
  event: JsonObject
} & ActionSettings

export type ActionSettings = {
  /** `post-login`, …: says what `api` has. */
  trigger: string
  /** What `api.cache` finds, by key. */
  cache?: Record<string, { value: string; expires_at: number }>
  redirect?: {
    /** Whether this login may send the user somewhere and go on later: not in a token or silent request. */
    isPossible: boolean
    /** For `encodeToken`: the issuer, with its slash. */
    issuer: string
    /** Query and body of the request with which a user came back. */
    returned?: { query: Record<string, string>; body: Record<string, string> }
    /** The state with which the user is expected back. */
    state?: string
  }
}
