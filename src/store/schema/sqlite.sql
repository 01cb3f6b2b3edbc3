-- What the migrations lead to. Written by `npm run generate`.

CREATE TABLE apis (
  number integer primary key autoincrement,
  id text not null unique,
  identifier text not null unique,
  name text not null,
  is_built_in integer not null,
  signing_algorithm text not null,
  token_lifetime_seconds integer not null,
  web_token_lifetime_seconds integer not null,
  allows_offline_access integer not null,
  enforces_permissions integer,
  token_dialect text,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE TABLE applications (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null,
  description text not null,
  kind text not null,
  sealed_secret text,
  is_first_party integer not null,
  is_active integer not null,
  is_global integer not null,
  grant_types text not null,
  token_endpoint_auth_method text not null,
  callbacks text not null,
  allowed_logout_urls text not null,
  web_origins text not null,
  sealed_api_key text,
  api_key_digest text unique,
  default_role_id text,
  metadata text not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE TABLE assignments (
  number integer primary key autoincrement,
  user_id text not null references users (id),
  role_id text not null references roles (id),
  scope text not null,
  source text not null,
  source_id text,
  actor_kind text not null,
  actor_id text not null,
  door text not null,
  reason text,
  created_at integer not null,
  expires_at integer
) strict;

CREATE UNIQUE INDEX assignments_key on assignments (user_id, scope, role_id);

CREATE INDEX assignments_role on assignments (role_id, scope, number);

CREATE INDEX assignments_scope on assignments (scope, number);

CREATE TABLE client_grants (
  number integer primary key autoincrement,
  id text not null unique,
  application_id text not null references applications (id),
  api_id text not null references apis (id),
  permissions text not null,
  allows_all integer not null,
  subject_type text not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE INDEX client_grants_api on client_grants (api_id);

CREATE UNIQUE INDEX client_grants_key on client_grants (application_id, api_id, subject_type);

CREATE TABLE connections (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null unique,
  display_name text,
  strategy text not null,
  options text not null,
  application_ids text not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
, policy_chosen_at integer) strict;

CREATE TABLE deliveries (
  consumer text primary key,
  event_number integer not null
) strict;

CREATE TABLE entries (
  number integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  owner text not null,
  name text not null,
  name_key text not null,
  data text not null,
  sealed_value text,
  created_by integer,
  updated_by integer,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE UNIQUE INDEX entries_key on entries (kind, owner, name_key);

CREATE INDEX entries_owner on entries (owner);

CREATE TABLE events (
  number integer primary key autoincrement,
  id text not null unique,
  type text not null,
  at integer not null,
  door text not null,
  actor_kind text not null,
  actor_id text not null,
  user_id text,
  role_id text,
  scope text,
  target_kind text,
  target_id text,
  data text
) strict;

CREATE INDEX events_at on events (at);

CREATE INDEX events_type on events (type, number);

CREATE INDEX events_user on events (user_id, number);

CREATE TABLE executions (
  number integer primary key autoincrement,
  id text not null unique,
  run_id text not null,
  "trigger" text not null,
  hook_id text not null,
  hook_name text not null,
  version_id text,
  status text not null,
  input text not null,
  output text,
  log text not null,
  calls text not null,
  failure text,
  user_id text,
  application_id text,
  claim text unique,
  started_at integer not null,
  ended_at integer,
  duration_ms integer
) strict;

CREATE INDEX executions_hook on executions (hook_id, number);

CREATE INDEX executions_run on executions (run_id, number);

CREATE INDEX executions_started on executions (started_at);

CREATE INDEX executions_user on executions (user_id, number);

CREATE TABLE hook_bindings (
  number integer primary key autoincrement,
  id text not null unique,
  "trigger" text not null,
  hook_id text not null references hooks (id),
  "position" integer not null,
  display_name text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE INDEX hook_bindings_hook on hook_bindings (hook_id);

CREATE INDEX hook_bindings_trigger on hook_bindings ("trigger", "position", number);

CREATE TABLE hook_versions (
  number integer primary key autoincrement,
  id text not null unique,
  hook_id text not null references hooks (id),
  version_number integer not null,
  code text not null,
  dependencies text not null,
  secrets text not null,
  runtime text not null,
  triggers text not null,
  allowed_hosts text not null,
  build_id text not null,
  status text not null,
  errors text not null,
  resolved text not null,
  lock text not null,
  built_at integer,
  created_at integer not null,
  updated_at integer not null,
  unique (hook_id, version_number)
) strict;

CREATE TABLE hooks (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null,
  flavour text not null,
  on_failure text not null,
  runs_as text not null,
  modifies_events integer not null,
  timeout_ms integer not null,
  is_enabled integer not null,
  application_ids text not null,
  has_changes integer not null,
  deploys_when_built integer not null,
  deployed_version_id text,
  versions_count integer not null,
  extensions text not null,
  code text not null,
  dependencies text not null,
  secrets text not null,
  runtime text not null,
  triggers text not null,
  allowed_hosts text not null,
  build_id text not null,
  status text not null,
  errors text not null,
  resolved text not null,
  lock text not null,
  built_at integer,
  created_at integer not null,
  updated_at integer not null,
  unique (flavour, name)
) strict;

CREATE TABLE identities (
  provider text not null,
  subject text not null,
  user_id text not null references users (id),
  connection_name text not null,
  is_social integer not null,
  profile text not null,
  created_at integer not null,
  primary key (provider, subject)
) strict;

CREATE INDEX identities_user on identities (user_id);

CREATE TABLE invitations (
  number integer primary key autoincrement,
  id text not null unique,
  organization_id text,
  application_id text,
  connection_id text,
  inviter_name text not null,
  email text not null,
  email_key text not null,
  roles text not null,
  user_metadata text not null,
  app_metadata text not null,
  ticket_digest text not null unique,
  created_at integer not null,
  expires_at integer not null,
  accepted_at integer
, accepted_by text, message text, sent_at integer) strict;

CREATE INDEX invitations_organization on invitations (organization_id, number);

CREATE TABLE job_errors (
  number integer primary key autoincrement,
  job_id text not null references jobs (id),
  item text not null,
  code text not null,
  message text not null,
  path text not null
) strict;

CREATE INDEX job_errors_job on job_errors (job_id, number);

CREATE TABLE jobs (
  number integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  status text not null,
  percentage integer not null,
  input text not null,
  summary text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE TABLE mail_templates (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null,
  locale text not null,
  subject text not null,
  html text not null,
  text text,
  from_name text,
  from_email text,
  reply_to text,
  is_active integer not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE UNIQUE INDEX mail_templates_name on mail_templates (name, locale);

CREATE TABLE mails (
  number integer primary key autoincrement,
  id text not null unique,
  "to" text not null,
  to_key text not null,
  user_id text,
  template text not null,
  locale text not null,
  data text not null,
  sealed_secrets text,
  status text not null,
  attempts integer not null,
  next_try_at integer,
  fault text,
  created_at integer not null,
  sent_at integer
) strict;

CREATE INDEX mails_created on mails (created_at, number);

CREATE INDEX mails_due on mails (status, coalesce(next_try_at, -1), number);

CREATE INDEX mails_to on mails (to_key, number);

CREATE INDEX mails_user on mails (user_id, number);

CREATE TABLE memberships (
  number integer primary key autoincrement,
  user_id text not null references users (id),
  scope text not null,
  created_at integer not null
) strict;

CREATE UNIQUE INDEX memberships_key on memberships (user_id, scope);

CREATE INDEX memberships_scope on memberships (scope, number);

CREATE TABLE migrations (name text primary key) strict;

CREATE TABLE organization_connections (
  number integer primary key autoincrement,
  organization_id text not null references organizations (id),
  connection_id text not null references connections (id),
  assigns_membership_on_login integer not null,
  is_signup_enabled integer not null,
  shows_as_button integer not null
) strict;

CREATE UNIQUE INDEX organization_connections_key on organization_connections (organization_id, connection_id);

CREATE TABLE organizations (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null unique,
  display_name text not null,
  metadata text not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE TABLE passkey_challenges (
  number integer primary key autoincrement,
  id text not null unique,
  user_id text,
  purpose text not null,
  expires_at integer not null
) strict;

CREATE INDEX passkey_challenges_expiry on passkey_challenges (expires_at, number);

CREATE TABLE permissions (
  number integer primary key autoincrement,
  api_id text not null references apis (id),
  name text not null,
  description text not null
, roles_changed_at integer) strict;

CREATE UNIQUE INDEX permissions_key on permissions (api_id, name);

CREATE TABLE protocol_records (
  model text not null,
  id text not null,
  payload text not null,
  grant_id text,
  user_code text,
  uid text,
  consumed_at integer,
  expires_at integer,
  primary key (model, id)
) strict;

CREATE INDEX protocol_records_expiry on protocol_records (expires_at);

CREATE INDEX protocol_records_grant on protocol_records (grant_id);

CREATE INDEX protocol_records_uid on protocol_records (model, uid);

CREATE INDEX protocol_records_user_code on protocol_records (model, user_code);

CREATE TABLE role_exclusions (
  role_id text not null references roles (id),
  other_role_id text not null references roles (id),
  primary key (role_id, other_role_id)
) strict;

CREATE TABLE role_inclusions (
  role_id text not null references roles (id),
  included_role_id text not null references roles (id),
  primary key (role_id, included_role_id)
) strict;

CREATE INDEX role_inclusions_included on role_inclusions (included_role_id);

CREATE TABLE role_permissions (
  number integer primary key autoincrement,
  role_id text not null references roles (id),
  api_id text not null,
  name text not null
) strict;

CREATE UNIQUE INDEX role_permissions_key on role_permissions (role_id, api_id, name);

CREATE INDEX role_permissions_permission on role_permissions (api_id, name);

CREATE TABLE role_requests (
  number integer primary key autoincrement,
  id text not null unique,
  user_id text not null references users (id),
  role_id text not null references roles (id),
  scope text not null,
  status text not null,
  reason text,
  answer text,
  decided_by text,
  created_at integer not null,
  expires_at integer not null,
  decided_at integer
) strict;

CREATE INDEX role_requests_expiry on role_requests (expires_at, number) where status = 'open';

CREATE INDEX role_requests_role on role_requests (role_id, number);

CREATE INDEX role_requests_status on role_requests (status, number);

CREATE INDEX role_requests_user on role_requests (user_id, number);

CREATE TABLE roles (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null,
  name_key text not null,
  description text not null,
  is_built_in integer not null,
  held_in text not null,
  is_active integer not null,
  requires_second_factor integer not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE INDEX roles_name on roles (name_key);

CREATE TABLE rooms (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null unique,
  kind text not null,
  topic text not null,
  description text not null,
  is_default integer not null,
  is_archived integer not null,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
) strict;

CREATE INDEX rooms_default on rooms (is_default, number);

CREATE TABLE rules (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null unique,
  description text not null,
  is_active integer not null,
  position integer not null,
  occasions text not null,
  condition text not null,
  mode text not null,
  roles text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE TABLE second_factors (
  number integer primary key autoincrement,
  id text not null unique,
  user_id text not null references users (id),
  kind text not null,
  name text not null,
  sealed_secret text,
  digest text unique,
  credential_id text unique,
  public_key text,
  counter integer not null,
  is_confirmed integer not null,
  data text not null,
  created_at integer not null,
  used_at integer
) strict;

CREATE INDEX second_factors_user on second_factors (user_id, number);

CREATE TABLE service_access (
  number integer primary key autoincrement,
  id text not null unique,
  role_id text not null references roles (id),
  service_number integer,
  component text,
  verb_mask integer not null,
  requestor_mask integer not null,
  filters text not null,
  filter_op text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

CREATE INDEX service_access_role on service_access (role_id, number);

CREATE TABLE sessions (
  number integer primary key autoincrement,
  id text not null unique,
  user_id text not null references users (id),
  kind text not null,
  door text not null,
  digest text not null unique,
  application_id text,
  name text,
  ip text,
  user_agent text,
  data text not null,
  created_at integer not null,
  expires_at integer
) strict;

CREATE INDEX sessions_expiry on sessions (expires_at);

CREATE INDEX sessions_user on sessions (user_id, number);

CREATE TABLE settings (
  name text primary key,
  value text not null
) strict;

CREATE TABLE sign_in_attempts (
  number integer primary key autoincrement,
  id text not null unique,
  identifier text,
  ip text,
  failures integer not null,
  since integer not null,
  blocked_until integer
) strict;

CREATE INDEX sign_in_attempts_identifier on sign_in_attempts (identifier);

CREATE INDEX sign_in_attempts_since on sign_in_attempts (since);

CREATE TABLE signing_keys (
  number integer primary key autoincrement,
  id text not null unique,
  algorithm text not null,
  status text not null,
  sealed_private_jwk text not null,
  public_jwk text not null,
  certificate_pem text not null,
  created_at integer not null,
  changed_at integer not null
) strict;

CREATE TABLE tickets (
  number integer primary key autoincrement,
  id text not null unique,
  purpose text not null,
  user_id text not null references users (id),
  digest text not null unique,
  data text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer
) strict;

CREATE INDEX tickets_expiry on tickets (expires_at, number);

CREATE INDEX tickets_user on tickets (user_id);

CREATE TABLE user_permissions (
  number integer primary key autoincrement,
  user_id text not null references users (id),
  api_id text not null,
  name text not null
) strict;

CREATE UNIQUE INDEX user_permissions_key on user_permissions (user_id, api_id, name);

CREATE INDEX user_permissions_permission on user_permissions (api_id, name);

CREATE TABLE users (
  number integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  username text,
  username_key text unique,
  email text,
  email_key text unique,
  is_email_verified integer not null,
  phone text,
  is_phone_verified integer,
  name text,
  given_name text,
  family_name text,
  nickname text,
  picture text,
  is_blocked integer,
  connection_id text,
  password_hash text,
  password_changed_at integer,
  user_metadata text not null,
  app_metadata text not null,
  roles_version integer not null,
  logins_count integer not null,
  last_login_at integer,
  last_ip text,
  created_at integer not null,
  updated_at integer not null,
  extensions text not null
, approval_asked_at integer, needs_confirmed_email integer, former_password_hashes text) strict;

CREATE INDEX users_approval on users (approval_asked_at) where approval_asked_at is not null;

CREATE INDEX users_connection on users (connection_id, number);

CREATE INDEX users_created on users (created_at, number);

CREATE INDEX users_email on users (coalesce(email, ''), number);

CREATE INDEX users_last_login on users (coalesce(last_login_at, -1), number);

CREATE INDEX users_name on users (coalesce(name, ''), number);

CREATE INDEX users_username on users (coalesce(username, ''), number);

CREATE TABLE writer (id integer primary key) strict;
