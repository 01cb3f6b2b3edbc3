import type { Permission } from '../permissions.ts'
import type { BuiltInPermission } from './built-in.ts'

const verbs = { r: 'read', c: 'create', u: 'update', d: 'delete' } as const

/**
 * The scopes of Auth0's Management API: resource, the verbs it has, and what each verb stands for here. A resource
 * without meaning here is listed all the same, because clients ask for tokens with its scopes.
 * @see specs: appendix A of the Auth0 dialect
 */
const resources: readonly [
  name: string,
  verbs: string,
  stands?: Partial<Record<string, readonly Permission[]>>,
][] = [
  [
    'client_grants',
    'rcud',
    {
      r: ['client-grants:read'],
      c: ['client-grants:create'],
      u: ['client-grants:update'],
      d: ['client-grants:delete'],
    },
  ],
  [
    'users',
    'rcud',
    {
      r: ['users:read', 'users:read-public', 'decisions:read'],
      c: ['users:create'],
      u: ['users:update', 'users:block', 'users:update-metadata', 'roles:assign', 'roles:remove'],
      d: ['users:delete'],
    },
  ],
  ['users_app_metadata', 'rcud', { u: ['users:update-metadata'] }],
  ['user_custom_blocks', 'rcd'],
  ['user_tickets', 'c', { c: ['tickets:create'] }],
  [
    'clients',
    'rcud',
    {
      r: ['applications:read'],
      c: ['applications:create'],
      u: ['applications:update'],
      d: ['applications:delete'],
    },
  ],
  [
    'client_keys',
    'rcud',
    { r: ['applications:read', 'applications:read-secrets'], u: ['applications:update-secrets'] },
  ],
  ['client_credentials', 'rcud', { r: ['applications:read'] }],
  [
    'connections',
    'rcud',
    {
      r: ['connections:read'],
      c: ['connections:create'],
      u: ['connections:update'],
      d: ['connections:delete'],
    },
  ],
  ['connections_options', 'ru'],
  ['connections_keys', 'rcu'],
  [
    'resource_servers',
    'rcud',
    { r: ['apis:read'], c: ['apis:create'], u: ['apis:update'], d: ['apis:delete'] },
  ],
  ['device_credentials', 'rcud'],
  ['rules', 'rcud', { r: ['rules:read'], c: ['rules:create'], u: ['rules:update'], d: ['rules:delete'] }],
  ['rules_configs', 'rud'],
  ['hooks', 'rcud'],
  [
    'actions',
    'rcud',
    {
      r: ['hooks:read', 'executions:read'],
      c: ['hooks:create', 'hooks:deploy'],
      u: ['hooks:update'],
      d: ['hooks:delete'],
    },
  ],
  ['triggers', 'ru'],
  ['email_provider', 'rcud'],
  [
    'email_templates',
    'rcu',
    {
      r: ['mail-templates:read'],
      c: ['mail-templates:update'],
      u: ['mail-templates:update'],
    },
  ],
  ['stats', 'r', { r: ['statistics:read'] }],
  ['insights', 'r'],
  ['tenant_settings', 'ru', { r: ['settings:read'], u: ['settings:update'] }],
  ['logs', 'r', { r: ['events:read'] }],
  ['logs_users', 'r', { r: ['events:read'] }],
  ['shields', 'rcud'],
  ['anomaly_blocks', 'rd'],
  ['grants', 'rd'],
  ['guardian_factors', 'ru'],
  ['guardian_enrollments', 'rd'],
  ['guardian_enrollment_tickets', 'c'],
  ['user_idp_tokens', 'r', { r: ['users:read'] }],
  ['custom_domains', 'rcud'],
  ['mfa_policies', 'ru'],
  [
    'roles',
    'rcud',
    { r: ['roles:read'], c: ['roles:create'], u: ['roles:update', 'roles:assign'], d: ['roles:delete'] },
  ],
  ['role_members', 'rcd', { r: ['roles:read'], c: ['roles:assign'], d: ['roles:remove'] }],
  ['prompts', 'ru'],
  ['branding', 'rud'],
  ['log_streams', 'rcud'],
  ['signing_keys', 'rcu', { r: ['keys:read'], c: ['keys:rotate'], u: ['keys:revoke'] }],
  ['limits', 'ru'],
  ['entitlements', 'r'],
  ['attack_protection', 'ru'],
  ['authentication_methods', 'rcud'],
  [
    'organizations',
    'rcud',
    {
      r: ['organizations:read'],
      c: ['organizations:create'],
      u: ['organizations:update'],
      d: ['organizations:delete'],
    },
  ],
  ['organizations_summary', 'r'],
  [
    'organization_members',
    'rcd',
    { r: ['organizations:read'], c: ['organizations:add-members'], d: ['organizations:remove-members'] },
  ],
  [
    'organization_connections',
    'rcud',
    {
      r: ['organizations:read'],
      c: ['organizations:update-connections'],
      u: ['organizations:update-connections'],
      d: ['organizations:update-connections'],
    },
  ],
  [
    'organization_member_roles',
    'rcd',
    { r: ['organizations:read-roles'], c: ['organizations:assign-roles'], d: ['organizations:remove-roles'] },
  ],
  [
    'organization_invitations',
    'rcd',
    { r: ['invitations:read'], c: ['invitations:create'], d: ['invitations:delete'] },
  ],
  ['organization_client_grants', 'rcd', { r: ['organizations:read'] }],
  ['organization_discovery_domains', 'rcud', { r: ['organizations:read'] }],
  ['scim_config', 'rcud'],
  ['scim_token', 'rcd'],
  ['phone_providers', 'rcud'],
  ['phone_templates', 'rcud'],
  ['encryption_keys', 'rcud'],
  ['sessions', 'rud', { r: ['sessions:read'], d: ['sessions:delete'] }],
  ['refresh_tokens', 'rud', { r: ['sessions:read'], d: ['sessions:delete'] }],
  ['self_service_profiles', 'rcud'],
  ['self_service_profile_custom_texts', 'ru'],
  ['forms', 'rcud'],
  ['flows', 'rcud'],
  ['flows_vault_connections', 'rcud'],
  ['flows_executions', 'rd'],
  ['network_acls', 'rcud'],
  ['user_attribute_profiles', 'rcud'],
  ['event_streams', 'rcud'],
  ['event_deliveries', 'ru'],
  ['connection_profiles', 'rcud'],
  ['group_roles', 'rcd'],
  ['groups', 'rcud'],
  ['group_members', 'rcd'],
  ['user_effective_permissions', 'r', { r: ['decisions:read'] }],
  ['user_effective_roles', 'r', { r: ['decisions:read'] }],
  ['user_permission_source_roles', 'r'],
  ['user_role_source_groups', 'r'],
  ['organization_member_effective_roles', 'r', { r: ['decisions:read'] }],
  ['organization_member_role_source_groups', 'r'],
  ['token_exchange_profiles', 'rcud'],
  ['rate_limit_policies', 'rcud'],
  ['vdcs_templates', 'rcud'],
  ['custom_signup_fields', 'ru'],
  ['connected_accounts', 'rd'],
  ['security_metrics', 'r'],
  // Ours alone: what Rolecall has beside the vendor's model, so that a machine with every scope can do everything.
  [
    'rooms',
    'rcud',
    {
      r: ['rooms:read'],
      c: ['rooms:create', 'rooms:open'],
      u: [
        'rooms:update',
        'rooms:add-members',
        'rooms:remove-members',
        'rooms:set-owners',
        'rooms:set-moderators',
        'rooms:set-leaders',
      ],
      d: ['rooms:delete'],
    },
  ],
  ['mails', 'rc', { r: ['mails:read', 'mails:read-content'], c: ['mails:send'] }],
  ['administrators', 'c', { c: ['roles:assign-admin'] }],
]

const sentence = (verb: string, resource: string) =>
  `${verb[0]!.toUpperCase()}${verb.slice(1)} ${resource.replaceAll('_', ' ')}`

/** What a person's own token may carry; the operations let people act on themselves without a permission. */
const ownScopes = [
  'read:current_user',
  'delete:current_user',
  'update:current_user_metadata',
  'create:current_user_metadata',
  'delete:current_user_metadata',
  'create:current_user_device_credentials',
  'delete:current_user_device_credentials',
  'update:current_user_identities',
]

export const managementPermissions: readonly BuiltInPermission[] = [
  ...resources.flatMap(([resource, letters, stands]) =>
    [...letters].map((letter) => {
      const verb = verbs[letter as keyof typeof verbs]
      return {
        name: `${verb}:${resource}`,
        description: sentence(verb, resource),
        stands: stands?.[letter] ?? [],
      }
    }),
  ),
  ...ownScopes.map((name) => ({
    name,
    description: sentence(name.split(':')[0]!, 'current user'),
    stands: [],
  })),
]

/** The scopes of which each stands for the permission; the first is the plainest. */
export const scopesThatStandFor = (permission: Permission): string[] =>
  managementPermissions.filter(({ stands }) => stands.includes(permission)).map(({ name }) => name)
