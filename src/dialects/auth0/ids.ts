import { found, type Kind } from '#core/refusals.ts'

/**
 * Ids as this dialect writes them: pure, reversible functions of ours.
 * @see specs: Appendix B of the Auth0 dialect
 */

const ownUser = /^auth0\|([^|]+)$/u

/**
 * `auth0|<id>`, or the id itself when it contains `|` (it came from another provider, `google-oauth2|123`).
 * An id of the form `auth0|<id>` would be mistaken for another user's: decode wire ids before storing them.
 */
export const encodeUserId = (id: string): string => (id.includes('|') ? id : `auth0|${id}`)

/** Text that is no user id of this dialect comes back as it is; whether it may be one is the route's schema to say. */
export const decodeUserId = (wireId: string): string => ownUser.exec(wireId)?.[1] ?? wireId

/** `decode` answers undefined for what is no such id; `require` refuses it like the id of a thing that is not there. */
const prefixed = (prefix: string, kind: Kind) => {
  const decode = (wireId: string): string | undefined =>
    wireId.startsWith(prefix) && wireId.length > prefix.length ? wireId.slice(prefix.length) : undefined
  return {
    encode: (id: string): string => `${prefix}${id}`,
    decode,
    require: (wireId: string): string => found(decode(wireId), kind, wireId),
  }
}

export const { encode: encodeRoleId, decode: decodeRoleId, require: requireRoleId } = prefixed('rol_', 'role')
export const {
  encode: encodeOrganizationId,
  decode: decodeOrganizationId,
  require: requireOrganizationId,
} = prefixed('org_', 'organization')
export const {
  encode: encodeConnectionId,
  decode: decodeConnectionId,
  require: requireConnectionId,
} = prefixed('con_', 'connection')
export const {
  encode: encodeClientGrantId,
  decode: decodeClientGrantId,
  require: requireClientGrantId,
} = prefixed('cgr_', 'client_grant')
export const {
  encode: encodeInvitationId,
  decode: decodeInvitationId,
  require: requireInvitationId,
} = prefixed('uinv_', 'invitation')
export const { encode: encodeJobId, decode: decodeJobId, require: requireJobId } = prefixed('job_', 'job')

/**
 * Actions and what belongs to them have UUIDs there. Our ids fill the random digits of one of version 4; the rest are
 * zeros, which no random one has in practice. Other ids stay as they came.
 */
export const encodeUuid = (id: string): string =>
  /^[0-9a-f]{24}$/u.test(id)
    ? `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(12, 15)}-8${id.slice(15, 18)}-${id.slice(18)}000000`
    : id

export const decodeUuid = (wireId: string): string => {
  const [, ...parts] =
    /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-8([0-9a-f]{3})-([0-9a-f]{6})0{6}$/u.exec(wireId) ?? []
  return parts.length > 0 ? parts.join('') : wireId
}
