import type { Actor } from '../actor.ts'
import { DomainError, found } from '../refusals.ts'
import type { RightsReader } from '../rights.ts'
import { requireMayGive } from '../roles/rules.ts'
import { scopeOf } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Application } from './application.ts'

/** @throws not_found, built_in */
export const findChangeableApplication = async (
  { applications }: Pick<Reader, 'applications'>,
  id: string,
): Promise<Application> => {
  const application = found(await applications.find(id), 'application', id)
  if (application.isGlobal) throw new DomainError({ code: 'built_in', kind: 'application', id })
  return application
}

/** What holds for the fields of an application whenever they are written. @throws invalid */
export const requireApplicationFields = (given: Partial<Pick<Application, 'name' | 'kind'>>): void => {
  const { name, kind } = given
  if (name !== undefined && (name.trim() === '' || name.length > 255)) {
    const reason = 'An application name has 1 to 255 characters, not only blanks.'
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  }
  if (kind !== undefined && !/^[a-z][a-z0-9_-]{0,63}$/u.test(kind)) {
    const reason = 'The kind of an application has lower case letters, digits, underscores and hyphens.'
    throw new DomainError({ code: 'invalid', field: 'kind', reason })
  }
}

/** A secret or API key that a caller chose. @throws invalid */
export const requireSecret = (field: 'secret' | 'apiKey', secret: string): void => {
  if (/^[\x21-\x7e]{1,1024}$/u.test(secret)) return
  const reason = 'It has 1 to 1024 printable ASCII characters without blanks.'
  throw new DomainError({ code: 'invalid', field, reason })
}

/**
 * A default role is given to everybody who has no other in the application, so whoever names it gives it out.
 * @throws not_found, cannot_grant, invalid for a role that lives in rooms
 */
export const requireMayBeDefault = async (
  tx: RightsReader & Pick<Reader, 'roles'>,
  actor: Actor,
  roleId: string,
  applicationId: string,
): Promise<void> => {
  const role = found(await tx.roles.find(roleId), 'role', roleId)
  if (role.heldIn === 'room') {
    const reason = 'A role that is held in rooms can not be the default role of an application.'
    throw new DomainError({ code: 'invalid', field: 'defaultRoleId', reason })
  }
  await requireMayGive(tx, actor, [roleId], scopeOf('application', applicationId))
}

/** @throws taken, without naming the key */
export const requireApiKeyFree = async (
  { applications }: Pick<Reader, 'applications'>,
  apiKeyDigest: string,
  except?: string,
): Promise<void> => {
  const other = await applications.findBy({ apiKeyDigest })
  if (other && other.id !== except) {
    throw new DomainError({ code: 'taken', kind: 'application', field: 'apiKey', value: '' })
  }
}
