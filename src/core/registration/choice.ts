import { DomainError } from '../refusals.ts'
import { firstExclusion, type PlacedRole } from '../roles/hand-out.ts'
import { administratorRoleId, type Role } from '../roles/role.ts'
import { closure } from '../roles/rules.ts'
import { splitScope } from '../scope.ts'
import type { Reader } from '../store.ts'
import { caseKey } from '../users/user.ts'
import type { RegistrationPolicy, SelectableRole } from './policies.ts'

/** A role that the policy lets a person choose, with what he sees of it. */
export type Choice = SelectableRole & Pick<Role, 'number' | 'name' | 'description'>

type ChoiceReader = Pick<Reader, 'roles'>

/** What the policy offers at this instant: a role that was switched off since, or became too strong, is left out. */
export const offeredChoices = async (
  { roles }: ChoiceReader,
  { selectableRoles }: RegistrationPolicy,
): Promise<Choice[]> => {
  if (selectableRoles.length === 0) return []
  const known = await roles.findMany([...new Set(selectableRoles.map(({ roleId }) => roleId))])
  const byId = new Map(known.map((role) => [role.id, role]))
  const inclusions = await roles.inclusions()
  return selectableRoles.flatMap((selectable) => {
    const role = byId.get(selectable.roleId)
    if (!role?.isActive) return []
    if ((role.heldIn === 'room') !== (splitScope(selectable.scope).kind === 'room')) return []
    if (closure([role.id], inclusions).has(administratorRoleId)) return []
    return [{ ...selectable, number: role.number, name: role.name, description: role.description }]
  })
}

/**
 * The roles that a person named, by id, by name whatever its letter case, or by number. One that does not exist and one that can
 * not be chosen are refused alike, so that nobody learns which other roles there are.
 * @param held what he will hold besides
 * @throws role_not_selectable, invalid for roles that exclude each other
 */
export const chooseRoles = async (
  reader: ChoiceReader,
  policy: RegistrationPolicy,
  named: readonly string[],
  held: readonly PlacedRole[] = [],
): Promise<Choice[]> => {
  if (named.length === 0) return []
  const offered = await offeredChoices(reader, policy)
  const chosen = new Map<Choice, string>()
  for (const text of named) {
    const choices = find(offered, text)
    if (choices.length === 0) throw new DomainError({ code: 'role_not_selectable', role: text })
    for (const choice of choices) chosen.set(choice, text)
  }
  await requireTogether(reader, chosen, held)
  return [...chosen.keys()]
}

const find = (offered: readonly Choice[], text: string): Choice[] => {
  const byId = offered.filter(({ roleId }) => roleId === text)
  if (byId.length > 0) return byId
  const key = caseKey(text)
  const [first] = [
    ...offered.filter(({ name }) => caseKey(name) === key),
    ...offered.filter(({ number }) => String(number) === text),
  ]
  return first ? offered.filter(({ roleId }) => roleId === first.roleId) : []
}

/** Names the roles as he did, and no others. @throws invalid */
const requireTogether = async (
  reader: ChoiceReader,
  chosen: ReadonlyMap<Choice, string>,
  held: readonly PlacedRole[],
): Promise<void> => {
  const refuse = (reason: string) => new DomainError({ code: 'invalid', field: 'roles', reason })
  const pairs = [...chosen]
  for (const [at, [choice, name]] of pairs.entries()) {
    for (const [other, otherName] of pairs.slice(0, at)) {
      if (await firstExclusion(reader, [other, choice])) {
        throw refuse(`The roles ${otherName} and ${name} exclude each other.`)
      }
    }
    if (await firstExclusion(reader, [...held, choice])) {
      throw refuse(`The role ${name} can not be held together with what comes with it.`)
    }
  }
}
