import { importJWK, SignJWT } from 'jose'
import { defaultConnectionName } from '#core/connections/connection.ts'
import { signingKeyContext } from '#core/keys/new-key.ts'
import { equal } from '#core/listing.ts'
import type { TestServer } from '#test/harness/server.ts'

/** What scenarios of this dialect start from, made through its own routes. Names differ on every call. */

let made = 0

/** A name that no other scenario uses. */
export const unique = (word: string): string => `${word}-${++made}`

/** Makes something through the API, as its operator. */
export const make = async <T = Record<string, string>>(
  server: TestServer,
  path: string,
  body: unknown,
): Promise<T> => {
  const answer = await server.call('POST', `/api/v2/${path}`, { body, token: await server.token('every') })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body as T
}

export const read = async <T = Record<string, unknown>>(server: TestServer, path: string): Promise<T> => {
  const answer = await server.call('GET', `/api/v2/${path}`, { token: await server.token('every') })
  return answer.body as T
}

export const strongPassword = 'Correct-horse-1'
export const connection = defaultConnectionName

/** A user of the database connection, as the API answers it. */
export const createUser = async (
  server: TestServer,
  user: object = {},
): Promise<{ user_id: string; email: string }> => {
  const body = { connection, email: `${unique('user')}@example.com`, password: strongPassword, ...user }
  return make(server, 'users', body)
}

/** A role without permissions, as the API answers it. */
export const createRole = async (
  server: TestServer,
  role: object = {},
): Promise<{ id: string; name: string }> => make(server, 'roles', { name: unique('role'), ...role })

export const assign = async (server: TestServer, userId: string, ...roles: string[]): Promise<void> => {
  await make(server, `users/${encodeURIComponent(userId)}/roles`, { roles })
}

/** The id of the administrator that every server starts with. */
export const rootId = async (server: TestServer): Promise<string> => {
  const root = await server.server.workspace.store.reader.users.findByUsername('root')
  return `auth0|${root!.id}`
}

/** An API with these permissions, made beside the doors. */
export const createApi = async (server: TestServer, ...names: string[]): Promise<string> => {
  const id = unique('api')
  const identifier = `https://${id}.example.com/`
  await server.server.workspace.store.write(async (tx) => {
    await tx.apis.insert({
      id,
      identifier,
      name: id,
      isBuiltIn: false,
      signingAlgorithm: 'RS256',
      tokenLifetimeSeconds: 60,
      webTokenLifetimeSeconds: 60,
      allowsOfflineAccess: false,
      createdAt: 0,
      updatedAt: 0,
      extensions: {},
    })
    for (const name of names) await tx.permissions.add({ apiId: id, name, description: `may ${name}` })
  })
  return identifier
}

/** A path for an id, encoded as clients do. */
export const pathOf = (userId: string): string => `/api/v2/users/${encodeURIComponent(userId)}`

/**
 * A token of the Management API that a person got for himself. Signed with the server's own key, since the scopes
 * that a person may ask for are the business of sign-in.
 */
export const userToken = async (server: TestServer, userId: string, ...scopes: string[]): Promise<string> => {
  const { services, store } = server.server.workspace
  const filter = { all: [equal('status', 'current'), equal('algorithm', 'RS256')] }
  const [key] = (await store.reader.signingKeys.list({ filter, limit: 1 })).items
  const jwk = JSON.parse(services.sealer.open(key!.sealedPrivateJwk, signingKeyContext(key!.id)))
  const at = Math.floor(server.clock.now / 1000)
  return new SignJWT({ scope: scopes.join(' '), azp: 'spa' })
    .setProtectedHeader({ alg: 'RS256', kid: key!.id, typ: 'JWT' })
    .setIssuer(`${server.origin}/`)
    .setAudience(`${server.origin}/api/v2/`)
    .setSubject(userId)
    .setIssuedAt(at)
    .setExpirationTime(at + 3600)
    .sign(await importJWK(jwk, 'RS256'))
}
