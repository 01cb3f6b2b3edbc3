import { DomainError } from '../refusals.ts'
import { counts } from '../roles/assignment.ts'
import { administratorRoleId } from '../roles/role.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'

/** Users as dialects have them that split them in two: those who may do everything, and all others. */
export type UserGroup = 'administrators' | 'others'

type GroupReader = Pick<Reader, 'assignments' | 'now'>

export const isAdministrator = async (
  { assignments, now }: GroupReader,
  userId: string,
): Promise<boolean> => {
  const held = await assignments.find({ userId, roleId: administratorRoleId, scope: workspace })
  return held !== undefined && counts(held, now())
}

/** @throws wrong_group */
export const requireGroup = async (reader: GroupReader, userId: string, group: UserGroup): Promise<void> => {
  const administrator = await isAdministrator(reader, userId)
  if (administrator === (group === 'administrators')) return
  throw new DomainError({ code: 'wrong_group', userId, isAdministrator: administrator })
}
