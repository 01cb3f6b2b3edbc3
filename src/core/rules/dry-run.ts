import { query } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { type PlacedRole, requireMayHandOut } from '../roles/hand-out.ts'
import { type Scope, workspace } from '../scope.ts'
import type { User } from '../users/user.ts'
import { effectOf } from './apply.ts'
import { requireRule } from './author.ts'
import { gatherSubjects } from './facts.ts'
import type { Occasion, Rule } from './rule.ts'

export type DryRunRule = {
  ruleId: string
  /** Tried in place of what is stored. */
  changes?: Partial<Pick<Rule, 'condition' | 'mode' | 'roles'>>
  /** What the users would be doing, and where; the rule's first occasion unless given. */
  occasion?: Occasion
  applicationId?: string
  scope?: Scope
  /** How many users to look at, at most 2000. */
  limit: number
  /** The `next` of the page before. */
  after?: string
  /** Also count all users. */
  total?: boolean
}

export type Difference = { user: User; gives: readonly PlacedRole[]; takes: readonly PlacedRole[] }

export type DryRun = {
  /** How many users this page looked at. */
  scanned: number
  /** Those of them for whom it would make a difference. */
  items: Difference[]
  /** Those for whom the rule can not be evaluated, or would give what they can not hold. */
  faults: { userId: string; fault: string }[]
  /** Undefined once every user was looked at. */
  next?: string
  total?: number
}

export const dryRunLimit = 2_000

/** So many users are looked at in one go; whoever else waits for an answer is served in between. */
const sliceSize = 100

const letOthersBeServed = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * The difference that a rule would make to every user as he is now, page by page and by key, without touching
 * anything. It asks for the right to change the rule, and to see whom it is about.
 * @throws not_found, forbidden, cannot_grant, invalid, invalid_cursor, limit_exceeded
 */
export const dryRunRule = query<DryRunRule, DryRun>({
  name: 'dry-run rule',
  needs: 'rules:update',
  run: async (reader, input, actor, { conditions }) => {
    const { ruleId, limit, after, total, applicationId, scope } = input
    if (limit > dryRunLimit)
      throw new DomainError({ code: 'limit_exceeded', kind: 'user', limit: dryRunLimit })
    const rule = { ...(await requireRule(reader, ruleId)), ...input.changes }
    const reason = conditions.faultOf(rule.condition)
    if (reason !== undefined) throw new DomainError({ code: 'invalid', field: 'condition', reason })
    for (const permission of ['users:read', 'roles:read'] as const) {
      await requireMayDo(reader, actor, [permission], workspace)
    }
    await requireMayHandOut(reader, actor, rule.roles)
    const occasion = input.occasion ?? rule.occasions[0] ?? 'login'
    const context = { door: actor.door, applicationId, scope }
    const result: DryRun = { scanned: 0, items: [], faults: [] }
    let from = after
    do {
      if (result.scanned > 0) await letOthersBeServed()
      const slice = await reader.users.list({
        limit: Math.min(sliceSize, limit - result.scanned),
        ...(from !== undefined && { after: from }),
        ...(total && result.scanned === 0 && { total }),
      })
      for (const subject of await gatherSubjects(reader, slice.items, occasion, context)) {
        const effect = await effectOf(reader, rule, subject, conditions)
        if ('fault' in effect) result.faults.push({ userId: subject.user.id, fault: effect.fault })
        else if (effect.gives.length + effect.takes.length > 0)
          result.items.push({ user: subject.user, ...effect })
      }
      result.scanned += slice.items.length
      if (slice.total !== undefined) result.total = slice.total
      from = slice.next
    } while (from !== undefined && result.scanned < limit)
    return { ...result, ...(from !== undefined && { next: from }) }
  },
})
