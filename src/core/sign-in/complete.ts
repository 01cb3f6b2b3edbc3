import type { Door } from '../actor.ts'
import { found } from '../refusals.ts'
import { applyRules } from '../rules/apply.ts'
import type { Scope } from '../scope.ts'
import { addSession, type PreparedSession } from '../sessions/open.ts'
import type { OpenedSession, OpenSession } from '../sessions/session.ts'
import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'

export type SignInMethod = 'password' | 'passkey' | 'email-code' | 'invitation' | 'registration' | 'device'

export type CompletedSignIn = {
  /** As he is now, this sign-in counted. */
  user: User
  /** Nobody had ever signed in as this user before. */
  isFirst: boolean
  session?: OpenedSession
}

export type HowSignedIn = {
  method: SignInMethod
  door: Door
  applicationId?: string | undefined
  connectionName?: string | undefined
  ip?: string | undefined
  userAgent?: string | undefined
  /** What he signs in to, where that is an organization: rules may ask for it. */
  scope?: Scope | undefined
  session?: { open: OpenSession; prepared: PreparedSession } | undefined
}

/**
 * What follows once it is proven who somebody is, whatever proved it: counts the sign-in, states it, opens a session.
 * Everything that gives roles on sign-in does it here, so that they count in the very first token.
 */
export const completeSignIn = async (tx: Tx, user: User, how: HowSignedIn): Promise<CompletedSignIn> => {
  const { method, door, applicationId, connectionName, ip, userAgent, session } = how
  const isFirst = user.loginsCount === 0
  const changes = {
    loginsCount: user.loginsCount + 1,
    lastLoginAt: tx.now(),
    ...(ip !== undefined && { lastIp: ip }),
  }
  await tx.users.update(user.id, changes)
  await tx.emit({
    type: 'user.signed-in',
    userId: user.id,
    data: {
      method,
      isFirst,
      ...(applicationId !== undefined && { applicationId }),
      ...(connectionName !== undefined && { connection: connectionName }),
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
    },
  })
  const moments = isFirst ? (['first-login', 'login'] as const) : (['login'] as const)
  await applyRules(tx, moments, { ...user, ...changes }, how)
  const opened = session && (await addSession(tx, user.id, session.open, door, session.prepared))
  return {
    user: found(await tx.users.find(user.id), 'user', user.id),
    isFirst,
    ...(opened && { session: opened }),
  }
}
