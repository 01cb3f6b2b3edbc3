import { equal, every, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { countingAt } from '../roles/assignment.ts'
import { handOut, type PlacedRole } from '../roles/hand-out.ts'
import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { type Choice, chooseRoles } from './choice.ts'
import { mailRequest } from './mails.ts'
import { pendingRefusal } from './pending.ts'
import { effectivePolicy } from './policy.ts'
import { openRequestsAt, type RoleRequest } from './role-request.ts'

const lifetimeDays = 30
const dayInMilliseconds = 86_400_000

/** So many requests of one person in a day reach those who decide. */
const requestsPerDay = 20

export type RequestRoles = {
  userId: string
  /** Ids or names, as the person names them. */
  roles: readonly string[]
  /** Whose policy says what he may ask for; the workspace's unless given. */
  applicationId?: string
  reason?: string
}

export type RequestedRoles = {
  givenRoleIds: readonly string[]
  requests: readonly RoleRequest[]
}

/**
 * A person asks for roles that the policy lets him choose: he has those at once that need no approval, and asks for the
 * others. Asking again for what he has, or has asked for, changes nothing.
 * @throws not_found, role_not_selectable, invalid for roles that exclude each other or what he holds, limit_exceeded
 */
export const requestRoles = command<RequestRoles, RequestedRoles>({
  name: 'request roles',
  needs: 'roles:assign',
  self: ({ userId }) => userId,
  run: async (tx, { userId, roles, applicationId, reason }, actor) => {
    const user = found(await tx.users.find(userId), 'user', userId)
    const pending = pendingRefusal(user)
    if (pending) throw new DomainError(pending)
    if (applicationId !== undefined) {
      found(await tx.applications.find(applicationId), 'application', applicationId)
    }
    const held = await heldBy(tx, userId)
    const policy = await effectivePolicy(tx, applicationId)
    const choices = (await chooseRoles(tx, policy, roles, held)).filter((choice) => !isAmong(held, choice))
    const immediate = choices.filter(({ grant }) => grant === 'immediate')
    const from = applicationId === undefined ? {} : { sourceId: applicationId }
    await handOut(tx, userId, immediate, { source: 'selection', ...from }, actor)
    const asked = choices.filter(({ grant }) => grant === 'approval')
    return {
      givenRoleIds: immediate.map(({ roleId }) => roleId),
      requests: await addRequests(tx, user, asked, reason),
    }
  },
})

const heldBy = async (tx: Tx, userId: string): Promise<PlacedRole[]> => {
  const filter = every(equal('userId', userId), countingAt(tx.now()))
  return (await tx.assignments.list({ filter, limit: unlimited })).items
}

const isAmong = (placed: readonly PlacedRole[], role: PlacedRole): boolean =>
  placed.some(({ roleId, scope }) => roleId === role.roleId && scope === role.scope)

/** The one way a request comes into being; one that is open already stands for both. @throws limit_exceeded */
export const addRequests = async (
  tx: Tx,
  user: User,
  choices: readonly Choice[],
  reason?: string,
): Promise<RoleRequest[]> => {
  if (choices.length === 0) return []
  const since = { field: 'createdAt', is: 'more', value: tx.now() - dayInMilliseconds } as const
  const own = equal('userId', user.id)
  const open = await tx.roleRequests.list({ filter: every(own, openRequestsAt(tx.now())), limit: unlimited })
  let today = await tx.roleRequests.count(every(own, since))
  const requests: RoleRequest[] = []
  for (const { roleId, scope, name } of choices) {
    const there = open.items.find((each) => each.roleId === roleId && each.scope === scope)
    if (there) {
      requests.push(there)
      continue
    }
    today += 1
    if (today > requestsPerDay) {
      throw new DomainError({ code: 'limit_exceeded', kind: 'role_request', limit: requestsPerDay })
    }
    const request = await tx.roleRequests.insert({
      id: tx.newId(),
      userId: user.id,
      roleId,
      scope,
      status: 'open',
      ...(reason !== undefined && { reason }),
      createdAt: tx.now(),
      expiresAt: tx.now() + lifetimeDays * dayInMilliseconds,
    })
    const target = { kind: 'role_request', id: request.id } as const
    await tx.emit({ type: 'role-request.created', userId: user.id, roleId, scope, target })
    await mailRequest(tx, request, user, name)
    requests.push(request)
  }
  return requests
}
