import Type, { type Static } from 'typebox'
import type { BindingWithHook, NewBinding } from '#core/hooks/bindings.ts'
import type { CreateHook } from '#core/hooks/create.ts'
import type { Dependency, Execution, Hook, HookVersion, Shown } from '#core/hooks/hook.ts'
import type { HookWithDeployed } from '#core/hooks/read.ts'
import type { GivenSecret } from '#core/hooks/rules.ts'
import type { UpdateHook } from '#core/hooks/update.ts'
import { DomainError } from '#core/refusals.ts'
import { isEventTrigger, isTrigger } from '#core/triggers.ts'
import { currentVersion, decodeTrigger, encodeTrigger, isAuth0Trigger } from './actions.triggers.ts'
import { decodeUuid, encodeUuid } from './ids.ts'
import type { ActionTrials } from './parts.ts'

/** @see specs: §1.11 of the Auth0 dialect */
const Dependencies = Type.Array(
  Type.Object({
    name: Type.String(),
    version: Type.Optional(Type.String()),
    resolved_version: Type.Optional(
      Type.String({ description: 'Extension: the version that was installed, in answers about versions.' }),
    ),
  }),
)
const Triggers = Type.Array(Type.Object({ id: Type.String(), version: Type.String() }))
const Secrets = Type.Array(Type.Object({ name: Type.String(), updated_at: Type.String() }))

const versionFields = {
  id: Type.String(),
  code: Type.String(),
  runtime: Type.String(),
  status: Type.String(),
  number: Type.Integer(),
  created_at: Type.String(),
  updated_at: Type.String(),
}

export const WireVersion = Type.Object({
  ...versionFields,
  action_id: Type.String(),
  dependencies: Dependencies,
  deployed: Type.Boolean(),
  secrets: Secrets,
  errors: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), msg: Type.String(), url: Type.String() })),
  ),
  built_at: Type.Optional(Type.String()),
  supported_triggers: Triggers,
  action: Type.Optional(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      supported_triggers: Triggers,
      created_at: Type.String(),
      updated_at: Type.String(),
      all_changes_deployed: Type.Boolean(),
    }),
  ),
})

export const WireAction = Type.Object({
  id: Type.String(),
  name: Type.String(),
  supported_triggers: Triggers,
  created_at: Type.String(),
  updated_at: Type.String(),
  code: Type.String(),
  dependencies: Dependencies,
  runtime: Type.String(),
  status: Type.String(),
  secrets: Secrets,
  all_changes_deployed: Type.Boolean(),
  errors: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), msg: Type.String(), url: Type.String() })),
  ),
  deployed_version: Type.Optional(WireVersion),
  current_version: Type.Optional(Type.Object({ ...versionFields, build_time: Type.Optional(Type.String()) })),
})

export const WireBinding = Type.Object({
  id: Type.String(),
  trigger_id: Type.String(),
  action: WireAction,
  created_at: Type.String(),
  updated_at: Type.String(),
  display_name: Type.String(),
})

export const WireExecution = Type.Object({
  id: Type.String(),
  trigger_id: Type.String(),
  status: Type.String(),
  results: Type.Array(
    Type.Object({
      action_name: Type.String(),
      error: Type.Union([
        Type.Object({ id: Type.String(), msg: Type.String(), url: Type.String() }),
        Type.Null(),
      ]),
      started_at: Type.String(),
      ended_at: Type.Optional(Type.String()),
      response: Type.Optional(
        Type.Object({
          logs: Type.String(),
          stats: Type.Object({ total_runtime_execution_duration_ms: Type.Integer() }),
        }),
      ),
    }),
  ),
  created_at: Type.String(),
  updated_at: Type.String(),
})

export const WireTrigger = Type.Object({
  id: Type.String(),
  version: Type.String(),
  status: Type.String(),
  runtimes: Type.Array(Type.String()),
  default_runtime: Type.String(),
  binding_policy: Type.String(),
  compatible_triggers: Triggers,
})

const fields = {
  name: Type.String({ minLength: 1, maxLength: 255, description: 'The name of an action.' }),
  supported_triggers: Type.Array(
    Type.Object(
      {
        id: Type.String({ minLength: 1, maxLength: 200 }),
        version: Type.Optional(Type.String({ maxLength: 20 })),
        url: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
    { minItems: 1, maxItems: 20, description: 'The list of triggers that this action supports.' },
  ),
  code: Type.Optional(Type.String({ description: 'The source code of the action.' })),
  dependencies: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 214 }),
          version: Type.Optional(Type.String({ maxLength: 100 })),
          registry_url: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
      {
        description: 'The list of third party npm modules, and their versions, that this action depends on.',
      },
    ),
  ),
  runtime: Type.Optional(Type.String({ pattern: '^node\\d+(-actions)?$', description: 'The Node runtime.' })),
  secrets: Type.Optional(
    Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1 }), value: Type.Optional(Type.String()) },
        { additionalProperties: false },
      ),
      { description: 'The list of secrets that are included in an action or a version of an action.' },
    ),
  ),
  modules: Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true }))),
}

