import Type, { type Static } from 'typebox'
import type { BindingWithHook } from '#core/hooks/bindings.ts'
import type { CreateHook } from '#core/hooks/create.ts'
import type { Binding, Execution, Hook, HookVersion, Shown } from '#core/hooks/hook.ts'
import type { HookWithDeployed } from '#core/hooks/read.ts'
import type { GivenSecret } from '#core/hooks/rules.ts'
import type { UpdateHook } from '#core/hooks/update.ts'
import { equal, every, type Listing } from '#core/listing.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })
const Flavour = Type.Enum(['action', 'event-script'], {
  description:
    '`action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory.',
})

const Dependency = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 214 }),
    version: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'Blank: the newest when it is built, pinned from then on.',
      }),
    ),
  },
  { additionalProperties: false },
)

const Trigger = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    version: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)

const script = {
  code: Type.String({ description: 'JavaScript; at most 100 kB.' }),
  dependencies: Type.Array(Dependency, { maxItems: 10 }),
  runtime: Type.String({ minLength: 1, maxLength: 50 }),
  triggers: Type.Array(Trigger, { maxItems: 20, description: 'Where it may be bound.' }),
  allowedHosts: Type.Array(Type.String({ minLength: 1, maxLength: 260 }), {
    maxItems: 50,
    description:
      'Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.',
  }),
}

const settings = {
  onFailure: Type.Enum(['deny', 'allow'], {
    description:
      'What becomes of a request when the script fails; when it denies, the request is denied anyway.',
  }),
  runsAs: Type.Enum(['system', 'caller'], {
    description:
      'Whose rights its calls back into the server have. `system` needs the right to make administrators.',
  }),
  modifiesEvents: Type.Boolean({ description: 'What it leaves in the request or the answer is taken over.' }),
  timeoutMs: Type.Integer({ minimum: 100, maximum: 20_000 }),
  isEnabled: Type.Boolean(),
  applicationIds: Type.Array(Id, {
    maxItems: 1000,
    description: 'Only for these applications; empty for all.',
  }),
}

const Secrets = Type.Array(
  Type.Object(
    { name: Type.String({ minLength: 1 }), value: Type.Optional(Type.String()) },
    { additionalProperties: false },
  ),
  { maxItems: 30, description: 'All it shall have. Write-only; one without a value keeps the value it has.' },
)

const changeable = {
  ...script,
  ...settings,
  name: Type.String({ minLength: 1, maxLength: 255 }),
  secrets: Secrets,
}

export const NewHook = Type.Object(
  {
    ...Type.Partial(Type.Object(changeable)).properties,
    name: changeable.name,
    flavour: Flavour,
    deploy: Type.Optional(Type.Boolean({ description: 'Deploy it as soon as it is built.' })),
  },
  { additionalProperties: false },
)

export const HookChanges = Type.Partial(Type.Object(changeable), {
  additionalProperties: false,
  minProperties: 1,
})

const state = {
  status: Type.Enum(['pending', 'building', 'built', 'failed']),
  errors: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
  resolved: Type.Array(
    Type.Object({
      name: Type.String(),
      asked: Type.String(),
      version: Type.String(),
      integrity: Type.String(),
    }),
    { description: 'What was installed for the dependencies.' },
  ),
  secrets: Type.Array(Type.Object({ name: Type.String(), updatedAt: Instant })),
  builtAt: Type.Optional(Instant),
  createdAt: Instant,
  updatedAt: Instant,
}

export const WireVersion = Type.Object({
  id: Type.String(),
  hookId: Type.String(),
  versionNumber: Type.Integer(),
  ...script,
  ...state,
})

export const WireHook = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  name: Type.String(),
  flavour: Flavour,
  ...script,
  ...settings,
  ...state,
  hasChanges: Type.Boolean({ description: 'The draft differs from what is deployed.' }),
  deployedVersion: Type.Optional(WireVersion),
})

export const WireBinding = Type.Object({
  id: Type.String(),
  trigger: Type.String(),
  hookId: Type.String(),
  hookName: Type.Optional(Type.String()),
  position: Type.Integer(),
  displayName: Type.String(),
})

export const BindingList = Type.Object(
  {
    bindings: Type.Array(
      Type.Object(
        { hookId: Id, displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) },
        { additionalProperties: false },
      ),
      { maxItems: 20, description: 'In the order in which they run.' },
    ),
  },
  { additionalProperties: false },
)

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

