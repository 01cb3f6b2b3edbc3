import type { JsonObject } from '#core/json.ts'
import type { UserWithIdentities } from '#core/users/read.ts'

/** Claims of a person, by the scope that asks for them. @see OpenID Connect Core 1.0 §5.4 */
export const claimsOf = (user: UserWithIdentities, scopes: ReadonlySet<string>): JsonObject => ({
  ...(scopes.has('profile') && profileOf(user)),
  ...(scopes.has('email') &&
    user.email !== undefined && { email: user.email, email_verified: user.isEmailVerified }),
  ...(scopes.has('phone') &&
    user.phone !== undefined && {
      phone_number: user.phone,
      phone_number_verified: user.isPhoneVerified ?? false,
    }),
})

const profileOf = (user: UserWithIdentities): JsonObject => {
  const { givenName, familyName, username } = user
  const nickname = user.nickname ?? username ?? user.email?.split('@', 1)[0]
  const name = user.name ?? user.email ?? username
  return {
    ...(givenName !== undefined && { given_name: givenName }),
    ...(familyName !== undefined && { family_name: familyName }),
    ...(nickname !== undefined && { nickname }),
    ...(name !== undefined && { name }),
    ...(user.picture !== undefined && { picture: user.picture }),
    updated_at: new Date(user.updatedAt).toISOString(),
  }
}

/** Names that mean something already, which scripts and settings can't give another meaning. */
const restricted: ReadonlySet<string> = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest
   entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce
   object_id org_id org_name orig origid permissions roles rph s_hash scope sid sub sub_jwk toe txn typ uuid vot vtm
   x5t#S256`.split(/\s+/u),
)

const restrictedNamespaces =
  /^(?:https?:\/\/)?(?:[\w-]+\.)*(?:auth0\.com|webtask\.io|webtask\.run)(?:[/:]|$)|^urn:auth0/iu

/** What a payload may grow by; more is left out. @see specs: §3.3 of the Auth0 dialect */
const customBytesLimit = 102_400

/**
 * Those of the claims that a token may carry; the rest is dropped silently, as at Auth0.
 * @see specs: §3.3 of the Auth0 dialect
 */
export const allowedClaims = (claims: JsonObject, { isManagement = false } = {}): JsonObject => {
  const allowed = Object.entries(claims).filter(
    ([name, value]) =>
      value !== null &&
      !restricted.has(name) &&
      !name.startsWith('sip_') &&
      name !== '__proto__' &&
      !restrictedNamespaces.test(name) &&
      (!isManagement || name.includes(':')),
  )
  const kept = Object.fromEntries(allowed)
  return JSON.stringify(kept).length > customBytesLimit ? {} : kept
}
