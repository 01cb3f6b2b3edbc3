import { command } from '../operation.ts'
import { organizationScope } from '../organizations/rules.ts'
import { DomainError, type Refusal } from '../refusals.ts'
import { resolveRole } from '../roles/resolve.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import {
  addInvitation,
  type CreatedInvitation,
  type CreateInvitation,
  type PreparedInvitation,
  prepareInvitation,
} from './create.ts'

/** Roles are named by id or name, and held in the organization or, without one, in the workspace. */
export type InvitationRow = Omit<CreateInvitation, 'organizationId' | 'roles'> & { roles?: readonly string[] }

export type CreateInvitations = {
  organizationId?: string
  /** At most 200: a batch is one transaction, and others wait for it. */
  rows: readonly InvitationRow[]
}

export type InvitationOutcome = { ok: true; invitation: CreatedInvitation } | { ok: false; refusal: Refusal }

export const invitationBatchLimit = 200

/**
 * Invites a batch of people. A row that is refused leaves no trace but its outcome; the others are invited.
 * @returns what became of each row, in their order
 * @throws limit_exceeded
 */
export const createInvitations = command<CreateInvitations, InvitationOutcome[], PreparedInvitation[]>({
  name: 'create invitations',
  needs: 'invitations:create',
  scope: ({ organizationId }) => scopeOfRows(organizationId),
  prepare: async ({ rows }, services) => {
    if (rows.length > invitationBatchLimit) {
      throw new DomainError({ code: 'limit_exceeded', kind: 'invitation', limit: invitationBatchLimit })
    }
    return rows.map(() => prepareInvitation(services))
  },
  run: async (tx, { organizationId, rows }, actor, prepared) => {
    const outcomes: InvitationOutcome[] = []
    for (const [at, row] of rows.entries()) {
      try {
        const input = await complete(tx, row, organizationId)
        outcomes.push({ ok: true, invitation: await addInvitation(tx, input, actor, prepared[at]!) })
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        outcomes.push({ ok: false, refusal: error.refusal })
      }
    }
    return outcomes
  },
})

const scopeOfRows = (organizationId: string | undefined): Scope =>
  organizationId === undefined ? workspace : organizationScope(organizationId)

const complete = async (
  tx: Tx,
  { roles = [], ...row }: InvitationRow,
  organizationId: string | undefined,
): Promise<CreateInvitation> => {
  const resolved: { roleId: string }[] = []
  for (const named of roles) resolved.push({ roleId: (await resolveRole(tx, named)).id })
  return { ...row, roles: resolved, ...(organizationId !== undefined && { organizationId }) }
}
