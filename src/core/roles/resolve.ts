import { DomainError } from '../refusals.ts'
import type { Reader } from '../store.ts'
import type { Role } from './role.ts'

/**
 * The role that somebody who may see roles calls by its id or, whatever its letter case, its name.
 * @throws not_found, invalid where several have the name
 */
export const resolveRole = async ({ roles }: Pick<Reader, 'roles'>, named: string): Promise<Role> => {
  const byId = await roles.find(named)
  if (byId) return byId
  const [role, another] = await roles.findByName(named)
  if (!role) throw new DomainError({ code: 'not_found', kind: 'role', id: named })
  if (!another) return role
  const reason = `Several roles are called ${named}: name the one by its id.`
  throw new DomainError({ code: 'invalid', field: 'roles', reason })
}
