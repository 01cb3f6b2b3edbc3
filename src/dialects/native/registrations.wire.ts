import Type, { type Static } from 'typebox'
import type { DiscreetRegistration } from '#core/registration/discreet.ts'
import type { RegistrationForm } from '#core/registration/form.ts'
import type { Register } from '#core/registration/register.ts'
import { Metadata } from './metadata.ts'

const Text = (maxLength = 300) => Type.String({ minLength: 1, maxLength })
const Id = Text()

export const NewRegistration = Type.Partial(
  Type.Object({
    email: Type.String({ format: 'email', maxLength: 320 }),
    username: Text(255),
    password: Text(1000),
    name: Text(),
    givenName: Text(),
    familyName: Text(),
    nickname: Text(),
    picture: Type.String({ format: 'uri', maxLength: 2000 }),
    phone: Text(50),
    userMetadata: Metadata,
    applicationId: Type.String({ minLength: 1, maxLength: 300, description: 'Its policy counts.' }),
    roles: Type.Array(Id, {
      maxItems: 50,
      description: 'Ids or names of roles that the policy lets a person choose.',
    }),
    invitation: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'The secret of an invitation’s link.',
    }),
    locale: Type.String({ pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$', maxLength: 35 }),
  }),
  { additionalProperties: false },
)

export const WireRegistration = Type.Object({
  status: Type.Enum(['active', 'awaiting-confirmation', 'awaiting-approval']),
  userId: Type.Optional(Type.String({ description: 'Only for who can sign in at once.' })),
  givenRoleIds: Type.Optional(Type.Array(Type.String())),
  requestedRoleIds: Type.Optional(Type.Array(Type.String(), { description: 'Somebody must approve first.' })),
})

export const FormQuery = Type.Object({ applicationId: Type.Optional(Id) })

export const WireForm = Type.Object({
  mode: Type.Enum(['open', 'invitation', 'approval', 'closed']),
  emailConfirmation: Type.Enum(['none', 'later', 'first']),
  needsEmail: Type.Boolean(),
  choices: Type.Array(
    Type.Object({
      roleId: Type.String(),
      name: Type.String(),
      description: Type.String(),
      grant: Type.Enum(['immediate', 'approval']),
    }),
  ),
})

export const decodeRegistration = (
  body: Static<typeof NewRegistration>,
  { ip, userAgent }: { ip: string; userAgent: string | undefined },
): Register => ({ ...body, ip, ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 1000) }) })

export const encodeRegistration = ({
  status,
  registered,
}: DiscreetRegistration): Static<typeof WireRegistration> => ({
  status,
  ...(registered && {
    userId: registered.user.id,
    givenRoleIds: [...registered.givenRoleIds],
    requestedRoleIds: [...registered.requestedRoleIds],
  }),
})

export const encodeForm = ({ choices, ...form }: RegistrationForm): Static<typeof WireForm> => ({
  ...form,
  choices: [...choices],
})
