import type { Actor } from '../actor.ts'
import { sameValue } from '../changes.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { firstExclusion, requireMayHandOut } from '../roles/hand-out.ts'
import { administratorRoleId } from '../roles/role.ts'
import { closure } from '../roles/rules.ts'
import { type Scope, scopeOf, splitScope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import {
  ownOf,
  type Policies,
  type PolicyField,
  policyFields,
  policyOf,
  type RegistrationPolicy,
  readPolicies,
  type SelectableRole,
  type ShownPolicy,
  writePolicies,
} from './policies.ts'

/** The policy that counts for an application, or for the workspace. Roles that are gone are left out. */
export const effectivePolicy = async (
  reader: Pick<Reader, 'settings' | 'roles'>,
  applicationId?: string,
): Promise<RegistrationPolicy> => {
  const policy = policyOf(await readPolicies(reader), applicationId)
  const known = new Set((await reader.roles.findMany(roleIdsOf(policy))).map(({ id }) => id))
  return {
    ...policy,
    defaultRoles: policy.defaultRoles.filter(({ roleId }) => known.has(roleId)),
    selectableRoles: policy.selectableRoles.filter(({ roleId }) => known.has(roleId)),
  }
}

const rolesOf = ({ defaultRoles, selectableRoles }: RegistrationPolicy) => [
  ...defaultRoles,
  ...selectableRoles,
]
const roleIdsOf = (policy: RegistrationPolicy): string[] => [
  ...new Set(rolesOf(policy).map(({ roleId }) => roleId)),
]

type PolicyKey = { applicationId?: string }

const scopeOfPolicy = ({ applicationId }: PolicyKey): Scope =>
  applicationId === undefined ? workspace : scopeOf('application', applicationId)

/** @throws not_found */
export const getRegistrationPolicy = query<PolicyKey, ShownPolicy>({
  name: 'get registration policy',
  needs: 'settings:read',
  scope: scopeOfPolicy,
  run: async (reader, { applicationId }) => {
    await requireApplication(reader, applicationId)
    return showPolicy(reader, applicationId)
  },
})

const showPolicy = async (reader: Reader, applicationId?: string): Promise<ShownPolicy> => {
  const { workspace: whole, applications } = await readPolicies(reader)
  const own = applicationId === undefined ? whole : ownOf(applications, applicationId)
  const policy = await effectivePolicy(reader, applicationId)
  return { ...policy, own: policyFields.filter((field) => own[field] !== undefined) }
}

export type PolicyChanges = {
  mode?: RegistrationPolicy['mode'] | null
  emailDomains?: readonly string[] | null
  emailConfirmation?: RegistrationPolicy['emailConfirmation'] | null
  /** Default scope: the workspace. */
  defaultRoles?: readonly { roleId: string; scope?: Scope }[] | null
  selectableRoles?: readonly { roleId: string; scope?: Scope; grant: SelectableRole['grant'] }[] | null
}

/** `null` goes back to what the workspace says, or for the workspace to how it began. */
export type UpdateRegistrationPolicy = PolicyKey & { changes: PolicyChanges }

/**
 * Changes who may register, and with which roles. A policy gives roles out, so whoever changes any of it must be
 * allowed to give every role that it can give, there and in the applications that follow it.
 * @throws not_found, invalid, wrong_scope, cannot_grant
 */
export const updateRegistrationPolicy = command<UpdateRegistrationPolicy, ShownPolicy>({
  name: 'update registration policy',
  needs: 'settings:update',
  scope: scopeOfPolicy,
  run: (tx, input, actor) => changePolicy(tx, input, actor),
})

/** The one way a policy changes. @throws as `updateRegistrationPolicy` */
export const changePolicy = async (
  tx: Tx,
  { applicationId, changes }: UpdateRegistrationPolicy,
  actor: Actor,
): Promise<ShownPolicy> => {
  await requireApplication(tx, applicationId)
  const policies = await readPolicies(tx)
  const before =
    applicationId === undefined ? policies.workspace : ownOf(policies.applications, applicationId)
  const after = applyChanges(before, changes)
  const changed = policyFields.filter((field) => !sameValue(before[field], after[field]))
  if (changed.length === 0) return showPolicy(tx, applicationId)
  const written: Policies =
    applicationId === undefined
      ? { ...policies, workspace: after }
      : { ...policies, applications: { ...policies.applications, [applicationId]: after } }
  const affected =
    applicationId === undefined ? [undefined, ...Object.keys(written.applications)] : [applicationId]
  for (const each of affected) await requirePolicy(tx, actor, policyOf(written, each))
  await writePolicies(tx, written)
  await tx.emit({
    type: 'registration-policy.updated',
    scope: scopeOfPolicy({ ...(applicationId !== undefined && { applicationId }) }),
    ...(applicationId !== undefined && { target: { kind: 'application', id: applicationId } as const }),
    data: { changed },
  })
  return showPolicy(tx, applicationId)
}

const requireApplication = async (reader: Reader, applicationId: string | undefined): Promise<void> => {
  if (applicationId === undefined) return
  found(await reader.applications.find(applicationId), 'application', applicationId)
}

const applyChanges = (
  before: Partial<RegistrationPolicy>,
  changes: PolicyChanges,
): Partial<RegistrationPolicy> => {
  const after: Record<string, unknown> = { ...before }
  for (const field of policyFields) {
    const value = changes[field]
    if (value === null) delete after[field]
    else if (value !== undefined) after[field] = normalized(field, value)
  }
  return after as Partial<RegistrationPolicy>
}

const normalized = (field: PolicyField, value: NonNullable<PolicyChanges[PolicyField]>): unknown => {
  if (field === 'emailDomains') return [...new Set((value as readonly string[]).map(requireDomain))]
  if (field === 'defaultRoles' || field === 'selectableRoles') {
    return (value as readonly { roleId: string; scope?: Scope }[]).map((role) => ({
      scope: workspace,
      ...role,
    }))
  }
  return value
}

const requireDomain = (text: string): string => {
  const domain = text.toLowerCase().replace(/^@/u, '')
  if (/^[^\s@.]+(\.[^\s@.]+)*$/u.test(domain)) return domain
  throw invalid('emailDomains', `${JSON.stringify(text)} is no domain of e-mail addresses.`)
}

/** @throws not_found, invalid, wrong_scope, cannot_grant */
const requirePolicy = async (tx: Tx, actor: Actor, policy: RegistrationPolicy): Promise<void> => {
  const known = new Map((await tx.roles.findMany(roleIdsOf(policy))).map((role) => [role.id, role]))
  const inclusions = await tx.roles.inclusions()
  for (const field of ['defaultRoles', 'selectableRoles'] as const) {
    for (const { roleId, scope } of policy[field]) {
      const role = found(known.get(roleId), 'role', roleId)
      if (role.heldIn === 'room' && splitScope(scope).kind !== 'room') {
        throw new DomainError({ code: 'wrong_scope', roleId, scope })
      }
      if (closure([roleId], inclusions).has(administratorRoleId)) {
        throw invalid(field, `Nobody becomes an administrator by registering: ${roleId}.`)
      }
    }
  }
  const named = policy.selectableRoles.map(({ roleId, scope }) => `${roleId} ${scope}`)
  if (new Set(named).size < named.length) throw invalid('selectableRoles', 'A role is listed twice.')
  await requireMayHandOut(tx, actor, rolesOf(policy))
  if (await firstExclusion(tx, policy.defaultRoles)) {
    throw invalid('defaultRoles', 'Nobody can hold default roles that exclude each other.')
  }
  for (const selectable of policy.selectableRoles) {
    if (!(await firstExclusion(tx, [...policy.defaultRoles, selectable]))) continue
    throw invalid('selectableRoles', `Nobody could choose ${selectable.roleId}: a default role excludes it.`)
  }
}

const invalid = (field: PolicyField, reason: string): DomainError =>
  new DomainError({ code: 'invalid', field, reason })
