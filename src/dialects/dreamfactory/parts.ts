import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Actor } from '#core/actor.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import type { Role } from '#core/roles/role.ts'
import type { User } from '#core/users/user.ts'
import type { Resource } from './routes.ts'
import type { SessionTokens } from './session-token.ts'

/** What this dialect's routes get to work with. */
export type DreamFactoryParts = {
  run: Run
  tokens: SessionTokens
  scripts?: Scripts
  /** Milliseconds since 1970. */
  now: () => number
  log: Log
  /** Everything that is answered, as it was declared. */
  resources: Resource[]
}

export type Log = { warn(data: object, message: string): void }

/** Runs the event scripts around a request; what fits is passed in. */
export type Scripts = {
  /** @throws DomainError denied_by_hook, hook_failed */
  runScript(
    eventName: string,
    event: ScriptEvent,
    caller: ScriptCaller,
    answer: AnswerScript,
  ): Promise<ScriptEvent>
  /** Runs them beside the request. */
  queue(eventName: string, event: ScriptEvent, caller: ScriptCaller, answer: AnswerScript): void
}

export type ScriptEvent = { request: JsonObject; response?: JsonObject; resource?: string }

/** On whose behalf a script runs: what it is told of him, and whom its execution is kept under. */
export type ScriptCaller = { session: JsonObject; userId?: string; applicationId?: string }

/** A script's call back into this door. */
export type ScriptCall = { verb: string; path: string; payload?: Json; options: JsonObject }
type AnswerScript = (call: ScriptCall, rights: 'system' | 'caller') => Promise<JsonObject>

/** Who asks, as this dialect sees it. */
export type Caller = {
  user?: User
  /** The session at hand, where there is one: its token and when it ends. */
  session?: { id: string; secret: string; token: string; expiresAt: number; isForever: boolean }
  application?: { id: string; number: number; name: string; isActive: boolean }
  apiKey?: string
  /** An API key was sent, known or not. */
  hasApiKey: boolean
  /** A user's credential was sent. */
  hasToken: boolean
  isAdministrator: boolean
  role?: Role
  isScript: boolean
  /** A script asks, with the rights of the system. */
  isSystem?: boolean
}

type Instance = Parameters<FastifyPluginAsyncTypebox>[0]

/** Registers the routes of one family. */
export type DreamFactoryRoutes = (app: Instance, parts: DreamFactoryParts) => Promise<void>

export type { Actor }
