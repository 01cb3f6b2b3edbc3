import type { Actor } from '../actor.ts'
import { changesTo } from '../changes.ts'
import type { Listing, Page } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { firstExclusion, requireMayHandOut } from '../roles/hand-out.ts'
import type { Reader, Tx } from '../store.ts'
import type { Rule } from './rule.ts'

/** @throws not_found */
export const getRule = query<{ ruleId: string }, Rule>({
  name: 'get rule',
  needs: 'rules:read',
  run: async (reader, { ruleId }) => requireRule(reader, ruleId),
})

/** Fields: those of `Rule`. @throws unknown_field, invalid_cursor */
export const listRules = query<{ listing: Listing }, Page<Rule>>({
  name: 'list rules',
  needs: 'rules:read',
  run: async ({ rules }, { listing }) => rules.list(listing),
})

export type CreateRule = Pick<Rule, 'name' | 'occasions' | 'condition' | 'roles'> &
  Partial<Pick<Rule, 'description' | 'mode' | 'position' | 'isActive'>>

/**
 * Makes a rule; it does nothing before it is switched on. Whoever makes one must be allowed to give each of its roles.
 * @throws taken, invalid, not_found, wrong_scope, cannot_grant
 */
export const createRule = command<CreateRule, Rule>({
  name: 'create rule',
  needs: 'rules:create',
  run: async (tx, input, actor) => {
    const { name, occasions, condition, roles, description = '', mode = 'add', isActive = false } = input
    const id = tx.newId()
    const drafted = {
      name,
      occasions: [...new Set(occasions)],
      condition,
      mode,
      roles,
      description,
      isActive,
    }
    await requireRuleFits(tx, actor, drafted)
    await requireNameFree(tx, name)
    const rule = await tx.rules.insert({
      id,
      ...drafted,
      position: input.position ?? (await nextPosition(tx)),
      createdAt: tx.now(),
      updatedAt: tx.now(),
    })
    await tx.emit({ type: 'rule.created', target: { kind: 'rule', id }, data: { name, isActive } })
    return rule
  },
})

const changeable = [
  'name',
  'description',
  'isActive',
  'position',
  'occasions',
  'condition',
  'mode',
  'roles',
] as const

export type UpdateRule = { ruleId: string; changes: { [Field in (typeof changeable)[number]]?: Rule[Field] } }

/**
 * Changes a rule, as strictly as one is made: whoever switches it on, or changes when it holds, gives its roles out.
 * What it gave stays with those who have it, until it is looked at for them again.
 * @throws not_found, taken, invalid, wrong_scope, cannot_grant
 */
export const updateRule = command<UpdateRule, Rule>({
  name: 'update rule',
  needs: 'rules:update',
  run: async (tx, { ruleId, changes: given }, actor) => {
    const rule = await requireRule(tx, ruleId)
    const changes = changesTo(rule, given, changeable)
    const changed = Object.keys(changes)
    if (changed.length === 0) return rule
    const after = { ...rule, ...changes }
    await requireRuleFits(tx, actor, after)
    if (changes.name !== undefined) await requireNameFree(tx, changes.name, ruleId)
    const written = { ...changes, updatedAt: tx.now() }
    await tx.rules.update(ruleId, written)
    await tx.emit({
      type: 'rule.updated',
      target: { kind: 'rule', id: ruleId },
      data: { name: after.name, changed },
    })
    return { ...rule, ...written }
  },
})

/** Ends a rule. What it gave stays; nothing keeps it in step any more. @throws not_found */
export const deleteRule = command<{ ruleId: string }, void>({
  name: 'delete rule',
  needs: 'rules:delete',
  run: async (tx, { ruleId }) => {
    const { name } = await requireRule(tx, ruleId)
    await tx.rules.remove(ruleId)
    await tx.emit({ type: 'rule.deleted', target: { kind: 'rule', id: ruleId }, data: { name } })
  },
})

/** @throws not_found */
export const requireRule = async ({ rules }: Pick<Reader, 'rules'>, ruleId: string): Promise<Rule> =>
  found(await rules.find(ruleId), 'rule', ruleId)

const nextPosition = async ({ rules }: Tx): Promise<number> => {
  const order = [{ field: 'position', direction: 'descending' } as const]
  const [last] = (await rules.list({ order, limit: 1 })).items
  return (last?.position ?? 0) + 1
}

const requireNameFree = async ({ rules }: Tx, name: string, except?: string): Promise<void> => {
  const other = await rules.findBy({ name })
  if (other && other.id !== except)
    throw new DomainError({ code: 'taken', kind: 'rule', field: 'name', value: name })
}

type Drafted = Pick<Rule, 'name' | 'occasions' | 'condition' | 'roles'>

/** @throws invalid, not_found, wrong_scope, cannot_grant */
const requireRuleFits = async (tx: Tx, actor: Actor, { name, occasions, condition, roles }: Drafted) => {
  if (name.trim() === '') throw invalid('name', 'A rule needs a name.')
  if (occasions.length === 0) throw invalid('occasions', 'A rule needs an occasion.')
  if (roles.length === 0) throw invalid('roles', 'A rule needs a role to give.')
  const fault = tx.conditions.faultOf(condition)
  if (fault !== undefined) throw invalid('condition', fault)
  await requireMayHandOut(tx, actor, roles)
  if (await firstExclusion(tx, roles))
    throw invalid('roles', 'Nobody can hold roles that exclude each other.')
}

const invalid = (field: string, reason: string): DomainError =>
  new DomainError({ code: 'invalid', field, reason })
