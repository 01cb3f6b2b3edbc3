import { type Actor, isSelf } from '../actor.ts'
import { DomainError } from '../refusals.ts'

/** So long after somebody proved who he is he may change how he does. */
const proofSeconds = 900

/**
 * Whoever changes how he himself signs in has proven a moment ago who he is: a session that was left open, or a token
 * that was stolen, must not take the account over for good. What others change of him they have the right to.
 * @throws proof_needed
 * @see RFC 9470
 */
export const requireRecentProof = (actor: Actor, userId: string, at: number): void => {
  if (!isSelf(actor, userId)) return
  if (actor.provenAt !== undefined && at - actor.provenAt <= proofSeconds * 1000) return
  throw new DomainError({ code: 'proof_needed', withinSeconds: proofSeconds })
}
