import Type, { type Static } from 'typebox'
import type {
  ConnectionSettings,
  EnabledConnection,
  PutOrganizationConnection,
} from '#core/organizations/connections.ts'
import { encodeConnectionId, requireConnectionId, requireOrganizationId } from './ids.ts'

const settings = {
  assign_membership_on_login: Type.Optional(
    Type.Boolean({ description: 'Whoever signs in this way becomes a member of the organization.' }),
  ),
  is_signup_enabled: Type.Optional(Type.Boolean({ description: 'People may sign up this way.' })),
  show_as_button: Type.Optional(Type.Boolean({ description: 'Shown as a button on the login page.' })),
}

/** @see specs: §1.13 of the Auth0 dialect */
export const WireEnabledConnection = Type.Object({
  connection_id: Type.String(),
  assign_membership_on_login: Type.Boolean(),
  is_signup_enabled: Type.Boolean(),
  show_as_button: Type.Boolean(),
  connection: Type.Object({ name: Type.String(), strategy: Type.String() }),
})

export const NewEnabledConnection = Type.Object(
  {
    connection_id: Type.String({ minLength: 1, maxLength: 300, description: 'ID of the connection.' }),
    ...settings,
  },
  { additionalProperties: false },
)

export const EnabledConnectionChanges = Type.Object(settings, { additionalProperties: false })

const decodeSettings = (body: Static<typeof EnabledConnectionChanges>): ConnectionSettings => {
  const {
    assign_membership_on_login: assignsMembershipOnLogin,
    is_signup_enabled: isSignupEnabled,
    show_as_button: showsAsButton,
  } = body
  return {
    ...(assignsMembershipOnLogin !== undefined && { assignsMembershipOnLogin }),
    ...(isSignupEnabled !== undefined && { isSignupEnabled }),
    ...(showsAsButton !== undefined && { showsAsButton }),
  }
}

export const decodeEnabledConnection = (body: Static<typeof NewEnabledConnection>) => ({
  connectionId: requireConnectionId(body.connection_id),
  ...decodeSettings(body),
})

export const decodeNewEnabledConnection = (
  wireOrganizationId: string,
  body: Static<typeof NewEnabledConnection>,
): PutOrganizationConnection => ({
  organizationId: requireOrganizationId(wireOrganizationId),
  ...decodeEnabledConnection(body),
  refuseExisting: true,
})

export const decodeConnectionKey = (params: { id: string; connection_id: string }) => ({
  organizationId: requireOrganizationId(params.id),
  connectionId: requireConnectionId(params.connection_id),
})

export const decodeEnabledConnectionChanges = (
  params: { id: string; connection_id: string },
  body: Static<typeof EnabledConnectionChanges>,
) => ({ ...decodeConnectionKey(params), ...decodeSettings(body) })

export const encodeEnabledConnection = (
  enabled: EnabledConnection,
): Static<typeof WireEnabledConnection> => ({
  connection_id: encodeConnectionId(enabled.connectionId),
  assign_membership_on_login: enabled.assignsMembershipOnLogin,
  is_signup_enabled: enabled.isSignupEnabled,
  show_as_button: enabled.showsAsButton,
  connection: { name: enabled.connection.name, strategy: enabled.connection.strategy },
})
