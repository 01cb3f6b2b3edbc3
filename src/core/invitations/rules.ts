import type { Actor } from '../actor.ts'
import { DomainError } from '../refusals.ts'
import { firstExclusion, requireMayHandOut } from '../roles/hand-out.ts'
import type { Reader } from '../store.ts'
import type { Invitation } from './invitation.ts'

/**
 * Refuses roles that the actor could not give by himself, each in its scope: an invitation is a grant that somebody
 * else finishes.
 * @throws not_found, wrong_scope, cannot_grant, invalid
 */
export const requireMayInvite = async (
  tx: Reader,
  actor: Actor,
  { organizationId, roles }: Pick<Invitation, 'organizationId' | 'roles'>,
): Promise<void> => {
  await requireMayHandOut(tx, actor, roles, organizationId)
  if (!(await firstExclusion(tx, roles))) return
  // Nobody could ever accept it.
  const reason = 'An invitation can not carry roles that exclude each other.'
  throw new DomainError({ code: 'invalid', field: 'roles', reason })
}
