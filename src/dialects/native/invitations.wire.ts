import Type, { type Static } from 'typebox'
import type { CreatedInvitation, CreateInvitation } from '#core/invitations/create.ts'
import type { SentInvitation } from '#core/invitations/invitation.ts'
import { equal, every, type Listing } from '#core/listing.ts'
import { encodeInstant, Instant, instantAt } from './instants.ts'
import { Metadata } from './metadata.ts'
import { decodeOrder, decodePaging, orderBy, PageQuery } from './paging.ts'
import { decodeScope, ScopeText } from './scopes.ts'

const Id = Type.String({ minLength: 1, maxLength: 300 })

const fields = {
  applicationId: Type.Optional(Id),
  connectionId: Type.Optional(Id),
  inviterName: Type.String({ minLength: 1, maxLength: 300, description: 'As the mail names who invites.' }),
  message: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: 'A few words for the mail.' }),
  ),
  sendsMail: Type.Optional(
    Type.Boolean({ default: true, description: 'Mail it; otherwise pass the secret on yourself.' }),
  ),
  email: Type.String({ format: 'email', maxLength: 320 }),
  roles: Type.Optional(
    Type.Array(
      Type.Object({ roleId: Id, scope: Type.Optional(ScopeText) }, { additionalProperties: false }),
      { maxItems: 100, description: 'Default scope: the organization, or the workspace.' },
    ),
  ),
  userMetadata: Type.Optional(Metadata),
  appMetadata: Type.Optional(Metadata),
  lifetimeSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_592_000 })),
}

/** Into an organization that the address names. */
export const NewOrganizationInvitation = Type.Object(fields, { additionalProperties: false })

export const NewInvitation = Type.Object(
  { organizationId: Type.Optional(Id), ...fields },
  { additionalProperties: false },
)

export const WireInvitation = Type.Object({
  id: Type.String(),
  organizationId: Type.Optional(Type.String()),
  applicationId: Type.Optional(Type.String()),
  connectionId: Type.Optional(Type.String()),
  inviterName: Type.String(),
  message: Type.Optional(Type.String()),
  email: Type.String(),
  roles: Type.Array(Type.Object({ roleId: Type.String(), scope: Type.String() })),
  userMetadata: Metadata,
  appMetadata: Metadata,
  createdAt: Instant,
  expiresAt: Instant,
  sentAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'When its present link was sent, if not at first.' }),
  ),
  acceptedAt: Type.Optional(Instant),
  acceptedBy: Type.Optional(Type.String({ description: 'The id of the user who did.' })),
})

/** Just after it was made: whoever knows the secret can accept it, and it is shown this once. */
export const WireCreatedInvitation = Type.Object({ ...WireInvitation.properties, secret: Type.String() })

export const InvitationQuery = Type.Object({
  ...PageQuery,
  email: Type.Optional(Type.String({ maxLength: 320, description: 'Exactly, whatever its letter case.' })),
  accepted: Type.Optional(Type.Boolean()),
  ...orderBy('createdAt', 'expiresAt', 'email'),
})

export const decodeInvitationQuery = (query: Static<typeof InvitationQuery>): Listing => {
  const { email, accepted } = query
  const filter = every(
    email === undefined ? undefined : { ...equal('email', email), ignoreCase: true },
    accepted === undefined ? undefined : { field: 'acceptedAt', exists: accepted },
  )
  return { ...decodePaging(query), ...decodeOrder(query.order), ...(filter && { filter }) }
}

export const decodeNewInvitation = ({ roles, ...given }: Static<typeof NewInvitation>): CreateInvitation => ({
  ...given,
  ...(roles && {
    roles: roles.map(({ roleId, scope }) => ({
      roleId,
      ...(scope !== undefined && { scope: decodeScope(scope) }),
    })),
  }),
})

export const encodeInvitation = (invitation: SentInvitation): Static<typeof WireInvitation> => ({
  ...invitation,
  roles: [...invitation.roles],
  createdAt: encodeInstant(invitation.createdAt),
  expiresAt: encodeInstant(invitation.expiresAt),
  sentAt: instantAt('sentAt', invitation.sentAt).sentAt,
  acceptedAt: instantAt('acceptedAt', invitation.acceptedAt).acceptedAt,
})

export const encodeCreatedInvitation = (
  invitation: CreatedInvitation,
): Static<typeof WireCreatedInvitation> => ({ ...encodeInvitation(invitation), secret: invitation.secret })