export const NewAction = Type.Object(
  { ...fields, deploy: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export const ActionChanges = Type.Partial(Type.Object(fields), { additionalProperties: false })

export const BindingList = Type.Object(
  {
    bindings: Type.Array(
      Type.Object(
        {
          ref: Type.Object(
            {
              type: Type.Enum(['binding_id', 'action_id', 'action_name']),
              value: Type.String({ minLength: 1 }),
            },
            { additionalProperties: false, description: 'A reference to an action.' },
          ),
          display_name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
          secrets: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 0 })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 20, description: 'The actions that will be bound to this trigger, in their order.' },
    ),
  },
  { additionalProperties: false },
)

type Body = Partial<Static<typeof NewAction>>

const decodeScript = (body: Body) => {
  if (body.modules && body.modules.length > 0) throw new DomainError({ code: 'unsupported', what: 'modules' })
  if (body.dependencies?.some(({ registry_url: registry }) => registry !== undefined && registry !== ''))
    throw new DomainError({ code: 'unsupported', what: 'registry_url of a dependency' })
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.code !== undefined && { code: body.code }),
    ...(body.runtime !== undefined && { runtime: body.runtime }),
    ...(body.dependencies && {
      dependencies: body.dependencies.map(
        ({ name, version }): Dependency => ({ name, ...(version !== undefined && { version }) }),
      ),
    }),
    ...(body.supported_triggers && {
      triggers: body.supported_triggers.map(({ id, version }) => {
        const name = decodeTrigger(id)
        if (!isAuth0Trigger(id) && !isTrigger(name) && !isEventTrigger(name))
          throw new DomainError({
            code: 'invalid',
            field: 'supportedTriggers',
            reason: `There is no trigger ${JSON.stringify(id)}.`,
          })
        return { name, version: version ?? currentVersion(id) }
      }),
    }),
  }
}

export const decodeNewAction = (body: Static<typeof NewAction>): CreateHook => ({
  ...decodeScript(body),
  name: body.name,
  flavour: 'action',
  ...(body.secrets && { secrets: body.secrets as GivenSecret[] }),
  ...(body.deploy && { deploy: true }),
})

export const decodeActionChanges = (hookId: string, body: Static<typeof ActionChanges>): UpdateHook => ({
  hookId,
  changes: decodeScript(body),
  ...(body.secrets && { secrets: body.secrets as GivenSecret[] }),
})

export const decodeBindings = ({ bindings }: Static<typeof BindingList>): NewBinding[] =>
  bindings.map(({ ref: { type, value }, display_name: displayName }) => ({
    ref:
      type === 'action_name'
        ? { name: value, flavour: 'action' }
        : type === 'action_id'
          ? { hookId: decodeUuid(value) }
          : { bindingId: decodeUuid(value) },
    ...(displayName !== undefined && { displayName }),
  }))

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

const encodeTriggers = (triggers: Hook['triggers']) =>
  triggers.map(({ name, version }) => ({ id: encodeTrigger(name), version: version ?? 'v1' }))

const encodeSecrets = (secrets: Shown<Hook>['secrets']) =>
  secrets.map(({ name, updatedAt }) => ({ name, updated_at: instant(updatedAt) }))

const encodeErrors = (errors: Hook['errors']) =>
  errors.length === 0
    ? {}
    : { errors: errors.map(({ code, message }) => ({ id: code, msg: message, url: '' })) }

type VersionOf = Pick<
  Hook,
  'id' | 'name' | 'triggers' | 'createdAt' | 'updatedAt' | 'hasChanges' | 'deployedVersionId'
>

