import { builtInApis, chatApiId, managementApiId, rolecallApiId } from './apis/built-in.ts'
import { defaultRolesOf } from './apis/chat.ts'
import { apiKeyContext, secretContext } from './applications/application.ts'
import { databaseStrategy, defaultConnectionName } from './connections/connection.ts'
import { command } from './operation.ts'
import { giveRoles } from './roles/assign.ts'
import { administratorRoleId, builtInRoles } from './roles/role.ts'
import type { Tx } from './store.ts'
import { addUser } from './users/create.ts'

export type Bootstrap = {
  admin?: { email: string; password: string; username: string } | undefined
  client?: { id: string; secret: string } | undefined
  apiKey?: string | undefined
}

export type Bootstrapped = {
  /** Nobody can administer the workspace yet: somebody needs the set-up link. */
  needsSetUp: boolean
}

type Prepared = { passwordHash?: string; sealedSecret?: string; sealedApiKey?: string; apiKeyDigest?: string }

/** There once the first start is over. Doors can't name it: no setting of theirs has a colon. */
const workspaceSetting = 'internal:workspace'

export const managementApiIdentifier = 'urn:rolecall:management'
export const rolecallApiIdentifier = 'urn:rolecall:api'

/**
 * Brings an empty or older workspace to what this version expects: built-in roles and APIs, the database connection,
 * and on the very first start the administrator, client and API key of the environment. Repeating it changes nothing.
 */
export const bootstrapWorkspace = command<Bootstrap, Bootstrapped, Prepared>({
  name: 'bootstrap workspace',
  needs: 'settings:update',
  prepare: async ({ admin, client, apiKey }, { passwords, sealer, digest }, reader) => {
    if (await reader.settings.get(workspaceSetting)) return {}
    return {
      ...(admin && { passwordHash: await passwords.hash(admin.password) }),
      ...(client && { sealedSecret: sealer.seal(client.secret, secretContext(client.id)) }),
      ...(apiKey !== undefined && {
        sealedApiKey: sealer.seal(apiKey, apiKeyContext(defaultApplicationId)),
        apiKeyDigest: digest(apiKey),
      }),
    }
  },
  run: async (tx, input, actor, prepared) => {
    await ensureRoles(tx)
    await ensureApis(tx)
    const connectionId = await ensureConnection(tx)
    const isFirstStart = (await tx.settings.get(workspaceSetting)) === undefined
    if (isFirstStart) {
      await addApplication(tx, { id: tx.newId(), name: 'All Applications', isGlobal: true })
      await addApplication(tx, { id: defaultApplicationId, name: 'default', ...apiKeyOf(prepared) })
      if (input.client) await addFirstClient(tx, input.client.id, prepared.sealedSecret)
      if (input.admin) {
        const { email, username } = input.admin
        const names = { name: username, isEmailVerified: true }
        const user = await addUser(tx, { email, username, connectionId, ...names }, prepared.passwordHash)
        await giveRoles(tx, { userIds: [user.id], roleIds: [administratorRoleId], source: 'direct' }, actor)
      }
      await tx.settings.put(workspaceSetting, { createdAt: tx.now() })
    }
    const { items } = await tx.assignments.holders(administratorRoleId, 'workspace', tx.now(), { limit: 1 })
    return { needsSetUp: items.length === 0 }
  },
})

/** The first application, whose API key the environment can give. */
const defaultApplicationId = 'default'

const ensureRoles = async (tx: Tx): Promise<void> => {
  for (const { id, description, heldIn } of builtInRoles) {
    if (await tx.roles.find(id)) continue
    await tx.roles.insert({
      id,
      name: id,
      description,
      isBuiltIn: true,
      heldIn,
      isActive: true,
      requiresSecondFactor: false,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: {},
    })
  }
}

const identifiers: Readonly<Record<string, string>> = {
  [rolecallApiId]: rolecallApiIdentifier,
  [managementApiId]: managementApiIdentifier,
}

const ensureApis = async (tx: Tx): Promise<void> => {
  for (const { id, name, permissions } of builtInApis) {
    if (!(await tx.apis.find(id))) {
      await tx.apis.insert({
        id,
        identifier: identifiers[id] ?? `urn:rolecall:${id}`,
        name,
        isBuiltIn: true,
        signingAlgorithm: 'RS256',
        tokenLifetimeSeconds: 86_400,
        webTokenLifetimeSeconds: 7_200,
        allowsOfflineAccess: false,
        createdAt: tx.now(),
        updatedAt: tx.now(),
        extensions: {},
      })
    }
    for (const permission of permissions) {
      const key = { apiId: id, name: permission.name }
      if (!(await tx.permissions.find(key))) {
        await tx.permissions.add({ ...key, description: permission.description })
        // Only now: which roles carry it is for administrators to say from then on.
        if (id === chatApiId) {
          for (const roleId of defaultRolesOf(permission.name)) await tx.permissions.addToRole(roleId, key)
          await tx.permissions.touch(key, tx.now())
        }
      }
      // The administrator may do everything, what this version brought included.
      if (id === rolecallApiId) await tx.permissions.addToRole(administratorRoleId, key)
    }
  }
}

const ensureConnection = async (tx: Tx): Promise<string> => {
  const there = await tx.connections.findBy({ name: defaultConnectionName })
  if (there) return there.id
  const id = tx.newId()
  await tx.connections.insert({
    id,
    name: defaultConnectionName,
    strategy: databaseStrategy,
    options: { passwordPolicy: 'good', brute_force_protection: true },
    applicationIds: [],
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: {},
  })
  return id
}

const addFirstClient = async (tx: Tx, id: string, sealedSecret: string | undefined): Promise<void> => {
  const grantTypes = ['client_credentials']
  await addApplication(tx, { id, name: 'Management', kind: 'non_interactive', grantTypes, sealedSecret })
  for (const apiId of [managementApiId, rolecallApiId]) {
    await tx.clientGrants.insert({
      id: tx.newId(),
      applicationId: id,
      apiId,
      permissions: builtInApis
        .find((api) => api.id === apiId)!
        .permissions.map((permission) => permission.name),
      allowsAll: false,
      subjectType: 'client',
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: {},
    })
  }
}

type NewApplication = {
  id: string
  name: string
  kind?: string
  isGlobal?: boolean
  grantTypes?: string[]
  sealedSecret?: string | undefined
  sealedApiKey?: string
  apiKeyDigest?: string
}

const addApplication = (tx: Tx, application: NewApplication) =>
  tx.applications.insert({
    description: '',
    kind: 'regular_web',
    isFirstParty: true,
    isActive: true,
    isGlobal: false,
    grantTypes: [],
    tokenEndpointAuthMethod: 'client_secret_post',
    callbacks: [],
    allowedLogoutUrls: [],
    webOrigins: [],
    metadata: {},
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: {},
    ...application,
  })

const apiKeyOf = ({ sealedApiKey, apiKeyDigest }: Prepared) =>
  sealedApiKey === undefined || apiKeyDigest === undefined ? {} : { sealedApiKey, apiKeyDigest }
