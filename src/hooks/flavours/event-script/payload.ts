import type { JsonObject } from '../../../core/json.ts'

/** What a run of an event script is given. */
export type EventScriptPayload = {
  event: EventGiven
  /** `platform.session`: who caused it, in the words of DreamFactory. */
  session?: JsonObject
  /** `platform.config`: what scripts may know of the server. */
  config?: JsonObject
  /** `platform.store`: what earlier runs left. */
  store?: JsonObject
}

export type EventGiven = {
  /** `user.register.post.post_process` */
  name: string
  request: JsonObject
  /** After the handler: `status_code`, `content`, `content_type`, `format`, `headers`. */
  response?: JsonObject
  /** What is left of the path: a record's id. */
  resource?: string | number
}
