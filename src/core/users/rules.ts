import type { Actor } from '../actor.ts'
import { builtInApiIds } from '../apis/built-in.ts'
import type { JsonObject } from '../json.ts'
import { equal, every, unlimited } from '../listing.ts'
import { DomainError, found } from '../refusals.ts'
import { powersOf, type RightsReader, requireHeld } from '../rights.ts'
import { countingAt } from '../roles/assignment.ts'
import { closure } from '../roles/rules.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'

const metadataLimitBytes = 1_048_576

/** Whether mail reaches somebody there is not ours to know, so that little is asked. @throws invalid */
export const requireEmail = (email: string): void => {
  if (/^[^\s@]+@[^\s@]+$/u.test(email)) return
  throw new DomainError({ code: 'invalid', field: 'email', reason: 'This is no e-mail address.' })
}

/** @throws taken, invalid */
export const requireEmailFree = async ({ users }: Pick<Reader, 'users'>, email: string, except?: string) => {
  requireEmail(email)
  const other = await users.findByEmail(email)
  if (other && other.id !== except)
    throw new DomainError({ code: 'taken', kind: 'user', field: 'email', value: email })
}

/** @throws taken, invalid */
export const requireUsernameFree = async (
  { users }: Pick<Reader, 'users'>,
  username: string,
  except?: string,
) => {
  if (username === '' || /\s/u.test(username)) {
    const reason = 'A user name has at least one character and no blanks.'
    throw new DomainError({ code: 'invalid', field: 'username', reason })
  }
  const other = await users.findByUsername(username)
  if (other && other.id !== except) {
    throw new DomainError({ code: 'taken', kind: 'user', field: 'username', value: username })
  }
}

/** Keys that storage and templates of other products could not hold are refused early. @throws invalid */
export const requireMetadata = (field: 'userMetadata' | 'appMetadata', metadata: JsonObject): void => {
  const bad = Object.keys(metadata).find((key) => key.includes('.') || key.startsWith('$'))
  if (bad !== undefined) {
    const reason = `The key ${JSON.stringify(bad)} contains a dot or begins with a dollar sign.`
    throw new DomainError({ code: 'invalid', field, reason })
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataLimitBytes) {
    throw new DomainError({ code: 'invalid', field, reason: 'Metadata has at most 1 MB.' })
  }
}

/** Notes that what is assigned to the users has changed. */
export const bumpRolesVersion = async (tx: Tx, userIds: Iterable<string>): Promise<void> => {
  for (const userId of new Set(userIds)) {
    const user = found(await tx.users.find(userId), 'user', userId)
    await tx.users.update(userId, { rolesVersion: user.rolesVersion + 1 })
  }
}

/**
 * Refuses unless the actor may do whatever the user may: whoever sets a password, or the address that a new one can
 * be asked for with, can sign in as that user. A person holds what he himself holds, a token of his maybe not.
 * @throws cannot_grant
 */
export const requireMayActAs = async (
  tx: RightsReader & Pick<Reader, 'assignments' | 'roles'>,
  actor: Actor,
  userId: string,
): Promise<void> => {
  if (actor.kind === 'system') return
  const { items: held } = await tx.assignments.list({
    filter: every(equal('userId', userId), countingAt(tx.now())),
    limit: unlimited,
  })
  const reached = closure(
    held.map(({ roleId }) => roleId),
    await tx.roles.inclusions(),
  )
  const given = [...(await tx.permissions.ofUser(userId)), ...(await tx.permissions.ofRoles([...reached]))]
  // Nearly everybody may do nothing in Rolecall itself; only for others each scope is looked at.
  if (powersOf(given).size === 0) return
  for (const scope of new Set<Scope>([workspace, ...held.map((assignment) => assignment.scope)])) {
    const scopes = scopesThatCountIn(scope)
    const powers = powersOf(await tx.permissions.effective(userId, scopes, tx.now(), builtInApiIds))
    await requireHeld(tx, actor, powers, scope)
  }
}
