import type { Actor } from '../actor.ts'
import { servicesApiId } from '../apis/built-in.ts'
import { sameValue } from '../changes.ts'
import { equal, unlimited } from '../listing.ts'
import { foundRef, type Ref } from '../ref.ts'
import { DomainError } from '../refusals.ts'
import { powersOf, requireHeld, requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { permissionsOfRows, type ServiceAccess } from './service-access.ts'

/** A row as its role is written with it. Fields that are absent keep their value, or get their default. */
export type ServiceAccessRow = {
  /** Of the row to change; a new one otherwise. */
  number?: number
  /** Where the row belongs from now on; null takes it away. */
  role?: Ref | null
  serviceNumber?: number | null
  component?: string | null
} & Partial<Pick<ServiceAccess, 'verbMask' | 'requestorMask' | 'filters' | 'filterOp'>>

/**
 * Writes rows of a role: those that go first, then those that change or are new. Rows that are not named stay.
 * @throws forbidden, invalid, not_found for another role, cannot_grant for what the actor does not hold himself
 */
export const writeServiceAccess = async (
  tx: Tx,
  roleId: string,
  rows: readonly ServiceAccessRow[],
  actor: Actor,
): Promise<void> => {
  if (rows.length === 0) return
  await requireMayDo(tx, actor, ['roles:update'], workspace)
  const touched = new Set([roleId])
  let changed = false
  const rest: [ServiceAccessRow, ServiceAccess | undefined][] = []
  for (const row of rows) {
    const there = row.number === undefined ? undefined : await tx.serviceAccess.findBy({ number: row.number })
    if (there && there.roleId !== roleId) throw foreign()
    if (row.role === null && row.number !== undefined) {
      if (there) changed = await tx.serviceAccess.remove(there.id)
    } else rest.push([row, there])
  }
  for (const [row, there] of rest) {
    const owner = row.role ? (await foundRef(tx.roles, row.role, 'role')).id : roleId
    touched.add(owner)
    if (await put(tx, { ...row, roleId: owner }, there)) changed = true
  }
  if (!changed) return
  for (const id of touched) {
    await followRows(tx, id, actor)
    await tx.roles.update(id, { updatedAt: tx.now() })
    await tx.emit({ type: 'role.updated', roleId: id, data: { changed: ['serviceAccess'] } })
  }
}

const foreign = () =>
  new DomainError({ code: 'invalid', field: 'id', reason: 'The access row belongs to another role.' })

const masks = { verbMask: 127, requestorMask: 3 } as const

/** @returns whether anything is different now */
const put = async (
  tx: Tx,
  { roleId, serviceNumber, component, ...row }: ServiceAccessRow & { roleId: string },
  there: ServiceAccess | undefined,
): Promise<boolean> => {
  for (const field of ['verbMask', 'requestorMask'] as const) {
    const mask = row[field] ?? 0
    if (!Number.isInteger(mask) || mask < 0 || mask > masks[field]) {
      const reason = `The mask is a whole number from 0 to ${masks[field]}.`
      throw new DomainError({ code: 'invalid', field, reason })
    }
  }
  const given = {
    roleId,
    ...(serviceNumber !== undefined && { serviceNumber: serviceNumber ?? undefined }),
    ...(component !== undefined && { component: component ?? undefined }),
    ...(row.verbMask !== undefined && { verbMask: row.verbMask }),
    ...(row.requestorMask !== undefined && { requestorMask: row.requestorMask }),
    ...(row.filters !== undefined && { filters: row.filters }),
    ...(row.filterOp !== undefined && { filterOp: row.filterOp }),
  }
  if (there) {
    if (sameValue({ ...there, ...given }, there)) return false
    await tx.serviceAccess.update(there.id, { ...given, updatedAt: tx.now() } as Partial<ServiceAccess>)
    return true
  }
  await tx.serviceAccess.insert({
    id: tx.newId(),
    verbMask: 0,
    requestorMask: 0,
    filters: [],
    filterOp: 'AND',
    createdAt: tx.now(),
    updatedAt: tx.now(),
    ...given,
  } as Omit<ServiceAccess, 'number'>)
  return true
}

/** Gives a role just the permissions that its rows can let through. */
const followRows = async (tx: Tx, roleId: string, actor: Actor): Promise<void> => {
  const rows = await tx.serviceAccess.list({ filter: equal('roleId', roleId), limit: unlimited })
  const wanted = permissionsOfRows(rows.items)
  const held = (await tx.permissions.ofRole(roleId))
    .filter(({ apiId }) => apiId === servicesApiId)
    .map(({ name }) => name)
  const gone = held.filter((name) => !wanted.has(name))
  const added = [...wanted].filter((name) => !held.includes(name))
  const keys = [...gone, ...added].map((name) => ({ apiId: servicesApiId, name }))
  await requireHeld(tx, actor, powersOf(keys), workspace)
  for (const name of gone) {
    await tx.permissions.removeFromRole(roleId, { apiId: servicesApiId, name })
    await tx.emit({ type: 'role.permission-removed', roleId, data: { apiId: servicesApiId, name } })
  }
  for (const name of added) {
    await tx.permissions.addToRole(roleId, { apiId: servicesApiId, name })
    await tx.emit({ type: 'role.permission-added', roleId, data: { apiId: servicesApiId, name } })
  }
}

/** Ends the rows of a role that goes away. */
export const dropServiceAccess = async (tx: Tx, roleId: string): Promise<void> => {
  const rows = await tx.serviceAccess.list({ filter: equal('roleId', roleId), limit: unlimited })
  for (const { id } of rows.items) await tx.serviceAccess.remove(id)
}
