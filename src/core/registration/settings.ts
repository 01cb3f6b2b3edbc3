import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { updateSettings } from '../settings/settings.ts'
import { changePolicy, type PolicyChanges } from './policy.ts'
import { changeSharedSecret, prepareSharedSecret, type SharedSecret } from './shared-secret.ts'

/** What is left out stays as it is. */
export type UpdateRegistrationSettings = {
  policy?: PolicyChanges
  secret?: string
  /** A dialect's own settings, which it shows as one list with those of registration. */
  settings?: { name: string; changes: JsonObject }
}

/**
 * Changes how people register in the workspace, and a dialect's settings beside it: all of it or nothing.
 * @throws as `updateRegistrationPolicy` and `updateSettings`; invalid or cannot_grant for the secret
 */
export const updateRegistrationSettings = command<UpdateRegistrationSettings, void, SharedSecret | undefined>(
  {
    name: 'update registration settings',
    needs: 'settings:update',
    prepare: async ({ secret }, services) =>
      secret === undefined ? undefined : prepareSharedSecret(secret, services),
    run: async (tx, { policy, settings }, actor, secret) => {
      if (policy) await changePolicy(tx, { changes: policy }, actor)
      if (settings) await updateSettings.run(tx, settings, actor, undefined)
      if (secret) await changeSharedSecret(tx, secret, actor)
    },
  },
)
