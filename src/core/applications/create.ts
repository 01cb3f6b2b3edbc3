import type { Actor } from '../actor.ts'
import { command, type Services } from '../operation.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import type { Application } from './application.ts'
import { addGrant, type NewGrant } from './grant-rules.ts'
import { requireApiKeyFree, requireApplicationFields, requireMayBeDefault, requireSecret } from './rules.ts'
import { type Secrets, type ShownApplication, sealApiKey, sealSecret, show } from './show.ts'

type Settings = Pick<
  Application,
  | 'description'
  | 'kind'
  | 'isFirstParty'
  | 'isActive'
  | 'grantTypes'
  | 'tokenEndpointAuthMethod'
  | 'callbacks'
  | 'allowedLogoutUrls'
  | 'webOrigins'
  | 'defaultRoleId'
  | 'metadata'
  | 'extensions'
>

export type CreateApplication = Partial<Settings> & {
  name: string
  /** A secret of the caller's choice; otherwise one is made, unless the application does not authenticate. */
  secret?: string
  /** A key of the DreamFactory dialect; `true` makes one. */
  apiKey?: string | true
  /** What it may ask for from the start; needs the right to create client grants as well. */
  grants?: readonly NewGrant[]
}

export type PreparedSecrets = Secrets & {
  /** Seals for an id, which is known only inside the transaction. */
  seal(id: string): Pick<Application, 'sealedSecret' | 'sealedApiKey' | 'apiKeyDigest'>
}

export const secretBytes = 48
export const apiKeyBytes = 32

/**
 * Creates an application. The answer has its secret and API key, since the caller has to tell them to the program.
 * @throws forbidden, invalid, not_found and cannot_grant for the default role, taken for the API key, and for grants
 *   what creating a client grant throws
 */
export const createApplication = command<CreateApplication, ShownApplication, PreparedSecrets>({
  name: 'create application',
  needs: 'applications:create',
  prepare: async (input, services) => prepareSecrets(input, services),
  run: (tx, input, actor, prepared) => addApplication(tx, input, actor, prepared),
})

/** The one way an application comes into being. @throws as `createApplication` */
export const addApplication = async (
  tx: Tx,
  input: CreateApplication,
  actor: Actor,
  { seal, ...secrets }: PreparedSecrets,
): Promise<ShownApplication> => {
  requireApplicationFields(input)
  const id = tx.newId()
  if (input.defaultRoleId !== undefined) await requireMayBeDefault(tx, actor, input.defaultRoleId, id)
  const sealed = seal(id)
  if (sealed.apiKeyDigest !== undefined) await requireApiKeyFree(tx, sealed.apiKeyDigest)
  const application = await insert(tx, id, input, sealed)
  const target = { kind: 'application', id } as const
  await tx.emit({ type: 'application.created', target, data: { name: application.name } })
  await addGrants(tx, actor, id, input.grants ?? [])
  return show(application, secrets)
}

/** Held to the same as granting afterwards: the right to do so, and the permissions themselves. */
const addGrants = async (tx: Tx, actor: Actor, id: string, grants: readonly NewGrant[]): Promise<void> => {
  if (grants.length === 0) return
  await requireMayDo(tx, actor, ['client-grants:create'], workspace)
  for (const grant of grants) await addGrant(tx, actor, id, grant)
}

export const prepareSecrets = (input: CreateApplication, services: Services): PreparedSecrets => {
  if (input.secret !== undefined) requireSecret('secret', input.secret)
  if (typeof input.apiKey === 'string') requireSecret('apiKey', input.apiKey)
  const authenticates = (input.tokenEndpointAuthMethod ?? defaultAuthMethod(input.kind)) !== 'none'
  const secret = input.secret ?? (authenticates ? services.newSecret(secretBytes) : undefined)
  const apiKey = input.apiKey === true ? services.newSecret(apiKeyBytes) : input.apiKey
  return {
    ...(secret !== undefined && { secret }),
    ...(apiKey !== undefined && { apiKey }),
    seal: (id) => ({
      ...(secret !== undefined && sealSecret(id, secret, services)),
      ...(apiKey !== undefined && sealApiKey(id, apiKey, services)),
    }),
  }
}

const insert = (tx: Tx, id: string, input: CreateApplication, sealed: Partial<Application>) => {
  const { kind = 'regular_web', defaultRoleId } = input
  return tx.applications.insert({
    id,
    name: input.name,
    description: input.description ?? '',
    kind,
    isFirstParty: input.isFirstParty ?? true,
    isActive: input.isActive ?? true,
    isGlobal: false,
    grantTypes: input.grantTypes ?? defaultGrantTypes(kind),
    tokenEndpointAuthMethod: input.tokenEndpointAuthMethod ?? defaultAuthMethod(kind),
    callbacks: input.callbacks ?? [],
    allowedLogoutUrls: input.allowedLogoutUrls ?? [],
    webOrigins: input.webOrigins ?? [],
    ...(defaultRoleId !== undefined && { defaultRoleId }),
    metadata: input.metadata ?? {},
    createdAt: tx.now(),
    updatedAt: tx.now(),
    extensions: input.extensions ?? {},
    ...sealed,
  })
}

/** Programs on somebody's own device can keep no secret. @see RFC 6749 §2.1 */
const isPublic = (kind: string | undefined): boolean => kind === 'native' || kind === 'spa'

const defaultAuthMethod = (kind: string | undefined) => (isPublic(kind) ? 'none' : 'client_secret_post')

/** @see specs: §1.8 of the Auth0 dialect */
const defaultGrantTypes = (kind: string): string[] => [
  'authorization_code',
  'implicit',
  'refresh_token',
  ...(isPublic(kind) ? [] : ['client_credentials']),
]
