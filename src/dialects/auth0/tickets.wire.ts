import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'
import { DomainError } from '#core/refusals.ts'
import type { CreatedTicket, CreateTicket } from '#core/tickets/create.ts'
import { WireError } from './errors.ts'
import { decodeOrganizationId, decodeUserId, requireConnectionId } from './ids.ts'
import { UserId } from './profiles.wire.ts'

/** Where a person goes afterwards; nothing that a browser would run. */
const resultUrl = Type.Optional(
  Type.String({
    maxLength: 2048,
    pattern: '^https?://',
    format: 'uri',
    description: 'URL the user will be redirected to once the ticket is used.',
  }),
)

const common = {
  result_url: resultUrl,
  client_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  organization_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  ttl_sec: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      description: 'Seconds for which the ticket is valid; 432000 (five days) when it is 0 or left out.',
    }),
  ),
  includeEmailInRedirect: Type.Optional(Type.Boolean()),
  identity: Type.Optional(
    Type.Object(
      {
        user_id: Type.String({ minLength: 1 }),
        provider: Type.String({ minLength: 1 }),
        connection_id: Type.Optional(Type.String({ minLength: 1 })),
      },
      { additionalProperties: false },
    ),
  ),
}

export const PasswordChangeTicket = Type.Object(
  {
    ...common,
    user_id: Type.Optional(UserId),
    email: Type.Optional(Type.String({ format: 'email', description: 'Together with connection_id.' })),
    connection_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    mark_email_as_verified: Type.Optional(Type.Boolean()),
    new_password: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)

export const EmailVerificationTicket = Type.Object(
  { ...common, user_id: UserId },
  { additionalProperties: false },
)

/** @see specs: §1.14 of the Auth0 dialect */
export const WireTicket = Type.Object({ ticket: Type.String() })

type Common = Static<typeof EmailVerificationTicket>

export const decodePasswordChange = (body: Static<typeof PasswordChangeTicket>): CreateTicket => {
  if (body.new_password !== undefined) {
    // It would be known to whoever made the link, and lie about until the link is used.
    throw new DomainError({ code: 'unsupported', what: 'a new password in the ticket (new_password)' })
  }
  const { user_id: userId, email, connection_id: connectionId } = body
  const ticket = {
    purpose: 'change-password' as const,
    ...lifetimeOf(body),
    data: {
      ...dataOf(body),
      ...(body.mark_email_as_verified !== undefined && { markEmailAsVerified: body.mark_email_as_verified }),
    },
  }
  if (userId !== undefined && email === undefined && connectionId === undefined) {
    refuseOtherIdentity({ ...body, user_id: userId })
    return { ...ticket, userId: decodeUserId(userId) }
  }
  if (userId === undefined && email !== undefined && connectionId !== undefined) {
    return { ...ticket, email, connectionId: requireConnectionId(connectionId) }
  }
  const message = "Payload validation error: 'Expected user_id, or email with connection_id'."
  throw new WireError(400, message, 'invalid_body')
}

export const decodeEmailVerification = (body: Common): CreateTicket => {
  refuseOtherIdentity(body)
  return {
    purpose: 'verify-email',
    userId: decodeUserId(body.user_id),
    ...lifetimeOf(body),
    data: dataOf(body),
  }
}

const lifetimeOf = ({ ttl_sec: seconds }: Pick<Common, 'ttl_sec'>) =>
  seconds ? { lifetimeSeconds: seconds } : {}

/** What the page behind the link will want to know. */
const dataOf = (body: Omit<Common, 'user_id'>): JsonObject => {
  const organizationId =
    body.organization_id === undefined ? undefined : decodeOrganizationId(body.organization_id)
  return {
    ...(body.result_url !== undefined && { resultUrl: body.result_url }),
    ...(body.client_id !== undefined && { applicationId: body.client_id }),
    ...(organizationId !== undefined && { organizationId }),
    ...(body.includeEmailInRedirect !== undefined && { showsEmail: body.includeEmailInRedirect }),
  }
}

/** The address and the password are the user's own here, never those of an identity linked to him. */
const refuseOtherIdentity = ({ identity, user_id: wireId }: Pick<Common, 'identity' | 'user_id'>): void => {
  if (!identity || decodeUserId(`${identity.provider}|${identity.user_id}`) === decodeUserId(wireId)) return
  throw new DomainError({ code: 'unsupported', what: 'tickets for a linked identity' })
}

const pages: Partial<Record<CreatedTicket['purpose'], string>> = {
  'change-password': 'lo/reset',
  'verify-email': 'lo/verify_email',
}

/** The link that carries the ticket's secret, told once. */
export const encodeTicket = (
  { purpose, secret }: Pick<CreatedTicket, 'purpose' | 'secret'>,
  issuer: string,
): Static<typeof WireTicket> => {
  const url = new URL(pages[purpose] ?? '', issuer)
  url.searchParams.set('ticket', secret)
  return { ticket: url.href }
}
