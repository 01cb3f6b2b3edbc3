import type { Actor } from './actor.ts'
import { type EventType, eventTypes } from './events.ts'
import type { JsonObject } from './json.ts'
import type { Reader } from './store.ts'

/**
 * The named points at which hooks run. The phase is in the name: `pre-` triggers run ahead of the transaction and may
 * deny or amend; `post-` triggers that are `queued` run after the commit and only observe; `post-login` runs between a
 * sign-in and its tokens. No payload ever holds a secret of ours.
 */
export const triggers = {
  'user.pre-register': {
    mayDeny: true,
    mayAmend: true,
    isQueued: false,
    description: 'Before a person is created, whoever does it',
  },
  'user.post-register': {
    mayDeny: false,
    mayAmend: false,
    isQueued: true,
    description: 'After a person was created',
  },
  'user.post-login': {
    mayDeny: true,
    mayAmend: true,
    isQueued: false,
    description: 'After a person signed in, before tokens are issued',
  },
  'user.post-change-password': {
    mayDeny: false,
    mayAmend: false,
    isQueued: true,
    description: 'After a password was changed',
  },
  'token.pre-issue': {
    mayDeny: true,
    mayAmend: true,
    isQueued: false,
    description: 'Before an application gets a token for itself',
  },
  'role.pre-assign': {
    mayDeny: true,
    mayAmend: false,
    isQueued: false,
    description: 'Before roles are given to people',
  },
} as const

export type TriggerName = keyof typeof triggers

export const isTrigger = (name: string): name is TriggerName => Object.hasOwn(triggers, name)

const knownEvents: ReadonlySet<string> = new Set(eventTypes)

/** An event that happened can be bound to as well; its hooks are queued. */
export const isEventTrigger = (name: string): name is EventType => knownEvents.has(name)

/** What a queued trigger follows on: the event that fires it. */
export const queuedAfter: Partial<Readonly<Record<EventType, TriggerName>>> = {
  'user.created': 'user.post-register',
  'user.password-changed': 'user.post-change-password',
}

/**
 * What a trigger's hooks are told about, in our own terms. It says only what is known already, and never a secret; a
 * flavour writes it as its scripts expect it.
 */
export type Occasion = {
  applicationId?: string | undefined
  userId?: string | undefined
  /** The name of the connection that it is about. */
  connectionName?: string | undefined
  data: JsonObject
}

/** What hooks want changed; whoever asked decodes it like a request. */
export type Amendments = { userMetadata?: JsonObject; appMetadata?: JsonObject }

/** Names the trigger that a command runs ahead of its transaction, after the permission check. */
export type CommandTrigger<Input> = {
  name: TriggerName
  /** Several are asked about one after the other; undefined when this call is none. */
  occasion(input: Input, reader: Reader, actor: Actor): Promise<Occasion | readonly Occasion[] | undefined>
  /** The fields of the input that become others. Untyped, or a command would fit only callers of just its own input. */
  amend?(input: Input, wanted: Amendments): object
}

/** What a command may ask hooks about: one thing, or several, each about the input as the one before left it. */
export type CommandTriggers<Input> = CommandTrigger<Input> | readonly CommandTrigger<Input>[]

/** Asks the hooks of triggers. @returns the input as they leave it @throws denied_by_hook, hook_failed, invalid */
export type AskHooks = <Input>(triggers: CommandTriggers<Input>, input: Input) => Promise<Input>

/**
 * Runs the hooks of a trigger ahead of a command's transaction; nothing is locked meanwhile.
 * @throws denied_by_hook, hook_failed
 */
export type Before = (trigger: TriggerName, occasion: Occasion, actor: Actor) => Promise<Amendments>
