import type { TriggerName } from '#core/triggers.ts'

/** The vendor's names of a trigger, and the function that an Action exports for it. */
export type ActionTrigger = { id: string; handler: string }

/** @see specs: §4.1 of the Auth0 dialect. Triggers that only we have, and events, are written alike. */
const known: Readonly<Partial<Record<TriggerName, ActionTrigger>>> = {
  'user.post-login': { id: 'post-login', handler: 'onExecutePostLogin' },
  'token.pre-issue': { id: 'credentials-exchange', handler: 'onExecuteCredentialsExchange' },
  'user.pre-register': { id: 'pre-user-registration', handler: 'onExecutePreUserRegistration' },
  'user.post-register': { id: 'post-user-registration', handler: 'onExecutePostUserRegistration' },
  'user.post-change-password': { id: 'post-change-password', handler: 'onExecutePostChangePassword' },
  'role.pre-assign': { id: 'pre-role-assignment', handler: 'onExecutePreRoleAssignment' },
}

/** For an event of ours (`role.assigned`): `onExecuteRoleAssigned`. */
export const actionTrigger = (trigger: string): ActionTrigger =>
  known[trigger as TriggerName] ?? {
    id: trigger,
    handler: `onExecute${trigger
      .split(/[.-]/u)
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join('')}`,
  }

/** Which of ours is meant by the name of a handler or by the vendor's. */
export const triggerOf = (id: string): string =>
  Object.entries(known).find(([, trigger]) => trigger?.id === id)?.[0] ?? id
