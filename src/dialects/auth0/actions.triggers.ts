import type { TriggerName } from '#core/triggers.ts'

/**
 * The vendor's triggers. Those without a word of ours are listed, and Actions for them are kept, so that a workspace
 * can be moved as it is; nothing fires them, so that none can be bound.
 * @see specs: §4.1 of the Auth0 dialect
 */
type Trigger = {
  id: string
  version: string
  ours?: TriggerName
  older?: readonly string[]
  entityBound?: true
}

export const auth0Triggers: readonly Trigger[] = [
  { id: 'post-login', version: 'v3', older: ['v2', 'v1'], ours: 'user.post-login' },
  { id: 'credentials-exchange', version: 'v2', older: ['v1'], ours: 'token.pre-issue' },
  { id: 'pre-user-registration', version: 'v2', older: ['v1'], ours: 'user.pre-register' },
  { id: 'post-user-registration', version: 'v2', older: ['v1'], ours: 'user.post-register' },
  { id: 'post-change-password', version: 'v2', older: ['v1'], ours: 'user.post-change-password' },
  { id: 'send-phone-message', version: 'v2', older: ['v1'] },
  { id: 'password-reset-post-challenge', version: 'v1' },
  { id: 'custom-email-provider', version: 'v1' },
  { id: 'custom-phone-provider', version: 'v1' },
  { id: 'custom-token-exchange', version: 'v1', entityBound: true },
  { id: 'event-stream', version: 'v1', entityBound: true },
]

const byId = new Map(auth0Triggers.map((trigger) => [trigger.id, trigger]))
const byOurs = new Map(auth0Triggers.flatMap(({ id, ours }) => (ours ? [[ours as string, id]] : [])))

/** Ours by the vendor's word. What only we have goes by our name. */
export const decodeTrigger = (id: string): string => byId.get(id)?.ours ?? id
export const encodeTrigger = (name: string): string => byOurs.get(name) ?? name

export const currentVersion = (id: string): string => byId.get(id)?.version ?? 'v1'

export const isAuth0Trigger = (id: string): boolean => byId.has(id)

const runtimes = ['node18-actions', 'node22']

/** Every trigger in every version, as `GET /actions/triggers` lists them. */
export const listedTriggers = auth0Triggers.flatMap(({ id, version, older = [], entityBound }) =>
  [version, ...older].map((each) => ({
    id,
    version: each,
    status: each === version ? 'CURRENT' : 'DEPRECATED',
    runtimes,
    default_runtime: 'node22',
    binding_policy: entityBound ? 'entity-bound' : 'trigger-bound',
    compatible_triggers: id === 'post-login' && each === 'v3' ? [{ id, version: 'v2' }] : [],
  })),
)
