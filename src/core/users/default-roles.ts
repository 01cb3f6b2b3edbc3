import type { Actor } from '../actor.ts'
import { effectivePolicy } from '../registration/policy.ts'
import { handOut } from '../roles/hand-out.ts'
import type { Tx } from '../store.ts'

/** Gives somebody who did not register himself what the workspace gives everybody. @throws exclusive_roles */
export const handOutDefaults = async (tx: Tx, userId: string, actor: Actor): Promise<void> => {
  const { defaultRoles } = await effectivePolicy(tx)
  await handOut(tx, userId, defaultRoles, { source: 'default' }, actor)
}
