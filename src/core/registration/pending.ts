import type { Refusal } from '../refusals.ts'
import type { User } from '../users/user.ts'

type Standing = Pick<User, 'id' | 'approvalAskedAt' | 'needsConfirmedEmail' | 'isEmailVerified'>

/** What keeps somebody who registered from signing in; undefined when nothing does. */
export const pendingRefusal = (user: Standing): Refusal | undefined => {
  if (user.approvalAskedAt !== undefined) return { code: 'awaiting_approval', userId: user.id }
  if (user.needsConfirmedEmail && !user.isEmailVerified)
    return { code: 'email_not_confirmed', userId: user.id }
  return undefined
}

export type RegistrationStatus = 'active' | 'awaiting-confirmation' | 'awaiting-approval'

export const registrationStatus = (user: Standing): RegistrationStatus => {
  const code = pendingRefusal(user)?.code
  if (code === 'awaiting_approval') return 'awaiting-approval'
  return code === 'email_not_confirmed' ? 'awaiting-confirmation' : 'active'
}
