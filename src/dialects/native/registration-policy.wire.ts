import Type, { type Static } from 'typebox'
import type { ShownPolicy } from '#core/registration/policies.ts'
import type { PolicyChanges } from '#core/registration/policy.ts'
import { decodeScope, ScopeText } from './scopes.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const Mode = Type.Enum(['open', 'invitation', 'approval', 'closed'])
const Confirmation = Type.Enum(['none', 'later', 'first'])
const Grant = Type.Enum(['immediate', 'approval'])

const placed = { roleId: Id, scope: Type.Optional(ScopeText) }

export const PolicyPatch = Type.Partial(
  Type.Object({
    mode: nullable(Mode),
    emailDomains: nullable(
      Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
        maxItems: 1000,
        description: 'Only addresses in one of them may register; empty: any.',
      }),
    ),
    emailConfirmation: nullable(Confirmation),
    defaultRoles: nullable(
      Type.Array(Type.Object(placed, { additionalProperties: false }), {
        maxItems: 100,
        description: 'What everybody gets. Default scope: the workspace.',
      }),
    ),
    selectableRoles: nullable(
      Type.Array(Type.Object({ ...placed, grant: Grant }, { additionalProperties: false }), {
        maxItems: 200,
        description: 'What a person may name when he registers, or ask for later.',
      }),
    ),
  }),
  {
    additionalProperties: false,
    minProperties: 1,
    description: '`null` goes back to what the workspace says; for the workspace to how it began.',
  },
)

export const WirePolicy = Type.Object({
  mode: Mode,
  emailDomains: Type.Array(Type.String()),
  emailConfirmation: Confirmation,
  defaultRoles: Type.Array(Type.Object({ roleId: Type.String(), scope: Type.String() })),
  selectableRoles: Type.Array(Type.Object({ roleId: Type.String(), scope: Type.String(), grant: Grant })),
  own: Type.Array(Type.String(), {
    description: 'The fields that are set here; the others are as the workspace says, or as it began.',
  }),
})

export const decodePolicyPatch = ({
  defaultRoles,
  selectableRoles,
  ...changes
}: Static<typeof PolicyPatch>): PolicyChanges => ({
  ...changes,
  ...(defaultRoles !== undefined && { defaultRoles: defaultRoles === null ? null : defaultRoles.map(place) }),
  ...(selectableRoles !== undefined && {
    selectableRoles: selectableRoles === null ? null : selectableRoles.map(place),
  }),
})

const place = <Placed extends { scope?: string }>({ scope, ...role }: Placed) => ({
  ...role,
  scope: decodeScope(scope),
})

export const encodePolicy = (policy: ShownPolicy): Static<typeof WirePolicy> => ({
  ...policy,
  emailDomains: [...policy.emailDomains],
  defaultRoles: [...policy.defaultRoles],
  selectableRoles: [...policy.selectableRoles],
  own: [...policy.own],
})
