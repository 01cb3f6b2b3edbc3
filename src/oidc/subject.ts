/**
 * Users as tokens name them: the form that Auth0's dialect gives their ids, because a `sub` is looked up there.
 * @see dialects/auth0/ids.ts, which a test compares with this
 */
export const encodeSubject = (userId: string): string => (userId.includes('|') ? userId : `auth0|${userId}`)

export const decodeSubject = (subject: string): string => /^auth0\|([^|]+)$/u.exec(subject)?.[1] ?? subject

export const encodeOrganization = (organizationId: string): string => `org_${organizationId}`

/** Organizations are named by that, or by their name. */
export const organizationReference = (text: string): { organizationId: string } | { name: string } =>
  /^org_./u.test(text) ? { organizationId: text.slice(4) } : { name: text }
