import type { Filter } from '../listing.ts'
import { command } from '../operation.ts'
import { mailExpiry } from './mails.ts'

/** How many requests one call takes, with their mails: a transaction that others wait for stays short. */
const batchSize = 50

/**
 * Notes of requests for roles whose time is over that they have expired, some at a time, and tells both sides. They
 * can't be decided on from their instant on, whenever this comes by.
 * @returns whether there may be more
 */
export const expireRoleRequests = command<Record<never, never>, boolean>({
  name: 'expire role requests',
  needs: 'roles:assign',
  run: async (tx) => {
    const filter: Filter = {
      all: [
        { field: 'status', is: 'equal', value: 'open' },
        { field: 'expiresAt', is: 'atMost', value: tx.now() },
      ],
    }
    const { items, next } = await tx.roleRequests.list({ filter, limit: batchSize })
    for (const request of items) {
      const { id, userId, roleId, scope } = request
      await tx.roleRequests.update(id, { status: 'expired' })
      const target = { kind: 'role_request', id } as const
      await tx.emit({ type: 'role-request.expired', userId, roleId, scope, target })
      await mailExpiry(tx, request)
    }
    return next !== undefined
  },
})
