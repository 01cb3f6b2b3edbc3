import { createHash } from 'node:crypto'
import Type, { type Static } from 'typebox'
import type { Decision } from '#core/decisions.ts'
import { parseScope, type Scope, type ScopeKind, workspace } from '#core/scope.ts'
import { WireError } from './errors.ts'
import { decodeSubject } from './ids.ts'

/**
 * AuthZEN's words for ours. Every object may have members that we don't know: the standard lets callers add them.
 * @see OpenID AuthZEN Authorization API 1.0, §5 to §8
 */
const Properties = Type.Optional(
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
)
const Text = Type.String({ maxLength: 1000 })

const Subject = Type.Object({
  type: Type.String({ ...Text, description: '`user`.' }),
  id: Type.String({ ...Text, description: 'The id of the user, as it is here or as tokens name him.' }),
  properties: Properties,
})
const Action = Type.Object({
  name: Type.String({ ...Text, description: 'The name of a permission.' }),
  properties: Properties,
})
const Resource = Type.Object({
  type: Type.String({
    ...Text,
    description: 'The identifier or the id of the API that the permission is of.',
  }),
  id: Type.String({
    ...Text,
    description:
      'A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.',
  }),
  properties: Properties,
})
const Context = Type.Unsafe<{ scope?: unknown; kind?: unknown; [member: string]: unknown }>({
  type: 'object',
  additionalProperties: true,
  description: '`scope` says where, for callers whose resource ids are their own.',
})
const SearchedType = Type.Object({ type: Text, id: Type.Optional(Text), properties: Properties })
const Page = Type.Object({
  token: Type.Optional(Type.String({ maxLength: 4000 })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
})

const tuple = {
  subject: Type.Optional(Subject),
  action: Type.Optional(Action),
  resource: Type.Optional(Resource),
  context: Type.Optional(Context),
}

export const Evaluation = Type.Object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: tuple.context,
})

export const Evaluations = Type.Object({
  ...tuple,
  evaluations: Type.Optional(
    Type.Array(Type.Object(tuple), {
      maxItems: 500,
      description: 'What one leaves out is taken from above.',
    }),
  ),
  options: Type.Optional(
    Type.Object({
      evaluations_semantic: Type.Optional(
        Type.Enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']),
      ),
    }),
  ),
})

const DecisionContext = Type.Object({ reason: Type.String() })
export const WireDecision = Type.Object({
  decision: Type.Boolean(),
  context: Type.Optional(DecisionContext),
})
export const WireDecisions = Type.Object({
  decision: Type.Optional(Type.Boolean()),
  context: Type.Optional(DecisionContext),
  evaluations: Type.Optional(Type.Array(WireDecision)),
})

const paging = { context: tuple.context, page: Type.Optional(Page) }
export const SubjectSearch = Type.Object({
  subject: SearchedType,
  action: Action,
  resource: Resource,
  ...paging,
})
export const ResourceSearch = Type.Object({
  subject: Subject,
  action: Action,
  resource: SearchedType,
  ...paging,
})
export const ActionSearch = Type.Object({ subject: Subject, resource: Resource, ...paging })

export const found = <Entity extends Type.TSchema>(entity: Entity) =>
  Type.Object({
    page: Type.Object({
      next_token: Type.String({ description: 'Empty when nothing follows.' }),
      count: Type.Integer(),
    }),
    results: Type.Array(entity),
  })
export const FoundEntity = Type.Object({ type: Type.String(), id: Type.String() })
export const FoundAction = Type.Object({ name: Type.String() })

type Where = Pick<Static<typeof Evaluation>, 'resource' | 'context'>

/** What can be no question to the domain is a no, with the reason; it is asked all the same whether one may ask. */
export type Asked = { decision: Decision } | { reason: string }

export const decodeEvaluation = ({ subject, action, ...where }: Static<typeof Evaluation>): Asked => {
  if (subject.type !== 'user') return { reason: 'unknown_subject_type' }
  const scope = decodeWhere(where)
  if (scope === undefined) return { reason: 'unknown_resource_id' }
  const permission = { api: where.resource.type, name: action.name }
  return { decision: { userId: decodeSubject(subject.id), permission, scope } }
}

/**
 * Where it is to be done: what `context.scope` says, or else the resource's id. Undefined when that is no scope.
 * @throws invalid_request when both say something else
 */