export const HookQuery = Type.Object({
  ...PageQuery,
  flavour: Type.Optional(Flavour),
  trigger: Type.Optional(Type.String({ maxLength: 200 })),
  ...orderBy('createdAt', 'name', 'updatedAt'),
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

const RoleChanges = Type.Array(Type.Object({ userId: Type.String(), roles: Type.Array(Type.String()) }))

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

export const WireDiff = Type.Object({
  changes: Type.Array(
    Type.Object({ field: Type.String(), before: Type.Optional(Anything), after: Type.Optional(Anything) }),
  ),
  lines: Type.Array(
    Type.Object({
      kind: Type.Enum(['same', 'removed', 'added']),
      text: Type.String(),
    }),
    { description: 'The code, line by line.' },
  ),
})

type Body = Partial<Static<typeof NewHook>>

const decodeFields = ({ secrets: _secrets, flavour: _flavour, deploy: _deploy, ...rest }: Body) =>
  rest as UpdateHook['changes'] & object

export const decodeNewHook = (body: Static<typeof NewHook>): CreateHook => ({
  ...decodeFields(body),
  name: body.name,
  flavour: body.flavour as Hook['flavour'],
  ...(body.secrets && { secrets: body.secrets as GivenSecret[] }),
  ...(body.deploy && { deploy: true }),
})

export const decodeHookChanges = (hookId: string, body: Static<typeof HookChanges>): UpdateHook => ({
  hookId,
  changes: decodeFields(body as Body),
  ...(body.secrets && { secrets: body.secrets as GivenSecret[] }),
})

export const decodeHookQuery = (query: Static<typeof HookQuery>) => ({
  listing: { ...decodePaging(query), ...decodeOrder(query.order) },
  ...(query.flavour !== undefined && { flavour: query.flavour as Hook['flavour'] }),
  ...(query.trigger !== undefined && { trigger: query.trigger }),
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

const encodeState = (thing: Shown<Hook> | Shown<HookVersion>) => ({
  code: thing.code,
  dependencies: [...thing.dependencies],
  runtime: thing.runtime,
  triggers: [...thing.triggers],
  allowedHosts: [...thing.allowedHosts],
  status: thing.status,
  errors: [...thing.errors],
  resolved: [...thing.resolved],
  secrets: thing.secrets.map(({ name, updatedAt }) => ({ name, updatedAt: encodeInstant(updatedAt) })),
  ...instantAt('builtAt', thing.builtAt),
  createdAt: encodeInstant(thing.createdAt),
  updatedAt: encodeInstant(thing.updatedAt),
})

export const encodeVersion = (version: Shown<HookVersion>): Static<typeof WireVersion> => ({
  id: version.id,
  hookId: version.hookId,
  versionNumber: version.versionNumber,
  ...encodeState(version),
})

export const encodeHook = (hook: HookWithDeployed): Static<typeof WireHook> => ({
  id: hook.id,
  number: hook.number,
  name: hook.name,
  flavour: hook.flavour,
  onFailure: hook.onFailure,
  runsAs: hook.runsAs,
  modifiesEvents: hook.modifiesEvents,
  timeoutMs: hook.timeoutMs,
  isEnabled: hook.isEnabled,
  applicationIds: [...hook.applicationIds],
  ...encodeState(hook),
  hasChanges: hook.hasChanges,
  ...(hook.deployedVersion && { deployedVersion: encodeVersion(hook.deployedVersion) }),
})

export const encodeBinding = ({
  id,
  trigger,
  hookId,
  position,
  displayName,
  ...rest
}: Binding | BindingWithHook): Static<typeof WireBinding> => ({
  id,
  trigger,
  hookId,
  ...('hook' in rest && { hookName: rest.hook.name }),
  position,
  displayName,
})

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

const compared = ['dependencies', 'runtime', 'triggers', 'allowedHosts', 'resolved'] as const

type Compared = Pick<HookVersion, 'code' | (typeof compared)[number]> & {
  secrets: readonly { name: string }[]
}

export const encodeDiff = (before: Compared, after: Compared): Static<typeof WireDiff> => {
  const fields = compared.map((field) => ({ field, before: before[field], after: after[field] }))
  const names = ({ secrets }: Compared) => secrets.map(({ name }) => name)
  const all = [...fields, { field: 'secrets', before: names(before), after: names(after) }]
  return {
    changes: all.filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after)),
    lines: diffLines(before.code.split('\n'), after.code.split('\n')),
  }
}

/** The longest common subsequence; code has at most some thousand lines, and what is alike at both ends is passed over. */
const diffLines = (before: readonly string[], after: readonly string[]): Static<typeof WireDiff>['lines'] => {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const same = (lines: readonly string[]) => lines.map((text) => ({ kind: 'same' as const, text }))
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(left, right),
    ...same(before.slice(before.length - end)),
  ]
}

const cellsLimit = 4_000_000

const diffMiddle = (left: readonly string[], right: readonly string[]): Static<typeof WireDiff>['lines'] => {
  const removed = (text: string) => ({ kind: 'removed' as const, text })
  const added = (text: string) => ({ kind: 'added' as const, text })
  if (left.length * right.length > cellsLimit) return [...left.map(removed), ...right.map(added)]
  const width = right.length + 1
  const lengths = new Uint16Array((left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        left[row] === right[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
    }
  }
  const lines: Static<typeof WireDiff>['lines'] = []
  let [row, column] = [0, 0]
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      lines.push({ kind: 'same', text: left[row]! })
      row += 1
      column += 1
    } else if (
      column >= right.length ||
      (row < left.length && lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!)
    ) {
      lines.push(removed(left[row]!))
      row += 1
    } else {
      lines.push(added(right[column]!))
      column += 1
    }
  }
  return lines
}
