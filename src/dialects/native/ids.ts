/**
 * Users as tokens name them, which is as clients of the Auth0 dialect know them: `auth0|<id>`, or the id itself when
 * it contains `|` because it came from another provider. The native id is answered as it is.
 * @see specs: Appendix B of the Auth0 dialect
 */
export const decodeSubject = (subject: string): string => /^auth0\|([^|]+)$/u.exec(subject)?.[1] ?? subject
