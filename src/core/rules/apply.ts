import type { Actor } from '../actor.ts'
import { equal } from '../listing.ts'
import { DomainError } from '../refusals.ts'
import type { Assignment } from '../roles/assignment.ts'
import { firstExclusion, handOut, type PlacedRole } from '../roles/hand-out.ts'
import { takeRoles } from '../roles/remove.ts'
import type { Reader, Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import { gatherSubjects, type RuleContext, type Subject } from './facts.ts'
import type { Occasion, Rule } from './rule.ts'

/** What a rule would do to somebody; a fault when it can not be said, or can not be done. */
export type Effect = { gives: readonly PlacedRole[]; takes: readonly PlacedRole[] } | { fault: string }

const rulesLimit = 1_000

/**
 * Looks at the rules for what is happening to a user, in their order. One that is faulty, or gives what he can not
 * hold, is passed over and says so in an event: it never keeps anybody from signing in.
 */
export const applyRules = async (
  tx: Tx,
  happening: readonly Occasion[],
  user: User,
  context: RuleContext,
): Promise<void> => {
  const { items } = await tx.rules.list({
    filter: equal('isActive', true),
    order: [{ field: 'position', direction: 'ascending' }],
    limit: rulesLimit,
  })
  const rules = items.filter((rule) => happening.some((each) => rule.occasions.includes(each)))
  let subject: Subject | undefined
  for (const rule of rules) {
    const occasion = happening.find((each) => rule.occasions.includes(each))!
    subject ??= (await gatherSubjects(tx, [user], occasion, context))[0]!
    const event = { ...subject.facts.event, occasion }
    const effect = await effectOf(tx, rule, { ...subject, facts: { ...subject.facts, event } }, tx.conditions)
    const fault = 'fault' in effect ? effect.fault : await carryOut(tx, rule, user, effect, context)
    if (fault !== undefined) {
      const target = { kind: 'rule', id: rule.id } as const
      await tx.emit({
        type: 'rule.failed',
        userId: user.id,
        target,
        data: { name: rule.name, occasion, fault },
      })
    }
    // The next rule sees what this one gave.
    if (!('fault' in effect) && effect.gives.length + effect.takes.length > 0) subject = undefined
  }
}

/** What the rule would do, without doing it. */
export const effectOf = async (
  reader: Pick<Reader, 'roles'>,
  rule: Pick<Rule, 'condition' | 'mode' | 'roles'> & { id?: string },
  { facts, held }: Subject,
  conditions: Tx['conditions'],
): Promise<Effect> => {
  const judgement = conditions.judge(rule.condition, facts)
  if (!judgement.ok) return { fault: judgement.message }
  const due = judgement.holds ? rule.roles : []
  const gives = due.filter((role) => !held.some((each) => isSame(each, role)))
  const takes =
    rule.mode === 'keep-in-step'
      ? held.filter((each) => isOf(each, rule.id) && !due.some((role) => isSame(each, role))).map(placedOf)
      : []
  if (gives.length > 0) {
    const kept = held.filter((each) => !takes.some((role) => isSame(each, role)))
    const pair = await firstExclusion(reader, [...kept.map(placedOf), ...gives])
    if (pair) return { fault: `The roles ${pair.join(' and ')} exclude each other.` }
  }
  return { gives, takes }
}

const isSame = (one: PlacedRole, other: PlacedRole): boolean =>
  one.roleId === other.roleId && one.scope === other.scope
const isOf = ({ source, sourceId }: Assignment, ruleId: string | undefined): boolean =>
  source === 'rule' && ruleId !== undefined && sourceId === ruleId
const placedOf = ({ roleId, scope }: PlacedRole): PlacedRole => ({ roleId, scope })

/** @returns why it could not be done, if so */
const carryOut = async (
  tx: Tx,
  rule: Rule,
  { id: userId }: User,
  { gives, takes }: Exclude<Effect, { fault: string }>,
  { door }: RuleContext,
): Promise<string | undefined> => {
  const system: Actor = { kind: 'system', id: 'system', door }
  try {
    // Taken first: what is given may exclude what goes.
    for (const { roleId, scope } of takes) await takeRoles(tx, { userId, roleIds: [roleId], scope }, system)
    await handOut(tx, userId, gives, { source: 'rule', sourceId: rule.id }, system)
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.refusal.code
    throw error
  }
}
