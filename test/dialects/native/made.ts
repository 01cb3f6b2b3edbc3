import { importJWK, type JWK, SignJWT } from 'jose'
import { systemActor } from '#core/actor.ts'
import { createApi } from '#core/apis/create.ts'
import { createApplication } from '#core/applications/create.ts'
import { signingKeyContext } from '#core/keys/new-key.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { createRole } from '#core/roles/create.ts'
import { addRolePermissions } from '#core/roles/permissions.ts'
import type { Scope } from '#core/scope.ts'
import { type CreateUser, createUser } from '#core/users/create.ts'
import { any } from '#test/harness/scenario.ts'
import type { TestServer } from '#test/harness/server.ts'

export const base = '/api/rolecall/v1'
const system = systemActor('system')
let made = 0

/** A name nothing else in this process has. */
export const fresh = (word: string): string => `${word}-${++made}`

export const makeUser = async ({ server }: TestServer, fields: CreateUser = {}): Promise<string> => {
  const username = fresh('user')
  const user = { username, email: `${username}@example.com`, ...fields }
  return (await server.workspace.run(createUser, user, system)).id
}

/** A role that carries these permissions of the API `rolecall`. */
export const makeRole = async (
  { server }: TestServer,
  { name = fresh('role'), permissions = [] }: { name?: string; permissions?: readonly string[] } = {},
): Promise<string> => {
  const { id } = await server.workspace.run(createRole, { name }, system)
  const keys = permissions.map((permission) => ({ apiId: 'rolecall', name: permission }))
  if (keys.length > 0)
    await server.workspace.run(addRolePermissions, { roleId: id, permissions: keys }, system)
  return id
}

export const give = async (
  { server }: TestServer,
  userId: string,
  roleId: string,
  options: { scope?: Scope; expiresAt?: number } = {},
): Promise<void> => {
  await server.workspace.run(assignRoles, { userIds: [userId], roleIds: [roleId], ...options }, system)
}

export const makeApplication = async ({ server }: TestServer): Promise<string> =>
  (await server.workspace.run(createApplication, { name: fresh('application') }, system)).id

/** An API with these permissions; its identifier is a URL. */
export const makeApi = async (
  { server }: TestServer,
  ...permissions: string[]
): Promise<{ id: string; identifier: string }> => {
  const identifier = `https://api.example.com/${fresh('api')}`
  const named = permissions.map((name) => ({ name }))
  const { id } = await server.workspace.run(createApi, { identifier, permissions: named }, system)
  return { id, identifier }
}

/** What an application gets for its secret at the token endpoint. */
export const tokenOf = async (
  server: TestServer,
  client: { id: string; secret: string },
  audience = `${server.origin}/api/v2/`,
): Promise<string> => {
  const body = {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
    audience,
  }
  const answer = await server.call('POST', '/oauth/token', { body })
  const { access_token: token } = answer.body as { access_token?: string }
  if (!token) throw new Error(`No token was issued: ${answer.text}`)
  return token
}

/** A person's token for the native API, as it is after signing in; signed with the server's own key. */
export const tokenOfPerson = async (
  { server, origin, clock }: TestServer,
  userId: string,
  {
    scope = '',
    lifetimeSeconds = 3600,
    signedInSecondsAgo = 0,
    audience = 'urn:rolecall:api',
  }: { scope?: string; lifetimeSeconds?: number; signedInSecondsAgo?: number; audience?: string } = {},
): Promise<string> => {
  const { reader } = server.workspace.store
  const key = await reader.signingKeys.findBy({ algorithm: 'RS256', status: 'current' })
  const jwk = server.workspace.services.sealer.open(key!.sealedPrivateJwk, signingKeyContext(key!.id))
  const seconds = Math.floor(clock.now / 1000)
  return new SignJWT({
    azp: 'dashboard',
    auth_time: seconds - signedInSecondsAgo,
    ...(scope !== '' && { scope }),
  })
    .setProtectedHeader({ alg: 'RS256', kid: key!.id, typ: 'JWT' })
    .setIssuer(`${origin}/`)
    .setSubject(`auth0|${userId}`)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + lifetimeSeconds)
    .sign(await importJWK(JSON.parse(jwk) as JWK, 'RS256'))
}

/** What every problem has, and the members of this one. */
export const problem = (code: string, status: number, members: Record<string, unknown> = {}) => ({
  type: `urn:rolecall:problem:${code}`,
  title: any,
  detail: any,
  status,
  code,
  ...members,
})