export const encodeVersion = (
  version: Shown<HookVersion>,
  hook: VersionOf,
  { deployed = hook.deployedVersionId === version.id, withAction = true } = {},
): Static<typeof WireVersion> => ({
  ...encodeVersionFields(version),
  action_id: encodeUuid(version.hookId),
  dependencies: version.dependencies.map((dependency) => {
    const resolved = version.resolved.find(({ name }) => name === dependency.name)
    return { ...dependency, ...(resolved && { resolved_version: resolved.version }) }
  }),
  deployed,
  secrets: encodeSecrets(version.secrets),
  ...encodeErrors(version.errors),
  ...(version.builtAt !== undefined && { built_at: instant(version.builtAt) }),
  supported_triggers: encodeTriggers(version.triggers),
  ...(withAction && {
    action: {
      id: encodeUuid(hook.id),
      name: hook.name,
      supported_triggers: encodeTriggers(hook.triggers),
      created_at: instant(hook.createdAt),
      updated_at: instant(hook.updatedAt),
      all_changes_deployed: !hook.hasChanges,
    },
  }),
})

const encodeVersionFields = (version: Shown<HookVersion>) => ({
  id: encodeUuid(version.id),
  code: version.code,
  runtime: version.runtime,
  status: version.status,
  number: version.versionNumber,
  created_at: instant(version.createdAt),
  updated_at: instant(version.updatedAt),
})

export const encodeAction = (hook: HookWithDeployed): Static<typeof WireAction> => {
  const { deployedVersion } = hook
  return {
    id: encodeUuid(hook.id),
    name: hook.name,
    supported_triggers: encodeTriggers(hook.triggers),
    created_at: instant(hook.createdAt),
    updated_at: instant(hook.updatedAt),
    code: hook.code,
    dependencies: [...hook.dependencies],
    runtime: hook.runtime,
    status: hook.status,
    secrets: encodeSecrets(hook.secrets),
    all_changes_deployed: !hook.hasChanges,
    ...encodeErrors(hook.errors),
    ...(deployedVersion && {
      deployed_version: encodeVersion(deployedVersion, hook, { withAction: false }),
      current_version: {
        ...encodeVersionFields(deployedVersion),
        status: deployedVersion.status.toUpperCase(),
        ...(deployedVersion.builtAt !== undefined && { build_time: instant(deployedVersion.builtAt) }),
      },
    }),
  }
}

export const encodeBinding = (binding: BindingWithHook): Static<typeof WireBinding> => ({
  id: encodeUuid(binding.id),
  trigger_id: encodeTrigger(binding.trigger),
  action: encodeAction(binding.hook),
  created_at: instant(binding.createdAt),
  updated_at: instant(binding.updatedAt),
  display_name: binding.displayName,
})

/** All hooks that ran on one occasion, as the vendor's one execution. */
export const encodeRun = (executions: readonly Execution[]): Static<typeof WireExecution> => {
  const [first] = executions
  const isPending = executions.some(({ status }) => status === 'running')
  const hasFailed = executions.some(({ status }) => status === 'failed')
  return {
    id: encodeUuid(first!.runId),
    trigger_id: encodeTrigger(first!.trigger),
    status: isPending ? 'pending' : hasFailed ? 'partial' : 'final',
    results: executions.map((execution) => ({
      action_name: execution.hookName,
      error: execution.failure
        ? { id: execution.failure.kind, msg: execution.failure.message, url: '' }
        : null,
      started_at: instant(execution.startedAt),
      ...(execution.endedAt !== undefined && { ended_at: instant(execution.endedAt) }),
      response: {
        logs: execution.log.map(({ text }) => text).join('\n'),
        stats: { total_runtime_execution_duration_ms: execution.durationMs ?? 0 },
      },
    })),
    created_at: instant(first!.startedAt),
    updated_at: instant(Math.max(...executions.map(({ endedAt, startedAt }) => endedAt ?? startedAt))),
  }
}

/** @see specs: §4.9 of the Auth0 dialect */
export const TestResult = Type.Object({
  payload: Type.Object({
    logs: Type.String(),
    mutations: Type.Array(Type.Object({ type: Type.String() }, { additionalProperties: true })),
    error: Type.Union([
      Type.Object({ name: Type.String(), message: Type.String(), stack: Type.Optional(Type.String()) }),
      Type.Null(),
    ]),
    stats: Type.Object({ total_runtime_execution_duration_ms: Type.Integer() }),
  }),
})

export const encodeTest = ({
  output,
  log,
  failure,
  durationMs,
}: Awaited<ReturnType<ActionTrials['tryDraft']>>): Static<typeof TestResult> => {
  const { intents } = (output ?? {}) as { intents?: { type: string }[] }
  return {
    payload: {
      logs: log.map(({ text }) => text).join('\n'),
      mutations: intents ?? [],
      error: failure
        ? {
            name: failure.kind,
            message: failure.message,
            ...(failure.stack !== undefined && { stack: failure.stack }),
          }
        : null,
      stats: { total_runtime_execution_duration_ms: durationMs },
    },
  }
}
