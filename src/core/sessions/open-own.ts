import { isSelf } from '../actor.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireMayActAs } from '../users/rules.ts'
import { addSession, type PreparedSession, prepareSession } from './open.ts'
import type { OpenedSession, OpenSession } from './session.ts'

/**
 * A session for whoever has just shown that he is the user: by a password, or by what was mailed to him.
 * @throws not_found, cannot_grant for somebody else's
 */
export const addOpenedSession = command<
  { userId: string; open: OpenSession },
  OpenedSession,
  PreparedSession
>({
  name: 'open own session',
  needs: 'users:update',
  self: ({ userId }) => userId,
  prepare: async (_input, services) => prepareSession(services),
  run: async (tx, { userId, open }, actor, prepared) => {
    found(await tx.users.find(userId), 'user', userId)
    if (!isSelf(actor, userId)) await requireMayActAs(tx, actor, userId)
    return addSession(tx, userId, open, actor.door, prepared)
  },
})
