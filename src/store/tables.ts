import type { Generated } from 'kysely'

/**
 * The tables as the typed queries see them; `migrations/` makes them. Tables that are only ever reached through a
 * collection (`table.ts`) need no columns here: their mapping is their type.
 */
export type Tables = {
  migrations: { name: string }
  writer: { id: number }
  users: UserRow
  identities: {
    provider: string
    subject: string
    user_id: string
    connection_name: string
    is_social: number
    profile: string
    created_at: number
  }
  roles: RoleRow
  role_inclusions: { role_id: string; included_role_id: string }
  role_exclusions: { role_id: string; other_role_id: string }
  assignments: AssignmentRow
  apis: Collected
  permissions: {
    number: Generated<number>
    api_id: string
    name: string
    description: string
    roles_changed_at: number | null
  }
  role_permissions: { number: Generated<number>; role_id: string; api_id: string; name: string }
  user_permissions: { number: Generated<number>; user_id: string; api_id: string; name: string }
  service_access: Collected
  entries: Collected
  applications: Collected
  client_grants: Collected
  connections: Collected
  organizations: Collected
  organization_connections: {
    number: Generated<number>
    organization_id: string
    connection_id: string
    assigns_membership_on_login: number
    is_signup_enabled: number
    shows_as_button: number
  }
  rooms: Collected
  memberships: { number: Generated<number>; user_id: string; scope: string; created_at: number }
  invitations: Collected
  role_requests: Collected
  rules: Collected
  tickets: Collected
  sessions: Collected
  hooks: Collected
  hook_versions: Collected
  hook_bindings: Collected
  executions: Collected & { started_at: number }
  sign_in_attempts: Collected
  jobs: Collected
  job_errors: {
    number: Generated<number>
    job_id: string
    item: string
    code: string
    message: string
    path: string
  }
  mails: Collected
  mail_templates: Collected
  second_factors: Collected
  passkey_challenges: Collected
  signing_keys: Collected
  settings: { name: string; value: string }
  events: EventRow
  deliveries: { consumer: string; event_number: number }
  protocol_records: ProtocolRecordRow
}

type Collected = { number: Generated<number>; id: string }

type UserRow = Collected & { username_key: string | null; email_key: string | null }

type RoleRow = Collected & { name_key: string; is_active: number; is_built_in: number }

export type AssignmentRow = {
  number: Generated<number>
  user_id: string
  role_id: string
  scope: string
  source: string
  source_id: string | null
  actor_kind: string
  actor_id: string
  door: string
  reason: string | null
  created_at: number
  expires_at: number | null
}

export type EventRow = {
  number: Generated<number>
  id: string
  type: string
  at: number
  door: string
  actor_kind: string
  actor_id: string
  user_id: string | null
  role_id: string | null
  scope: string | null
  target_kind: string | null
  target_id: string | null
  data: string | null
}

export type ProtocolRecordRow = {
  model: string
  id: string
  payload: string
  grant_id: string | null
  user_code: string | null
  uid: string | null
  consumed_at: number | null
  expires_at: number | null
}
