import { type Actor, systemActor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import type { RegistrationPolicy } from '#core/registration/policies.ts'
import { getRegistrationPolicy } from '#core/registration/policy.ts'
import { updateRegistrationSettings } from '#core/registration/settings.ts'
import { getSharedSecret } from '#core/registration/shared-secret.ts'
import { type Scope, workspace } from '#core/scope.ts'
import { refuse, thrown } from './errors.ts'
import { fitsSetting, isSettingId, type ReadSettings, settingsName, settingTable } from './settings.table.ts'

type Value = boolean | number | string
/** What a setting shall be. */
export type SettingChange = { id: string; value: Value }
export type ShownSetting = { _id: string; value: Value; isPublic: boolean }

/** A setting that the registration policy has the truth of. */
type View = {
  isPublic: boolean
  show(policy: RegistrationPolicy): Value
  change(value: Value, policy: RegistrationPolicy): Partial<RegistrationPolicy>
}

const invalid = (id: string) => thrown('error-invalid-setting-value', `Invalid setting value for ${id}`)

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** Roles of the workspace that everybody gets; those in rooms and applications are not for this setting to say. */
const defaultRoles: View = {
  isPublic: false,
  show: ({ defaultRoles: roles }) =>
    roles
      .filter(({ scope }) => scope === workspace)
      .map(({ roleId }) => roleId)
      .join(','),
  change: (value, { defaultRoles: roles }) => ({
    defaultRoles: [
      ...listed(String(value)).map((roleId) => ({ roleId, scope: workspace as Scope })),
      ...roles.filter(({ scope }) => scope !== workspace),
    ],
  }),
}

const forms = { open: 'Public', approval: 'Public', invitation: 'Secret URL', closed: 'Disabled' } as const

const views: Readonly<Record<string, View>> = {
  Accounts_Registration_Users_Default_Roles: defaultRoles,
  Accounts_Registration_AuthenticationServices_Default_Roles: defaultRoles,
  Accounts_RegistrationForm: {
    isPublic: true,
    show: ({ mode }) => forms[mode],
    change: (value, { mode }) => {
      const known = {
        Public: mode === 'approval' ? 'approval' : 'open',
        'Secret URL': 'invitation',
        Disabled: 'closed',
      } as const
      if (typeof value !== 'string' || !Object.hasOwn(known, value)) {
        return refuse(invalid('Accounts_RegistrationForm'))
      }
      return { mode: known[value as keyof typeof known] }
    },
  },
  Accounts_ManuallyApproveNewUsers: {
    isPublic: true,
    show: ({ mode }) => mode === 'approval',
    change: (value, { mode }) => {
      if (value) return { mode: 'approval' }
      return mode === 'approval' ? { mode: 'open' } : {}
    },
  },
  Accounts_EmailVerification: {
    isPublic: true,
    show: ({ emailConfirmation }) => emailConfirmation === 'first',
    change: (value) => ({ emailConfirmation: value ? 'first' : 'later' }),
  },
  Accounts_AllowedDomainsList: {
    isPublic: true,
    show: ({ emailDomains }) => emailDomains.join(','),
    change: (value) => ({ emailDomains: listed(String(value)) }),
  },
}

/** What everybody who knows it registers with, once the form is behind it. */
const formSecret = 'Accounts_RegistrationForm_SecretURL'

/** The settings as this dialect's clients see them: the door's own, and those that others have the truth of. */
export const createSettingViews = (run: Run, settings: ReadSettings) => {
  const policyOf = () => run(getRegistrationPolicy, {}, systemActor('rocketchat'))
  const secretOf = async () => (await run(getSharedSecret, {}, systemActor('rocketchat'))) ?? ''
  return {
    list: async (): Promise<ShownSetting[]> => {
      const [own, policy] = [await settings(), await policyOf()]
      return [
        { _id: formSecret, isPublic: false, value: await secretOf() },
        ...Object.entries(views).map(([_id, { isPublic, show }]) => ({ _id, isPublic, value: show(policy) })),
        ...Object.entries(own).map(([_id, value]) => ({
          _id,
          value,
          isPublic: isSettingId(_id) && settingTable[_id].isPublic,
        })),
      ].sort((one, other) => (one._id < other._id ? -1 : 1))
    },
    /** All of them or none. @throws as `updateRegistrationSettings` */
    change: async (wanted: readonly SettingChange[], actor: Actor): Promise<void> => {
      const policy = await policyOf()
      const own: Record<string, Value> = {}
      let ofPolicy: Partial<RegistrationPolicy> = {}
      let secret: string | undefined
      for (const { id, value } of wanted) {
        const view = Object.hasOwn(views, id) ? views[id] : undefined
        if (id === formSecret) secret = String(value)
        else if (view) ofPolicy = { ...ofPolicy, ...view.change(value, { ...policy, ...ofPolicy }) }
        else if (isSettingId(id) && fitsSetting(id, value)) own[id] = value
        else refuse(invalid(id))
      }
      const changes = { policy: ofPolicy, settings: { name: settingsName, changes: own } }
      await run(updateRegistrationSettings, { ...changes, ...(secret !== undefined && { secret }) }, actor)
    },
  }
}
