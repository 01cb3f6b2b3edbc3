import Type, { type Static } from 'typebox'
import type { CreatedInvitation, CreateInvitation } from '#core/invitations/create.ts'
import type { SentInvitation } from '#core/invitations/invitation.ts'
import type { JsonObject } from '#core/json.ts'
import type { Order } from '#core/listing.ts'
import { WireError } from './errors.ts'
import {
  decodeRoleId,
  encodeConnectionId,
  encodeInvitationId,
  encodeOrganizationId,
  encodeRoleId,
  requireConnectionId,
  requireOrganizationId,
} from './ids.ts'

const Metadata = Type.Object({}, { additionalProperties: true })

export const NewInvitation = Type.Object(
  {
    inviter: Type.Object(
      { name: Type.String({ minLength: 1, maxLength: 300, description: "The inviter's name." }) },
      { additionalProperties: false },
    ),
    invitee: Type.Object(
      { email: Type.String({ format: 'email', description: "The invitee's email." }) },
      { additionalProperties: false },
    ),
    client_id: Type.String({ minLength: 1, maxLength: 300, description: 'Where the invitee will sign in.' }),
    connection_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    app_metadata: Type.Optional(Metadata),
    user_metadata: Type.Optional(Metadata),
    ttl_sec: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'Seconds until the invitation expires; 604800 (a week) when it is 0 or left out.',
      }),
    ),
    roles: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 50,
        description: 'Roles that the invitee will hold in the organization.',
      }),
    ),
    send_invitation_email: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/** All optional, because clients may ask for some fields only. @see specs: §1.13 of the Auth0 dialect */
export const WireInvitation = Type.Object({
  id: Type.Optional(Type.String()),
  organization_id: Type.Optional(Type.String()),
  inviter: Type.Optional(Type.Object({ name: Type.String() })),
  invitee: Type.Optional(Type.Object({ email: Type.String() })),
  invitation_url: Type.Optional(
    Type.String({ description: 'Only when it is made: the link is kept as a digest.' }),
  ),
  ticket_id: Type.Optional(Type.String({ description: 'As `invitation_url`.' })),
  created_at: Type.Optional(Type.String()),
  expires_at: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  connection_id: Type.Optional(Type.String()),
  roles: Type.Optional(Type.Array(Type.String())),
  app_metadata: Type.Optional(Metadata),
  user_metadata: Type.Optional(Metadata),
})

export const decodeNewInvitation = (
  wireOrganizationId: string,
  body: Static<typeof NewInvitation>,
): CreateInvitation => ({
  organizationId: requireOrganizationId(wireOrganizationId),
  applicationId: body.client_id,
  ...(body.connection_id !== undefined && { connectionId: requireConnectionId(body.connection_id) }),
  inviterName: body.inviter.name,
  email: body.invitee.email.toLowerCase(),
  ...(body.roles && { roles: body.roles.map((wireId) => ({ roleId: decodeInvitedRole(wireId) })) }),
  ...(body.app_metadata && { appMetadata: body.app_metadata as JsonObject }),
  ...(body.user_metadata && { userMetadata: body.user_metadata as JsonObject }),
  ...(body.send_invitation_email !== undefined && { sendsMail: body.send_invitation_email }),
  ...(body.ttl_sec && { lifetimeSeconds: body.ttl_sec }),
})

const decodeInvitedRole = (wireId: string): string => {
  const id = decodeRoleId(wireId)
  if (id === undefined) throw missingRole(wireId)
  return id
}

/** What the vendor says when an invitation names a role that is not there. */
export const missingRole = (wireId: string): WireError =>
  new WireError(400, `One or more of the specified roles do not exist: ${wireId}`, 'invalid_body')

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

export const encodeInvitation = (invitation: SentInvitation): Static<typeof WireInvitation> => {
  const { organizationId, applicationId, connectionId, roles } = invitation
  return {
    id: encodeInvitationId(invitation.id),
    ...(organizationId !== undefined && { organization_id: encodeOrganizationId(organizationId) }),
    inviter: { name: invitation.inviterName },
    invitee: { email: invitation.email },
    created_at: instant(invitation.createdAt),
    expires_at: instant(invitation.expiresAt),
    ...(applicationId !== undefined && { client_id: applicationId }),
    ...(connectionId !== undefined && { connection_id: encodeConnectionId(connectionId) }),
    roles: [...new Set(roles.map(({ roleId }) => encodeRoleId(roleId)))],
    app_metadata: invitation.appMetadata,
    user_metadata: invitation.userMetadata,
  }
}

/** With its link, which nobody is told again. */
export const encodeCreatedInvitation = (
  { secret, ...invitation }: CreatedInvitation,
  issuer: string,
): Static<typeof WireInvitation> => {
  const encoded = encodeInvitation(invitation)
  const url = new URL('invitation', issuer)
  url.searchParams.set('invitation', secret)
  if (encoded.organization_id !== undefined) url.searchParams.set('organization', encoded.organization_id)
  return { ...encoded, invitation_url: url.href, ticket_id: secret }
}

/** `created_at:1` or `created_at:-1`; the newest last unless it is given. */
export const decodeInvitationSort = (sort = 'created_at:1'): Order[] => {
  const [, direction] = /^created_at:(-?1)$/u.exec(sort) ?? []
  if (direction === undefined) {
    const message = "Query validation error: 'Expected created_at:1 or created_at:-1' on property sort."
    throw new WireError(400, message, 'invalid_query_string')
  }
  return [{ field: 'number', direction: direction === '1' ? 'ascending' : 'descending' }]
}
