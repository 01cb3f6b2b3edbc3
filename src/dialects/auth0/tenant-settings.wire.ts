import Type, { type Static } from 'typebox'
import type { JsonObject } from '#core/json.ts'

/** The name that these settings are kept under. */
export const tenantSettingsName = 'auth0-tenant'

const nullable = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const text = nullable(Type.String({ maxLength: 2000 }))
const flag = nullable(Type.Boolean())
const object = nullable(Type.Object({}, { additionalProperties: true }))
const texts = nullable(Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 1000 }))
const hours = Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 }))
const minutes = Type.Optional(Type.Integer({ minimum: 0, maximum: 6_000_000 }))

const Flags = Type.Object({}, { maxProperties: 200, additionalProperties: Type.Boolean() })

const fields = {
  acr_values_supported: texts,
  allow_organization_name_in_authentication_api: flag,
  allowed_logout_urls: texts,
  authorization_response_iss_parameter_supported: flag,
  change_password: object,
  client_id_metadata_document_supported: flag,
  country_codes: object,
  customize_mfa_in_postlogin_action: flag,
  default_audience: text,
  default_directory: text,
  default_redirection_uri: text,
  default_token_quota: object,
  device_flow: object,
  dynamic_client_registration_security_mode: text,
  enable_ai_guide: flag,
  enabled_locales: nullable(
    Type.Array(Type.String({ minLength: 2, maxLength: 20 }), { minItems: 1, maxItems: 100 }),
  ),
  error_page: object,
  friendly_name: text,
  guardian_mfa_page: object,
  include_session_metadata_in_tenant_logs: flag,
  legacy_sandbox_version: text,
  mtls: object,
  oidc_logout: object,
  phone_consolidated_experience: flag,
  picture_url: text,
  pushed_authorization_requests_supported: flag,
  resource_parameter_profile: text,
  sandbox_version: text,
  security_headers: object,
  session_cookie: object,
  sessions: object,
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  support_email: text,
  support_url: text,
}

/** Lifetimes are told in hours and may be set in minutes too; minutes are what is kept. */
const lifetimes = {
  session_lifetime: hours,
  idle_session_lifetime: hours,
  ephemeral_session_lifetime: hours,
  idle_ephemeral_session_lifetime: hours,
}
const lifetimesInMinutes = {
  session_lifetime_in_minutes: minutes,
  idle_session_lifetime_in_minutes: minutes,
  ephemeral_session_lifetime_in_minutes: minutes,
  idle_ephemeral_session_lifetime_in_minutes: minutes,
}

type Lifetime = keyof typeof lifetimes
const lifetimeNames = Object.keys(lifetimes) as Lifetime[]
const inMinutes = (lifetime: Lifetime) => `${lifetime}_in_minutes` as const

export const TenantSettingsChanges = Type.Object(
  { ...fields, ...lifetimes, ...lifetimesInMinutes, flags: Type.Optional(Flags) },
  { additionalProperties: false },
)

/** @see specs: §1.14 of the Auth0 dialect */
export const WireTenantSettings = Type.Object({
  ...fields,
  ...lifetimes,
  ...lifetimesInMinutes,
  flags: Type.Optional(Flags),
  sandbox_versions_available: Type.Optional(Type.Array(Type.String())),
})

const defaults = {
  friendly_name: 'Rolecall',
  allowed_logout_urls: [],
  sandbox_version: '22',
  sandbox_versions_available: ['22'],
  enabled_locales: ['en'],
  session_cookie: { mode: 'persistent' },
  oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
}
const defaultMinutes: Readonly<Partial<Record<Lifetime, number>>> = {
  session_lifetime: 168 * 60,
  idle_session_lifetime: 72 * 60,
}

/** Flags are set one by one, so that each is kept under a name of its own. */
const flagPrefix = 'flags.'

/** @returns changes as settings are kept: given keys replace, `null` resets one to its default */
export const decodeTenantSettings = ({
  flags = {},
  ...body
}: Static<typeof TenantSettingsChanges>): JsonObject => {
  const plain = Object.entries(body).filter(([field]) => Object.hasOwn(fields, field))
  const lifetimes = lifetimeNames.flatMap((lifetime) => {
    const [hours, minutes] = [body[lifetime], body[inMinutes(lifetime)]]
    if (minutes !== undefined) return [[inMinutes(lifetime), minutes]]
    return hours === undefined ? [] : [[inMinutes(lifetime), Math.round(hours * 60)]]
  })
  const single = Object.entries(flags).map(([flag, value]) => [flagPrefix + flag, value])
  return Object.fromEntries([...plain, ...lifetimes, ...single]) as JsonObject
}

export const encodeTenantSettings = (settings: JsonObject): Static<typeof WireTenantSettings> => {
  const entries = Object.entries(settings)
  const plain = entries.filter(([field]) => Object.hasOwn(fields, field))
  const flags = entries.flatMap(([field, value]) =>
    field.startsWith(flagPrefix) ? [[field.slice(flagPrefix.length), value] as const] : [],
  )
  return {
    ...defaults,
    ...Object.fromEntries(plain),
    ...Object.assign({}, ...lifetimeNames.map((lifetime) => encodeLifetime(lifetime, settings))),
    flags: Object.fromEntries(flags) as Static<typeof Flags>,
  }
}

const encodeLifetime = (lifetime: Lifetime, settings: JsonObject) => {
  const minutes = settings[inMinutes(lifetime)] ?? defaultMinutes[lifetime]
  if (typeof minutes !== 'number') return {}
  return {
    [lifetime]: minutes / 60,
    ...(minutes % 60 !== 0 && { [inMinutes(lifetime)]: minutes }),
  }
}
