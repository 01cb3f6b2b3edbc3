import type { Extensions } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Tx } from '../store.ts'
import type { Role } from './role.ts'

export type CreateRole = {
  name: string
  description?: string
  heldIn?: Role['heldIn']
  isActive?: boolean
  requiresSecondFactor?: boolean
  extensions?: Extensions
  /**
   * The caller's dialect lists built-in roles, so that one's name is taken for him. Where they are not listed, as in
   * Auth0's, a role of one's own called "Admin" is common and harmless: it is another role, with another id.
   */
  seesBuiltIns?: boolean
}

/** Creates a role without permissions. Names are unique whatever their letter case. @throws taken, invalid */
export const createRole = command<CreateRole, Role>({
  name: 'create role',
  needs: 'roles:create',
  run: (tx, input) => addRole(tx, input),
})

/** The one way a role of one's own comes into being. @throws taken, invalid */
export const addRole = async (tx: Tx, input: CreateRole): Promise<Role> => {
  const name = requireRoleName(input.name)
  await requireNameFree(tx, name, { seesBuiltIns: input.seesBuiltIns })
  const role = await tx.roles.insert({
    id: tx.newId(),
    name,
    description: input.description ?? '',
    isBuiltIn: false,
    heldIn: input.heldIn ?? 'workspace',
    isActive: input.isActive ?? true,
    requiresSecondFactor: input.requiresSecondFactor ?? false,
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: input.extensions ?? {},
  })
  await tx.emit({ type: 'role.created', roleId: role.id, data: { name } })
  return role
}

/** The name as it is stored. @throws invalid */
export const requireRoleName = (name: string): string => {
  const trimmed = name.trim()
  const reason = trimmed === '' ? 'A role needs a name.' : 'A role name has at most 255 characters.'
  if (trimmed === '' || trimmed.length > 255)
    throw new DomainError({ code: 'invalid', field: 'name', reason })
  return trimmed
}

export const requireNameFree = async (
  tx: Pick<Tx, 'roles'>,
  name: string,
  { seesBuiltIns = false, except }: { seesBuiltIns?: boolean | undefined; except?: string },
): Promise<void> => {
  const others = (await tx.roles.findByName(name)).filter((role) => role.id !== except)
  // Where built-in roles are listed, a role is addressed by id and name alike: one's name can't be another's id.
  const namesake = seesBuiltIns ? await tx.roles.find(name) : undefined
  if (namesake && namesake.id !== except) others.push(namesake)
  if (others.some((role) => seesBuiltIns || !role.isBuiltIn)) {
    throw new DomainError({ code: 'taken', kind: 'role', field: 'name', value: name })
  }
}
