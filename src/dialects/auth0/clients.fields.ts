import Type from 'typebox'

/**
 * The fields of a client that nothing here goes by: stored as they come and echoed. Together with those in
 * `clients.wire.ts` they are all a client may have; `null` resets one.
 * @see specs: §1.8 of the Auth0 dialect
 */
const nullable = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const text = nullable(Type.String({ maxLength: 100_000 }))
const flag = nullable(Type.Boolean())
const integer = nullable(Type.Integer())
const list = nullable(Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 1000 }))
const object = nullable(Type.Object({}, { additionalProperties: true }))

export const storedClientFields = {
  addons: object,
  allowed_clients: list,
  allowed_origins: list,
  async_approval_notification_channels: list,
  b2b_integration_configuration: object,
  client_aliases: list,
  client_authentication_methods: object,
  compliance_level: text,
  cross_origin_auth: flag,
  cross_origin_authentication: flag,
  cross_origin_loc: text,
  custom_login_page: text,
  custom_login_page_on: flag,
  custom_login_page_preview: text,
  default_organization: object,
  encryption_key: object,
  express_configuration: object,
  fedcm_login: object,
  form_template: text,
  identity_assertion_authorization_grant: object,
  initiate_login_uri: text,
  is_token_endpoint_ip_header_trusted: flag,
  jwt_configuration: object,
  logo_uri: text,
  mobile: object,
  my_organization_configuration: object,
  native_social_login: object,
  oidc_backchannel_logout: object,
  oidc_conformant: flag,
  oidc_logout: object,
  organization_discovery_methods: list,
  organization_require_behavior: nullable(Type.Enum(['no_prompt', 'pre_login_prompt', 'post_login_prompt'])),
  organization_usage: nullable(Type.Enum(['deny', 'allow', 'require'])),
  par_request_expiry: integer,
  redirection_policy: text,
  refresh_token: object,
  require_proof_of_possession: flag,
  require_pushed_authorization_requests: flag,
  resource_server_identifier: text,
  session_transfer: object,
  signed_request_object: object,
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  sso: flag,
  sso_disabled: flag,
  third_party_security_mode: text,
  token_exchange: object,
  token_quota: object,
  token_vault_privileged_access: object,
}

export type StoredClientField = keyof typeof storedClientFields

export const isStoredClientField = (field: string): field is StoredClientField =>
  Object.hasOwn(storedClientFields, field)

/** What a client answers for fields that nobody set. */
export const clientDefaults = {
  oidc_conformant: false,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
  is_token_endpoint_ip_header_trusted: false,
  jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
}

/** A device keeps its refresh tokens only for a while; a server may keep them until they are revoked. */
export const refreshTokenDefaults = (kind: string) => {
  const isPublic = kind === 'spa' || kind === 'native'
  return {
    expiration_type: isPublic ? 'expiring' : 'non-expiring',
    rotation_type: isPublic ? 'rotating' : 'non-rotating',
    leeway: 0,
    token_lifetime: isPublic ? 2_592_000 : 31_557_600,
    infinite_token_lifetime: !isPublic,
    idle_token_lifetime: isPublic ? 1_296_000 : 2_592_000,
    infinite_idle_token_lifetime: !isPublic,
  }
}
