import Type, { type Static } from 'typebox'
import type { Execution } from '#core/hooks/hook.ts'
import { equal, every, type Listing } from '#core/listing.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })

const Failure = Type.Object({
  kind: Type.String(),
  message: Type.String(),
  stack: Type.Optional(Type.String()),
})
const Log = Type.Array(Type.Object({ level: Type.String(), text: Type.String() }))
const Calls = Type.Array(
  Type.Object({
    method: Type.String(),
    target: Type.String(),
    status: Type.Optional(Type.Integer()),
    error: Type.Optional(Type.String()),
  }),
)
const Anything = Type.Unsafe<unknown>({})

export const WireExecution = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  runId: Type.String({ description: 'The same for all hooks that ran on one occasion.' }),
  trigger: Type.String(),
  hookId: Type.String(),
  hookName: Type.String(),
  versionId: Type.Optional(Type.String()),
  status: Type.Enum(['running', 'done', 'failed']),
  input: Metadata,
  output: Type.Optional(Anything),
  log: Log,
  calls: Calls,
  failure: Type.Optional(Failure),
  userId: Type.Optional(Type.String()),
  applicationId: Type.Optional(Type.String()),
  startedAt: Instant,
  endedAt: Type.Optional(Instant),
  durationMs: Type.Optional(Type.Integer()),
})

export const ExecutionQuery = Type.Object({
  ...PageQuery,
  hookId: Type.Optional(Id),
  userId: Type.Optional(Id),
  runId: Type.Optional(Id),
  trigger: Type.Optional(Type.String({ maxLength: 200 })),
  status: Type.Optional(Type.Enum(['running', 'done', 'failed'])),
  ...orderBy('number'),
})

export const DryRunRequest = Type.Object(
  {
    trigger: Type.Optional(
      Type.String({ maxLength: 200, description: 'Default: the first it is meant for.' }),
    ),
    eventIds: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: 50, description: 'Events that happened.' }),
    ),
    last: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 50, description: 'The newest so many events of the trigger.' }),
    ),
    event: Type.Optional(
      Type.Unsafe<Record<string, never>>({
        type: 'object',
        additionalProperties: true,
        description: 'An event as the script gets it, instead of one that happened.',
      }),
    ),
  },
  { additionalProperties: false },
)

const RoleChanges = Type.Array(
  Type.Object({
    userId: Type.String(),
    roles: Type.Array(Type.String(), { description: 'Ids.' }),
    scope: Type.String(),
  }),
)

export const WireDryRun = Type.Object({
  results: Type.Array(
    Type.Object({
      eventId: Type.Optional(Type.String()),
      at: Type.Optional(Type.String()),
      userId: Type.Optional(Type.String()),
      output: Type.Optional(Anything),
      log: Log,
      calls: Calls,
      failure: Type.Optional(Failure),
      durationMs: Type.Integer(),
      changes: Type.Object({
        denied: Type.Optional(
          Type.Object({ reason: Type.String(), userMessage: Type.Optional(Type.String()) }),
        ),
        rolesAdded: RoleChanges,
        rolesRemoved: RoleChanges,
        events: Type.Array(
          Type.Object({
            type: Type.String(),
            userId: Type.Optional(Type.String()),
            roleId: Type.Optional(Type.String()),
            scope: Type.Optional(Type.String()),
            data: Type.Optional(Anything),
          }),
          { description: 'Everything that would have happened through its calls, the roles included.' },
        ),
        userMetadata: Metadata,
        appMetadata: Metadata,
        idTokenClaims: Metadata,
        accessTokenClaims: Metadata,
        addedScopes: Type.Array(Type.String()),
        removedScopes: Type.Array(Type.String()),
      }),
      happened: Type.Array(
        Type.Object({
          executionId: Type.String(),
          hookName: Type.String(),
          status: Type.String(),
          failure: Type.Optional(Failure),
          output: Type.Optional(Anything),
        }),
        { description: 'What the hooks of this trigger did with it then.' },
      ),
    }),
  ),
})

/** The newest first, unless asked otherwise. */
export const decodeExecutionQuery = (query: Static<typeof ExecutionQuery>): Listing => {
  const { order = '-number' } = query
  const filter = every(
    ...(['hookId', 'userId', 'runId', 'trigger', 'status'] as const).map((field) => {
      const value = query[field]
      return value === undefined ? undefined : equal(field, String(value))
    }),
  )
  return { ...decodePaging(query), ...decodeOrder(order), ...(filter && { filter }) }
}

export const encodeExecution = ({
  claim: _claim,
  startedAt,
  endedAt,
  ...execution
}: Execution): Static<typeof WireExecution> => ({
  ...execution,
  log: [...execution.log],
  calls: [...execution.calls],
  startedAt: encodeInstant(startedAt),
  ...instantAt('endedAt', endedAt),
})
