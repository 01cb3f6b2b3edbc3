import Type, { type Static } from 'typebox'
import type { FactorsOfUser } from '#core/second-factors/manage.ts'
import { UserParams } from './profiles.wire.ts'

/** @see specs: §1.5.2 of the Auth0 dialect */
export const AuthenticationMethod = Type.Object({
  id: Type.String(),
  type: Type.String(),
  confirmed: Type.Boolean(),
  name: Type.Optional(Type.String()),
  created_at: Type.String(),
  last_auth_at: Type.Optional(Type.String()),
})

/** The older form of the same. */
export const Enrollment = Type.Object({
  id: Type.String(),
  status: Type.String(),
  type: Type.String(),
  name: Type.Optional(Type.String()),
  enrolled_at: Type.Optional(Type.String()),
  last_auth: Type.Optional(Type.String()),
})

export const MethodParams = Type.Object({
  ...UserParams.properties,
  methodId: Type.String({ description: 'ID of the authentication method.' }),
})

const iso = (at: number): string => new Date(at).toISOString()

/** `totp|dev_…` for an app, `passkey|dev_…` for a passkey; what stands behind the last underscore is ours. */
const encodeMethodId = ({ id, kind }: FactorsOfUser['factors'][number]): string => `${kind}|dev_${id}`

export const decodeMethodId = (wireId: string): string => /^\w+\|dev_(.+)$/u.exec(wireId)?.[1] ?? wireId

export const encodeAuthenticationMethods = ({
  factors,
}: FactorsOfUser): (Static<typeof AuthenticationMethod> & { number: number })[] =>
  factors.map((factor, at) => ({
    // What lists page by; it is not sent.
    number: at + 1,
    id: encodeMethodId(factor),
    type: factor.kind,
    confirmed: factor.isConfirmed,
    ...(factor.name !== '' && { name: factor.name }),
    created_at: iso(factor.createdAt),
    ...(factor.usedAt !== undefined && { last_auth_at: iso(factor.usedAt) }),
  }))

export const encodeEnrollments = ({ factors }: FactorsOfUser): Static<typeof Enrollment>[] =>
  factors.map((factor) => ({
    id: encodeMethodId(factor),
    status: factor.isConfirmed ? 'confirmed' : 'pending',
    type: factor.kind === 'totp' ? 'authenticator' : 'webauthn-platform',
    ...(factor.name !== '' && { name: factor.name }),
    ...(factor.isConfirmed && { enrolled_at: iso(factor.createdAt) }),
    ...(factor.usedAt !== undefined && { last_auth: iso(factor.usedAt) }),
  }))
