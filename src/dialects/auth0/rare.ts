import Type from 'typebox'
import type { JsonObject } from '#core/json.ts'
import { WireError } from './errors.ts'
import { CheckpointQuery, decodePaging, encodePage, paged } from './paging.ts'
import type { Auth0Routes } from './parts.ts'

/**
 * Families of the vendor's that Rolecall has nothing of. Clients read them all the same, the deploy CLI on every
 * export, and take an absent route for a broken tenant; so each answers what a tenant without any would.
 */
type Rare = { path: string; scopes: readonly string[] } & (
  | { /** An empty list under this key, in whichever style of paging is asked for. */ list: string }
  | { /** Always this. */ answer: JsonObject | readonly JsonObject[] }
  | { /** There is none to be found. */ missing: readonly [message: string, errorCode: string] }
)

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
  { path: '/guardian/policies', scopes: ['read:mfa_policies'], answer: [] },
  {
    path: '/guardian/factors/phone/message-types',
    scopes: ['read:guardian_factors'],
    answer: { message_types: [] },
  },
  {
    path: '/guardian/factors/phone/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'auth0' },
  },
  { path: '/guardian/factors/phone/providers/twilio', scopes: ['read:guardian_factors'], answer: {} },
  { path: '/guardian/factors/phone/templates', scopes: ['read:guardian_factors'], answer: {} },
  {
    path: '/guardian/factors/sms/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'auth0' },
  },
  { path: '/guardian/factors/sms/providers/twilio', scopes: ['read:guardian_factors'], answer: {} },
  { path: '/guardian/factors/sms/templates', scopes: ['read:guardian_factors'], answer: {} },
  {
    path: '/guardian/factors/push-notification/selected-provider',
    scopes: ['read:guardian_factors'],
    answer: { provider: 'guardian' },
  },
  {
    path: '/guardian/factors/push-notification/providers/apns',
    scopes: ['read:guardian_factors'],
    answer: {},
  },
  {
    path: '/guardian/factors/push-notification/providers/sns',
    scopes: ['read:guardian_factors'],
    answer: {},
  },
  { path: '/branding', scopes: ['read:branding'], answer: {} },
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
  },
  { path: '/prompts/rendering', scopes: ['read:prompts'], list: 'configs' },
  { path: '/prompts/:prompt/custom-text/:language', scopes: ['read:prompts'], answer: {} },
  { path: '/prompts/:prompt/partials', scopes: ['read:prompts'], answer: {} },
  { path: '/custom-domains', scopes: ['read:custom_domains'], answer: [] },
  {
    path: '/attack-protection/breached-password-detection',
    scopes: ['read:attack_protection'],
    answer: { enabled: false, shields: [], admin_notification_frequency: [], method: 'standard' },
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
  },
  {
    path: '/attack-protection/suspicious-ip-throttling',
    scopes: ['read:attack_protection'],
    answer: { enabled: false, shields: [], allowlist: [] },
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
  },
  { path: '/attack-protection/captcha', scopes: ['read:attack_protection'], answer: {} },
  { path: '/risk-assessments/settings', scopes: ['read:attack_protection'], answer: { enabled: false } },
  {
    path: '/risk-assessments/settings/new-device',
    scopes: ['read:attack_protection'],
    answer: { remember_for: 0 },
  },
  { path: '/supplemental-signals', scopes: ['read:attack_protection'], answer: { akamai_enabled: false } },
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

export const rareRoutes: Auth0Routes = async (app) => {
  for (const family of rare) addRoute(app, family)
}

const Anything = Type.Object({}, { additionalProperties: true })

const addRoute = (app: Parameters<Auth0Routes>[0], family: Rare): void => {
  const { path, scopes: tokenScopes } = family
  const config = { access: { tokenScopes } }
  const summary = `Get ${path
    .slice(1)
    .replaceAll(/[/-]/gu, ' ')
    .replaceAll(/:(\w+)/gu, '$1')}`
  if ('missing' in family) {
    app.get(path, { config, schema: { summary } }, async () => {
      throw new WireError(404, ...family.missing)
    })
  } else if ('answer' in family) {
    const { answer } = family
    const response = { 200: Array.isArray(answer) ? Type.Array(Anything) : Anything }
    app.get(path, { config, schema: { summary, response } }, async () => answer)
  } else {
    const { list } = family
    const response = { 200: paged(list, Anything) }
    app.get(
      path,
      { config, schema: { summary, querystring: Type.Object(CheckpointQuery), response } },
      async ({ query }) => encodePage(list, decodePaging(query), { items: [], total: 0 }),
    )
  }
}
