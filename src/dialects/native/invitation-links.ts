import Type, { type Static } from 'typebox'
import { acceptInvitation } from '#core/invitations/accept.ts'
import { type InvitationPreview, previewInvitation } from '#core/invitations/preview.ts'
import { encodeInstant, Instant } from './instants.ts'
import { encodeInvitation, WireInvitation } from './invitations.wire.ts'
import type { NativeRoutes } from './parts.ts'

/** In the body, because addresses end up in logs. */
const Secret = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 300, description: 'What the link carries.' }) },
  { additionalProperties: false },
)

const WirePreview = Type.Object({
  email: Type.String(),
  inviterName: Type.String(),
  message: Type.Optional(Type.String()),
  expiresAt: Instant,
  applicationId: Type.Optional(Type.String()),
  connectionId: Type.Optional(Type.String()),
  organization: Type.Optional(
    Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  ),
  roles: Type.Array(Type.Object({ name: Type.String(), scope: Type.String() })),
  hasAccount: Type.Boolean({ description: 'Its owner signs in to accept it; others register with it.' }),
})

const encodePreview = (preview: InvitationPreview): Static<typeof WirePreview> => ({
  ...preview,
  roles: [...preview.roles],
  expiresAt: encodeInstant(preview.expiresAt),
})

/** What whoever holds the link of an invitation does with it. */
export const invitationLinkRoutes: NativeRoutes = async (app, { run }) => {
  app.post(
    '/invitations/preview',
    {
      config: { access: { anonymous: 'the secret of the invitation is the credential' } },
      schema: { summary: 'Show what an invitation is to', body: Secret, response: { 200: WirePreview } },
    },
    async ({ body, actor }) => encodePreview(await run(previewInvitation, body, actor)),
  )

  app.post(
    '/invitations/accept',
    {
      config: {
        access: { authenticated: 'whoever is signed in and holds the secret; others register with it' },
      },
      schema: {
        summary: 'Accept an invitation with the account one is signed in to',
        description: 'Who has no account registers with `invitation`.',
        body: Secret,
        response: { 200: WireInvitation },
      },
    },
    async ({ body, actor }) => encodeInvitation((await run(acceptInvitation, body, actor)).invitation),
  )
}