export const decodeWhere = ({ resource, context }: Where): Scope | undefined => {
  const named = resource.id === '*' ? workspace : parseScope(resource.id)
  const given = context?.scope
  if (given === undefined) return named
  const scope = typeof given === 'string' ? parseScope(given) : undefined
  if (scope === undefined) throw wrong('context.scope', 'is no scope')
  if (named !== undefined && resource.id !== '*' && named !== scope) {
    throw wrong('context.scope', 'is another scope than the id of the resource')
  }
  return scope
}

/** Each with what it leaves out from above. @throws invalid_request when that is missing too */
export const decodeEvaluations = ({
  evaluations,
  ...defaults
}: Static<typeof Evaluations>): { asked: Asked[]; isSingle: boolean } => {
  const isSingle = evaluations === undefined || evaluations.length === 0
  const each = isSingle ? [{}] : evaluations
  return {
    isSingle,
    asked: each.map((own: Static<typeof Evaluation> | object, at) => {
      const { subject, action, resource, context } = { ...defaults, ...own }
      const path = (member: string) => (isSingle ? member : `evaluations[${at}].${member}`)
      if (!subject) throw wrong(path('subject'), 'is missing')
      if (!action) throw wrong(path('action'), 'is missing')
      if (!resource) throw wrong(path('resource'), 'is missing')
      return decodeEvaluation({ subject, action, resource, ...(context && { context }) })
    }),
  }
}

export const decisionsOf = (asked: readonly Asked[]): Decision[] =>
  asked.flatMap((each) => ('decision' in each ? [each.decision] : []))

/** The answers in the order of what was asked. `allowed` has one for each that was put to the domain. */
export const encodeDecisions = (
  asked: readonly Asked[],
  allowed: readonly boolean[],
): Static<typeof WireDecision>[] => {
  const answers = allowed.values()
  return asked.map((each) =>
    'reason' in each
      ? { decision: false, context: { reason: each.reason } }
      : { decision: answers.next().value === true },
  )
}

/** Those that the caller wants to hear: all, or up to the first that settles it. */
export const cutAt = (
  decisions: Static<typeof WireDecision>[],
  semantic: string | undefined,
): Static<typeof WireDecision>[] => {
  if (semantic !== 'deny_on_first_deny' && semantic !== 'permit_on_first_permit') return decisions
  const settling = decisions.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'))
  return settling === -1 ? decisions : decisions.slice(0, settling + 1)
}

/** The kind of places to search in: what the resource's or the context's `kind` says. @throws invalid_request */
export const decodeKind = ({ resource, context }: Static<typeof ResourceSearch>): ScopeKind | undefined => {
  const kind = resource.properties?.kind ?? context?.kind
  if (kind === undefined) return undefined
  if (kind === 'application' || kind === 'organization' || kind === 'room') return kind
  throw wrong('resource.properties.kind', 'must be one of application, organization, room')
}

const defaultLimit = 100

type Searched = { page?: Static<typeof Page>; [member: string]: unknown }

/**
 * Where a search goes on. A token remembers what it was given for, because a page of another search would be an answer
 * to nothing that was asked.
 * @throws invalid_request
 */
export const decodePage = ({ page = {}, ...search }: Searched): { limit: number; after?: string } => {
  const { token, limit } = page
  if (token === undefined || token === '') return { limit: limit ?? defaultLimit }
  const remembered = readToken(token)
  const isSame = remembered?.of === digestOf(search) && (limit === undefined || limit === remembered.limit)
  if (!remembered || !isSame) throw wrong('page.token', 'is not of this search')
  return { limit: remembered.limit, after: remembered.after }
}

export const encodePage = ({ page = {}, ...search }: Searched, next: string | undefined, count: number) => {
  if (next === undefined) return { next_token: '', count }
  const { limit } = decodePage({ page, ...search })
  const token = JSON.stringify([next, limit, digestOf(search)])
  return { next_token: Buffer.from(token).toString('base64url'), count }
}

const readToken = (token: string): { after: string; limit: number; of: string } | undefined => {
  try {
    const [after, limit, of] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[]
    const isOurs = typeof after === 'string' && Number.isInteger(limit) && typeof of === 'string'
    return isOurs && Number(limit) >= 0 && Number(limit) <= 1000
      ? { after, limit: Number(limit), of }
      : undefined
  } catch {
    return undefined
  }
}

const digestOf = (search: object): string =>
  createHash('sha256').update(JSON.stringify(search, sorted)).digest('base64url').slice(0, 22)

/** So that the order of an object's members says nothing. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value

const wrong = (path: string, message: string): WireError =>
  new WireError('invalid_request', `${path} ${message}.`, [{ in: 'body', path, message }])
