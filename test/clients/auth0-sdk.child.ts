/**
 * Drives every major of the unmodified `auth0` package; the parent reads what each step came to. A process of its own,
 * because Node reads the authorities it trusts (NODE_EXTRA_CA_CERTS) only at its start.
 */
import { createRequire } from 'node:module'

const [domain, clientId, clientSecret, weakId, weakSecret] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
]
const require = createRequire(import.meta.url)

/** The steps of the story in a major's own words. Ids and statuses are all that majors have in common. */
type Client = {
  createUser(email: string): Promise<string>
  createRole(name: string): Promise<string>
  assign(userId: string, roleIds: string[]): Promise<unknown>
  remove(userId: string, roleIds: string[]): Promise<unknown>
  roles(userId: string): Promise<string[]>
}

// The six majors share no types; each adapter below says in one place what it calls.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Sdk = any

const connection = 'Username-Password-Authentication'
const password = 'correct Horse battery 9'

const oldest = (management: Sdk): Client => ({
  createUser: async (email) => (await management.createUser({ connection, email, password })).user_id,
  createRole: async (name) => (await management.createRole({ name })).id,
  assign: (id, roles) => management.users.assignRoles({ id }, { roles }),
  remove: (id, roles) => management.removeRolesFromUser({ id }, { roles }),
  roles: async (id) => (await management.getUserRoles({ id })).map((role: { id: string }) => role.id),
})

const fourth = (management: Sdk): Client => ({
  createUser: async (email) => (await management.users.create({ connection, email, password })).data.user_id,
  createRole: async (name) => (await management.roles.create({ name })).data.id,
  assign: (id, roles) => management.users.assignRoles({ id }, { roles }),
  remove: (id, roles) => management.users.deleteRoles({ id }, { roles }),
  roles: async (id) => (await management.users.getRoles({ id })).data.map((role: { id: string }) => role.id),
})

const newest = (management: Sdk): Client => ({
  createUser: async (email) => (await management.users.create({ connection, email, password })).user_id,
  createRole: async (name) => (await management.roles.create({ name })).id,
  assign: (id, roles) => management.users.roles.assign(id, { roles }),
  remove: (id, roles) => management.users.roles.delete(id, { roles }),
  roles: async (id) => {
    const ids: string[] = []
    for await (const role of await management.users.roles.list(id)) ids.push(role.id)
    return ids
  },
})

const adapters = { 2: oldest, 3: oldest, 4: fourth, 5: newest, 6: newest, 7: newest }

const outcome = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return (await work()) ?? 'done'
  } catch (error) {
    return { refused: (error as { statusCode?: number }).statusCode }
  }
}

for (const [major, adapt] of Object.entries(adapters)) {
  const { ManagementClient } = require(`auth0-v${major}`) as {
    ManagementClient: new (options: object) => Sdk
  }
  const client = adapt(new ManagementClient({ domain, clientId, clientSecret }))
  const weak = adapt(new ManagementClient({ domain, clientId: weakId, clientSecret: weakSecret }))
  const userId = await client.createUser(`v${major}@example.com`)
  const roleId = await client.createRole(`v${major}`)
  const others = await Promise.all(
    Array.from({ length: 20 }, (_, index) => client.createRole(`v${major}-${index}`)),
  )

  await client.assign(userId, [roleId])
  await client.assign(userId, [roleId])
  const afterTwice = await client.roles(userId)
  const unknownUser = await outcome(() => client.assign('auth0|000000000000000000000000', [roleId]))
  const unknownRole = await outcome(() => client.assign(userId, ['rol_0000000000000000']))
  const missingScope = await outcome(() => weak.assign(userId, [roleId]))
  await client.remove(userId, [roleId])
  const afterRemoval = await client.roles(userId)
  await Promise.all(others.map((id) => client.assign(userId, [id])))
  const afterParallel = await client.roles(userId)

  const steps = {
    userId,
    roleId,
    afterTwice,
    unknownUser,
    unknownRole,
    missingScope,
    afterRemoval,
    parallelIsComplete: afterParallel.toSorted().join() === others.toSorted().join(),
  }
  console.log(JSON.stringify({ major: Number(major), ...steps }))
}
