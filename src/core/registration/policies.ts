import { sameValue } from '../changes.ts'
import type { JsonObject } from '../json.ts'
import type { PlacedRole } from '../roles/hand-out.ts'
import { type Scope, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'

/** Who may register, and which roles he leaves with. One for the workspace; each application can differ from it. */
export type RegistrationPolicy = {
  /** `approval`: anybody may, and waits until somebody who may says yes. An invitation needs no approval. */
  mode: 'open' | 'invitation' | 'approval' | 'closed'
  /** Lower case; only addresses in one of them may register. Empty: any. */
  emailDomains: readonly string[]
  /** `first`: nobody signs in before he has confirmed his address. `later`: he is asked to, and signs in meanwhile. */
  emailConfirmation: 'none' | 'later' | 'first'
  /** What everybody gets. */
  defaultRoles: readonly PlacedRole[]
  /** What a person may name, by name or id, when he registers or asks for it later. */
  selectableRoles: readonly SelectableRole[]
}

export type SelectableRole = PlacedRole & { grant: 'immediate' | 'approval' }

export type PolicyField = keyof RegistrationPolicy

/** A policy, and which of its fields are the application's own; the others are the workspace's. */
export type ShownPolicy = RegistrationPolicy & { own: readonly PolicyField[] }

export const policyFields = [
  'mode',
  'emailDomains',
  'emailConfirmation',
  'defaultRoles',
  'selectableRoles',
] as const satisfies readonly PolicyField[]

/** How a workspace begins. */
const initialPolicy: RegistrationPolicy = {
  mode: 'open',
  emailDomains: [],
  emailConfirmation: 'later',
  defaultRoles: [{ roleId: 'user', scope: workspace }],
  selectableRoles: [],
}

/** Doors can't name it: no setting of theirs has a colon. */
const settingName = 'registration:policies'

export type Policies = {
  workspace: Partial<RegistrationPolicy>
  applications: Record<string, Partial<RegistrationPolicy>>
}

export const readPolicies = async ({ settings }: Pick<Reader, 'settings'>): Promise<Policies> => ({
  workspace: {},
  applications: {},
  ...((await settings.get(settingName)) as Partial<Policies> | undefined),
})

export const writePolicies = (tx: Tx, policies: Policies): Promise<void> =>
  tx.settings.put(settingName, policies as unknown as JsonObject)

export const policyOf = (
  { workspace: whole, applications }: Policies,
  applicationId?: string,
): RegistrationPolicy => ({
  ...initialPolicy,
  ...whole,
  ...(applicationId !== undefined && ownOf(applications, applicationId)),
})

export const ownOf = (applications: Policies['applications'], id: string): Partial<RegistrationPolicy> =>
  Object.hasOwn(applications, id) ? applications[id]! : {}

/** What goes away leaves the policies: an application with its own, a role, a place where roles are held. */
export const dropFromPolicies = async (
  tx: Tx,
  gone: { applicationId?: string; roleId?: string; scope?: Scope },
): Promise<void> => {
  const policies = await readPolicies(tx)
  const kept = Object.entries(policies.applications).filter(([id]) => id !== gone.applicationId)
  const after: Policies = {
    workspace: without(policies.workspace, gone),
    applications: Object.fromEntries(kept.map(([id, own]) => [id, without(own, gone)])),
  }
  if (!sameValue(policies, after)) await writePolicies(tx, after)
}

const without = (
  policy: Partial<RegistrationPolicy>,
  gone: { roleId?: string; scope?: Scope },
): Partial<RegistrationPolicy> => {
  const stays = ({ roleId, scope }: PlacedRole) => roleId !== gone.roleId && scope !== gone.scope
  return {
    ...policy,
    ...(policy.defaultRoles && { defaultRoles: policy.defaultRoles.filter(stays) }),
    ...(policy.selectableRoles && { selectableRoles: policy.selectableRoles.filter(stays) }),
  }
}
