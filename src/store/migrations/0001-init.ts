import { CompiledQuery, type Kysely } from 'kysely'
import type { Engine } from '../engines/engine.ts'
import { ddl } from './dialect.ts'

/**
 * Instants are milliseconds since 1970, flags 0 and 1, JSON is kept as text; `*_key` columns hold folded text.
 * Indexes that lists are ordered by hold what is absent as the least of its type, as `table.ts` orders it.
 */
export const init = (engine: Engine['name']) => async (db: Kysely<unknown>) => {
  const { number, text, integer, end } = ddl(engine)
  const statements = `
create table writer (id ${integer} primary key) ${end};
insert into writer (id) values (1);

create table users (
  number ${number},
  id ${text} not null unique,
  kind ${text} not null,
  username ${text},
  username_key ${text} unique,
  email ${text},
  email_key ${text} unique,
  is_email_verified ${integer} not null,
  phone ${text},
  is_phone_verified ${integer},
  name ${text},
  given_name ${text},
  family_name ${text},
  nickname ${text},
  picture ${text},
  is_blocked ${integer},
  connection_id ${text},
  password_hash ${text},
  password_changed_at ${integer},
  user_metadata ${text} not null,
  app_metadata ${text} not null,
  roles_version ${integer} not null,
  logins_count ${integer} not null,
  last_login_at ${integer},
  last_ip ${text},
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};
create index users_created on users (created_at, number);
create index users_last_login on users (coalesce(last_login_at, -1), number);
create index users_name on users (coalesce(name, ''), number);
create index users_email on users (coalesce(email, ''), number);
create index users_username on users (coalesce(username, ''), number);
create index users_connection on users (connection_id, number);

create table identities (
  provider ${text} not null,
  subject ${text} not null,
  user_id ${text} not null references users (id),
  connection_name ${text} not null,
  is_social ${integer} not null,
  profile ${text} not null,
  created_at ${integer} not null,
  primary key (provider, subject)
) ${end};
create index identities_user on identities (user_id);

create table roles (
  number ${number},
  id ${text} not null unique,
  name ${text} not null,
  name_key ${text} not null,
  description ${text} not null,
  is_built_in ${integer} not null,
  held_in ${text} not null,
  is_active ${integer} not null,
  requires_second_factor ${integer} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};
create index roles_name on roles (name_key);

create table role_inclusions (
  role_id ${text} not null references roles (id),
  included_role_id ${text} not null references roles (id),
  primary key (role_id, included_role_id)
) ${end};
create index role_inclusions_included on role_inclusions (included_role_id);

create table role_exclusions (
  role_id ${text} not null references roles (id),
  other_role_id ${text} not null references roles (id),
  primary key (role_id, other_role_id)
) ${end};

create table assignments (
  number ${number},
  user_id ${text} not null references users (id),
  role_id ${text} not null references roles (id),
  scope ${text} not null,
  source ${text} not null,
  source_id ${text},
  actor_kind ${text} not null,
  actor_id ${text} not null,
  door ${text} not null,
  reason ${text},
  created_at ${integer} not null,
  expires_at ${integer}
) ${end};
create unique index assignments_key on assignments (user_id, scope, role_id);
create index assignments_role on assignments (role_id, scope, number);
create index assignments_scope on assignments (scope, number);

create table apis (
  number ${number},
  id ${text} not null unique,
  identifier ${text} not null unique,
  name ${text} not null,
  is_built_in ${integer} not null,
  signing_algorithm ${text} not null,
  token_lifetime_seconds ${integer} not null,
  web_token_lifetime_seconds ${integer} not null,
  allows_offline_access ${integer} not null,
  enforces_permissions ${integer},
  token_dialect ${text},
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};

create table permissions (
  number ${number},
  api_id ${text} not null references apis (id),
  name ${text} not null,
  description ${text} not null
) ${end};
create unique index permissions_key on permissions (api_id, name);

create table role_permissions (
  number ${number},
  role_id ${text} not null references roles (id),
  api_id ${text} not null,
  name ${text} not null
) ${end};
create unique index role_permissions_key on role_permissions (role_id, api_id, name);
create index role_permissions_permission on role_permissions (api_id, name);

create table user_permissions (
  number ${number},
  user_id ${text} not null references users (id),
  api_id ${text} not null,
  name ${text} not null
) ${end};
create unique index user_permissions_key on user_permissions (user_id, api_id, name);
create index user_permissions_permission on user_permissions (api_id, name);

create table applications (
  number ${number},
  id ${text} not null unique,
  name ${text} not null,
  description ${text} not null,
  kind ${text} not null,
  sealed_secret ${text},
  is_first_party ${integer} not null,
  is_active ${integer} not null,
  is_global ${integer} not null,
  grant_types ${text} not null,
  token_endpoint_auth_method ${text} not null,
  callbacks ${text} not null,
  allowed_logout_urls ${text} not null,
  web_origins ${text} not null,
  sealed_api_key ${text},
  api_key_digest ${text} unique,
  default_role_id ${text},
  metadata ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};

create table client_grants (
  number ${number},
  id ${text} not null unique,
  application_id ${text} not null references applications (id),
  api_id ${text} not null references apis (id),
  permissions ${text} not null,
  allows_all ${integer} not null,
  subject_type ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};
create unique index client_grants_key on client_grants (application_id, api_id, subject_type);
create index client_grants_api on client_grants (api_id);

create table connections (
  number ${number},
  id ${text} not null unique,
  name ${text} not null unique,
  display_name ${text},
  strategy ${text} not null,
  options ${text} not null,
  application_ids ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};

create table organizations (
  number ${number},
  id ${text} not null unique,
  name ${text} not null unique,
  display_name ${text} not null,
  metadata ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};

create table organization_connections (
  number ${number},
  organization_id ${text} not null references organizations (id),
  connection_id ${text} not null references connections (id),
  assigns_membership_on_login ${integer} not null,
  is_signup_enabled ${integer} not null,
  shows_as_button ${integer} not null
) ${end};
create unique index organization_connections_key on organization_connections (organization_id, connection_id);

create table rooms (
  number ${number},
  id ${text} not null unique,
  name ${text} not null unique,
  kind ${text} not null,
  topic ${text} not null,
  description ${text} not null,
  is_default ${integer} not null,
  is_archived ${integer} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  extensions ${text} not null
) ${end};

create table memberships (
  number ${number},
  user_id ${text} not null references users (id),
  scope ${text} not null,
  created_at ${integer} not null
) ${end};
create unique index memberships_key on memberships (user_id, scope);
create index memberships_scope on memberships (scope, number);

create table invitations (
  number ${number},
  id ${text} not null unique,
  organization_id ${text},
  application_id ${text},
  connection_id ${text},
  inviter_name ${text} not null,
  email ${text} not null,
  email_key ${text} not null,
  roles ${text} not null,
  user_metadata ${text} not null,
  app_metadata ${text} not null,
  ticket_digest ${text} not null unique,
  created_at ${integer} not null,
  expires_at ${integer} not null,
  accepted_at ${integer}
) ${end};
create index invitations_organization on invitations (organization_id, number);

create table tickets (
  number ${number},
  id ${text} not null unique,
  purpose ${text} not null,
  user_id ${text} not null references users (id),
  digest ${text} not null unique,
  data ${text} not null,
  created_at ${integer} not null,
  expires_at ${integer} not null,
  used_at ${integer}
) ${end};
create index tickets_user on tickets (user_id);

create table jobs (
  number ${number},
  id ${text} not null unique,
  kind ${text} not null,
  status ${text} not null,
  percentage ${integer} not null,
  input ${text} not null,
  summary ${text} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null
) ${end};

create table job_errors (
  number ${number},
  job_id ${text} not null references jobs (id),
  item ${text} not null,
  code ${text} not null,
  message ${text} not null,
  path ${text} not null
) ${end};
create index job_errors_job on job_errors (job_id, number);

create table signing_keys (
  number ${number},
  id ${text} not null unique,
  algorithm ${text} not null,
  status ${text} not null,
  sealed_private_jwk ${text} not null,
  public_jwk ${text} not null,
  certificate_pem ${text} not null,
  created_at ${integer} not null,
  changed_at ${integer} not null
) ${end};

create table settings (
  name ${text} primary key,
  value ${text} not null
) ${end};

create table events (
  number ${number},
  id ${text} not null unique,
  type ${text} not null,
  at ${integer} not null,
  door ${text} not null,
  actor_kind ${text} not null,
  actor_id ${text} not null,
  user_id ${text},
  role_id ${text},
  scope ${text},
  target_kind ${text},
  target_id ${text},
  data ${text}
) ${end};
create index events_user on events (user_id, number);
create index events_type on events (type, number);
create index events_at on events (at);

create table deliveries (
  consumer ${text} primary key,
  event_number ${integer} not null
) ${end};

create table protocol_records (
  model ${text} not null,
  id ${text} not null,
  payload ${text} not null,
  grant_id ${text},
  user_code ${text},
  uid ${text},
  consumed_at ${integer},
  expires_at ${integer},
  primary key (model, id)
) ${end};
create index protocol_records_grant on protocol_records (grant_id);
create index protocol_records_uid on protocol_records (model, uid);
create index protocol_records_user_code on protocol_records (model, user_code);
create index protocol_records_expiry on protocol_records (expires_at);
`
  for (const statement of statements.split(/;\s*\n/u)) {
    if (statement.trim() !== '') await db.executeQuery(CompiledQuery.raw(statement))
  }
}
