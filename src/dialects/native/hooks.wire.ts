import Type, { type Static } from 'typebox'
import type { BindingWithHook } from '#core/hooks/bindings.ts'
import type { CreateHook } from '#core/hooks/create.ts'
import type { Binding, Hook, HookVersion, Shown } from '#core/hooks/hook.ts'
import type { HookWithDeployed } from '#core/hooks/read.ts'
import type { GivenSecret } from '#core/hooks/rules.ts'
import type { UpdateHook } from '#core/hooks/update.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
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

export const HookQuery = Type.Object({
  ...PageQuery,
  flavour: Type.Optional(Flavour),
  trigger: Type.Optional(Type.String({ maxLength: 200 })),
  ...orderBy('createdAt', 'name', 'updatedAt'),
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
