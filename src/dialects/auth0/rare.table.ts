import type { JsonObject } from '#core/json.ts'

/**
 * Families of the vendor's that Rolecall has nothing of. Clients read them all the same, the deploy CLI on every
 * export, and take an absent route for a broken tenant; so each answers what a tenant without any would.
 */
export type Rare = { path: string; scopes: readonly string[] } & (
  | { /** An empty list under this key, in whichever style of paging is asked for. */ list: string }
  | Fixed
  | { /** There is none to be found. */ missing: readonly [message: string, errorCode: string] }
)

/** Always the same. It may be set to what it is, as an import does, and to nothing else: no promise that isn't kept. */
export type Fixed = {
  answer: JsonObject | readonly JsonObject[]
  set?: readonly [method: 'PUT' | 'PATCH', scope: string]
}

const guardianFactors = [
  'sms',
  'push-notification',
  'otp',
  'email',
  'duo',
  'webauthn-roaming',
  'webauthn-platform',
  'recovery-code',
]

/** @see specs: §1.14.1 of the Auth0 dialect */
export const rare: readonly Rare[] = [
  { path: '/rules', scopes: ['read:rules'], list: 'rules' },
  { path: '/rules-configs', scopes: ['read:rules_configs'], answer: [] },
  { path: '/hooks', scopes: ['read:hooks'], list: 'hooks' },
  {
    path: '/connections-directory-provisionings',
    scopes: ['read:connections'],
    list: 'directory_provisionings',
  },
  {
    path: '/emails/provider',
    scopes: ['read:email_provider'],
    missing: ['There is not a configured email provider.', 'inexistent_email_provider'],
  },
  {
    path: '/email-templates/:name',
    scopes: ['read:email_templates'],
    missing: ['The template does not exist.', 'inexistent_email_template'],
  },
  {
    path: '/client-grants/:id/organizations',
    scopes: ['read:organization_client_grants'],
    list: 'organizations',
  },
  {
    path: '/guardian/factors',
    scopes: ['read:guardian_factors'],
    answer: guardianFactors.map((name) => ({ name, enabled: false, trial_expired: false })),
  },
  {
    path: '/guardian/policies',
    scopes: ['read:mfa_policies'],
    answer: [],
    set: ['PUT', 'update:mfa_policies'],
  },
  {
    path: '/guardian/factors/phone/message-types',
    scopes: ['read:guardian_factors'],
    answer: { message_types: [] },
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/phone/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'auth0' },
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/phone/providers/twilio',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/phone/templates',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/sms/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'auth0' },
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/sms/providers/twilio',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/sms/templates',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/push-notification/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'guardian' },
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/push-notification/providers/apns',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  {
    path: '/guardian/factors/push-notification/providers/sns',
    scopes: ['read:guardian_factors'],
    answer: {},
    set: ['PUT', 'update:guardian_factors'],
  },
  { path: '/branding', scopes: ['read:branding'], answer: {}, set: ['PATCH', 'update:branding'] },
  {
    path: '/branding/themes/default',
    scopes: ['read:branding'],
    missing: ['There was an error retrieving branding theme: invalid theme ID', 'theme_not_found'],
  },
  {
    path: '/branding/templates/universal-login',
    scopes: ['read:branding'],
    missing: ['The template does not exist.', 'inexistent_templates_universal_login'],
  },
  { path: '/branding/phone/providers', scopes: ['read:phone_providers'], answer: { providers: [] } },
  { path: '/branding/phone/templates', scopes: ['read:phone_templates'], answer: { templates: [] } },
  {
    path: '/prompts',
    scopes: ['read:prompts'],
    answer: {
      universal_login_experience: 'new',
      identifier_first: false,
      webauthn_platform_first_factor: false,
    },
    set: ['PATCH', 'update:prompts'],
  },
  { path: '/prompts/rendering', scopes: ['read:prompts'], list: 'configs' },
  {
    path: '/prompts/:prompt/custom-text/:language',
    scopes: ['read:prompts'],
    answer: {},
    set: ['PUT', 'update:prompts'],
  },
  { path: '/prompts/:prompt/partials', scopes: ['read:prompts'], answer: {}, set: ['PUT', 'update:prompts'] },
  { path: '/custom-domains', scopes: ['read:custom_domains'], answer: [] },
  {
    path: '/attack-protection/breached-password-detection',
    scopes: ['read:attack_protection'],
    answer: { enabled: false, shields: [], admin_notification_frequency: [], method: 'standard' },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/attack-protection/brute-force-protection',
    scopes: ['read:attack_protection'],
    answer: {
      enabled: false,
      shields: [],
      mode: 'count_per_identifier_and_ip',
      allowlist: [],
      max_attempts: 10,
    },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/attack-protection/suspicious-ip-throttling',
    scopes: ['read:attack_protection'],
    answer: { enabled: false, shields: [], allowlist: [] },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/attack-protection/bot-detection',
    scopes: ['read:attack_protection'],
    answer: {
      bot_detection_level: 'low',
      challenge_password_policy: 'never',
      challenge_passwordless_policy: 'never',
      challenge_password_reset_policy: 'never',
      allowlist: [],
      monitoring_mode_enabled: false,
    },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/attack-protection/captcha',
    scopes: ['read:attack_protection'],
    answer: {},
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/risk-assessments/settings',
    scopes: ['read:attack_protection'],
    answer: { enabled: false },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/risk-assessments/settings/new-device',
    scopes: ['read:attack_protection'],
    answer: { remember_for: 0 },
    set: ['PATCH', 'update:attack_protection'],
  },
  {
    path: '/supplemental-signals',
    scopes: ['read:attack_protection'],
    answer: { akamai_enabled: false },
    set: ['PATCH', 'update:attack_protection'],
  },
  { path: '/log-streams', scopes: ['read:log_streams'], answer: [] },
  { path: '/self-service-profiles', scopes: ['read:self_service_profiles'], list: 'self_service_profiles' },
  { path: '/network-acls', scopes: ['read:network_acls'], list: 'network_acls' },
  {
    path: '/token-exchange-profiles',
    scopes: ['read:token_exchange_profiles'],
    list: 'token_exchange_profiles',
  },
  {
    path: '/user-attribute-profiles',
    scopes: ['read:user_attribute_profiles'],
    list: 'user_attribute_profiles',
  },
  { path: '/connection-profiles', scopes: ['read:connection_profiles'], list: 'connection_profiles' },
  { path: '/event-streams', scopes: ['read:event_streams'], list: 'eventStreams' },
  { path: '/forms', scopes: ['read:forms'], list: 'forms' },
  { path: '/flows', scopes: ['read:flows'], list: 'flows' },
  { path: '/flows/vault/connections', scopes: ['read:flows_vault_connections'], list: 'connections' },
  { path: '/rate-limit-policies', scopes: ['read:rate_limit_policies'], list: 'rate_limit_policies' },
]
