import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Role } from '../roles/role.ts'
import type { Reader } from '../store.ts'
import type { User } from '../users/user.ts'
import { requireRequest } from './decide.ts'
import { isOpenRequest, type RoleRequest } from './role-request.ts'

/** A request with whom and what it is about. An open one whose time is over shows as `expired`. */
export type ShownRequest = RoleRequest & {
  user: Pick<User, 'id' | 'name' | 'username' | 'email'>
  role: Pick<Role, 'id' | 'name'>
}

/** Of one user, who may ask himself, or of all. Fields: those of `RoleRequest`. @throws unknown_field, invalid_cursor */
export const listRoleRequests = query<{ userId?: string; listing: Listing }, Page<ShownRequest>>({
  name: 'list role requests',
  needs: 'roles:assign',
  self: ({ userId }) => userId,
  run: async (reader, { userId, listing }) => {
    const filter = every(userId === undefined ? undefined : equal('userId', userId), listing.filter)
    const page = await reader.roleRequests.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: await show(reader, page.items) }
  },
})

/** @throws not_found */
export const getRoleRequest = query<{ requestId: string; userId?: string }, ShownRequest>({
  name: 'get role request',
  needs: 'roles:assign',
  self: ({ userId }) => userId,
  run: async (reader, { requestId, userId }) => {
    const request = await requireRequest(reader, requestId)
    if (userId !== undefined && request.userId !== userId) {
      throw new DomainError({ code: 'not_found', kind: 'role_request', id: requestId })
    }
    return (await show(reader, [request]))[0]!
  },
})

const show = async (reader: Reader, requests: readonly RoleRequest[]): Promise<ShownRequest[]> => {
  const users = await reader.users.findMany([...new Set(requests.map(({ userId }) => userId))])
  const roles = await reader.roles.findMany([...new Set(requests.map(({ roleId }) => roleId))])
  const byId = new Map(users.map((user) => [user.id, user]))
  const named = new Map(roles.map((role) => [role.id, role]))
  return requests.map((request) => {
    const { name, username, email } = byId.get(request.userId) ?? {}
    const isOver = request.status === 'open' && !isOpenRequest(request, reader.now())
    return {
      ...request,
      status: isOver ? ('expired' as const) : request.status,
      user: {
        id: request.userId,
        ...(name !== undefined && { name }),
        ...(username !== undefined && { username }),
        ...(email !== undefined && { email }),
      },
      role: { id: request.roleId, name: named.get(request.roleId)?.name ?? request.roleId },
    }
  })
}
