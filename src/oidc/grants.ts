/** What `/oauth/token` can do. */
export const grantTypes: ReadonlySet<string> = new Set(['client_credentials'])

/** Those that an application without a secret may not use, whatever its settings say. */
export const confidentialGrantTypes: ReadonlySet<string> = new Set(['client_credentials'])
