import type { Actor } from '../actor.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { handOut, requireMayHandOut } from '../roles/hand-out.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { mailDecision } from './mails.ts'
import { isOpenRequest, type RoleRequest } from './role-request.ts'

type RequestKey = { requestId: string }
export type DecideRoleRequest = RequestKey & {
  /** What he is told with it. */
  answer?: string
}

const scopeOfRequest = async ({ requestId }: RequestKey, { roleRequests }: Reader): Promise<Scope> =>
  (await roleRequests.find(requestId))?.scope ?? workspace

/**
 * Gives the role that somebody asks for. Whoever approves must be allowed to give it himself. Approving twice is
 * approving once.
 * @throws not_found, cannot_grant, exclusive_roles, invalid, unsupported for a request that was decided or is too old
 */
export const approveRoleRequest = command<DecideRoleRequest & { expiresAt?: number }, RoleRequest>({
  name: 'approve role request',
  needs: 'roles:assign',
  scope: scopeOfRequest,
  run: async (tx, { requestId, answer, expiresAt }, actor) => {
    const request = await requireRequest(tx, requestId)
    if (request.status === 'approved') return request
    requireOpenRequest(request, tx.now())
    const { userId, roleId, scope } = request
    await requireMayHandOut(tx, actor, [{ roleId, scope }])
    const from = {
      source: 'request',
      sourceId: requestId,
      ...(expiresAt !== undefined && { expiresAt }),
    } as const
    await handOut(tx, userId, [{ roleId, scope }], from, actor)
    return decide(tx, request, 'approved', actor, answer)
  },
})

/** @throws not_found, unsupported for a request that was approved or withdrawn, or is too old */
export const rejectRoleRequest = command<DecideRoleRequest, RoleRequest>({
  name: 'reject role request',
  needs: 'roles:assign',
  scope: scopeOfRequest,
  run: async (tx, { requestId, answer }, actor) => {
    const request = await requireRequest(tx, requestId)
    if (request.status === 'rejected') return request
    requireOpenRequest(request, tx.now())
    return decide(tx, request, 'rejected', actor, answer)
  },
})

/** Who asked takes it back. @throws not_found, unsupported for a request that was decided, or is too old */
export const withdrawRoleRequest = command<RequestKey & { userId: string }, RoleRequest>({
  name: 'withdraw role request',
  needs: 'roles:assign',
  self: ({ userId }) => userId,
  run: async (tx, { requestId, userId }, actor) => {
    const request = await requireRequest(tx, requestId)
    if (request.userId !== userId)
      throw new DomainError({ code: 'not_found', kind: 'role_request', id: requestId })
    if (request.status === 'withdrawn') return request
    requireOpenRequest(request, tx.now())
    return decide(tx, request, 'withdrawn', actor)
  },
})

/** @throws not_found */
export const requireRequest = async (
  { roleRequests }: Pick<Reader, 'roleRequests'>,
  requestId: string,
): Promise<RoleRequest> => found(await roleRequests.find(requestId), 'role_request', requestId)

const requireOpenRequest = (request: RoleRequest, at: number): void => {
  if (isOpenRequest(request, at)) return
  const { status } = request
  const state = status === 'open' || status === 'expired' ? 'has expired' : `was ${status}`
  throw new DomainError({ code: 'unsupported', what: `deciding on a request that ${state}` })
}

const decide = async (
  tx: Tx,
  request: RoleRequest,
  status: 'approved' | 'rejected' | 'withdrawn',
  actor: Actor,
  answer?: string,
): Promise<RoleRequest> => {
  const decided = {
    status,
    decidedAt: tx.now(),
    decidedBy: { kind: actor.kind, id: actor.id },
    ...(answer !== undefined && { answer }),
  }
  await tx.roleRequests.update(request.id, decided)
  const { id, userId, roleId, scope } = request
  await tx.emit({
    type: `role-request.${status}`,
    userId,
    roleId,
    scope,
    target: { kind: 'role_request', id },
  })
  const after = { ...request, ...decided }
  if (status !== 'withdrawn') await mailDecision(tx, after)
  return after
}
