import Type, { type Static } from 'typebox'
import type { Listing } from '#core/listing.ts'
import type { CreateRule, UpdateRule } from '#core/rules/author.ts'
import type { Difference, DryRun, DryRunRule } from '#core/rules/dry-run.ts'
import type { Rule } from '#core/rules/rule.ts'
import { encodeInstant, Instant } from './instants.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { decodeScope, ScopeText } from './scopes.ts'
import { summarizeUser, UserSummary } from './users.wire.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })
const Occasion = Type.Enum(['registration', 'first-login', 'login', 'profile-change'])
const Mode = Type.Enum(['add', 'keep-in-step'])
const PlacedRole = Type.Object({ roleId: Type.String(), scope: Type.String() })

const fields = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.String({ maxLength: 2000 }),
  isActive: Type.Boolean(),
  position: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'Rules are looked at in this order.',
  }),
  occasions: Type.Array(Occasion, { minItems: 1, maxItems: 4 }),
  condition: Type.String({
    minLength: 1,
    maxLength: 4000,
    description: 'A CEL expression over `user`, `application`, `scope` and `event`.',
  }),
  mode: Type.Enum(['add', 'keep-in-step'], {
    description: '`keep-in-step` also takes back what the rule gave once its condition holds no more.',
  }),
  roles: Type.Array(
    Type.Object({ roleId: Id, scope: Type.Optional(ScopeText) }, { additionalProperties: false }),
    { minItems: 1, maxItems: 50, description: 'Default scope: the workspace.' },
  ),
}

export const NewRule = Type.Object(
  {
    name: fields.name,
    occasions: fields.occasions,
    condition: fields.condition,
    roles: fields.roles,
    description: Type.Optional(fields.description),
    isActive: Type.Optional(fields.isActive),
    position: Type.Optional(fields.position),
    mode: Type.Optional(fields.mode),
  },
  { additionalProperties: false },
)

export const RuleChanges = Type.Partial(Type.Object(fields), {
  additionalProperties: false,
  minProperties: 1,
})

export const WireRule = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  isActive: Type.Boolean(),
  position: Type.Integer(),
  occasions: Type.Array(Occasion),
  condition: Type.String(),
  mode: Mode,
  roles: Type.Array(PlacedRole),
  createdAt: Instant,
  updatedAt: Instant,
})

export const RuleQuery = Type.Object({ ...PageQuery, ...orderBy('position', 'name', 'createdAt') })

export const DryRunBody = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2000, default: 1000, description: 'How many users to look at.' }),
    ),
    after: Type.Optional(
      Type.String({ maxLength: 2000, description: 'The `next` of the page before this one.' }),
    ),
    total: Type.Optional(Type.Boolean({ description: 'Also count all users.' })),
    occasion: Type.Optional(Occasion),
    applicationId: Type.Optional(Id),
    scope: Type.Optional(ScopeText),
    changes: Type.Optional(
      Type.Partial(Type.Object({ condition: fields.condition, mode: fields.mode, roles: fields.roles }), {
        additionalProperties: false,
        description: 'Tried in place of what is stored.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const WireDryRun = Type.Object({
  scanned: Type.Integer({ description: 'How many users this page looked at.' }),
  items: Type.Array(
    Type.Object({ user: UserSummary, gives: Type.Array(PlacedRole), takes: Type.Array(PlacedRole) }),
    { description: 'Those of them for whom it would make a difference.' },
  ),
  faults: Type.Array(Type.Object({ userId: Type.String(), fault: Type.String() })),
  next: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Pass it as `after`.' }),
  total: Type.Optional(Type.Integer({ minimum: 0 })),
})

type WirePlaced = Static<typeof fields.roles>

const place = (roles: WirePlaced) => roles.map(({ roleId, scope }) => ({ roleId, scope: decodeScope(scope) }))

export const decodeNewRule = ({ roles, ...rule }: Static<typeof NewRule>): CreateRule => ({
  ...rule,
  roles: place(roles),
})

export const decodeRuleChanges = ({
  roles,
  ...changes
}: Static<typeof RuleChanges>): UpdateRule['changes'] => ({
  ...changes,
  ...(roles && { roles: place(roles) }),
})

export const decodeRuleQuery = (query: Static<typeof RuleQuery>): Listing => ({
  ...decodePaging(query),
  ...decodeOrder(query.order ?? 'position'),
})

export const decodeDryRun = (
  ruleId: string,
  { limit = 1000, scope, changes, ...body }: Static<typeof DryRunBody>,
): DryRunRule => ({
  ruleId,
  limit,
  ...body,
  ...(scope !== undefined && { scope: decodeScope(scope) }),
  ...(changes && { changes: decodeRuleChanges(changes) }),
})

export const encodeRule = (rule: Rule): Static<typeof WireRule> => ({
  ...rule,
  occasions: [...rule.occasions],
  roles: [...rule.roles],
  createdAt: encodeInstant(rule.createdAt),
  updatedAt: encodeInstant(rule.updatedAt),
})

export const encodeDryRun = ({ items, next, ...run }: DryRun): Static<typeof WireDryRun> => ({
  ...run,
  items: items.map(encodeDifference),
  next: next ?? null,
})

const encodeDifference = ({ user, gives, takes }: Difference) => ({
  user: summarizeUser(user),
  gives: [...gives],
  takes: [...takes],
})
