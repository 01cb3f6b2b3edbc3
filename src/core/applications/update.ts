import type { Actor } from '../actor.ts'
import { changesTo } from '../changes.ts'
import type { JsonObject } from '../json.ts'
import { command } from '../operation.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { mergeMetadata } from '../users/user.ts'
import type { Application } from './application.ts'
import { secretBytes } from './create.ts'
import { requireMayActAsApplication } from './grant-rules.ts'
import {
  findChangeableApplication,
  requireApplicationFields,
  requireMayBeDefault,
  requireSecret,
} from './rules.ts'
import { openSecret, type ShownApplication, sealSecret, show } from './show.ts'

const clearable = ['defaultRoleId'] as const
const changeable = [
  'name',
  'description',
  'kind',
  'isFirstParty',
  'isActive',
  'grantTypes',
  'tokenEndpointAuthMethod',
  'callbacks',
  'allowedLogoutUrls',
  'webOrigins',
  ...clearable,
  'metadata',
  'extensions',
] as const

export type UpdateApplication = {
  applicationId: string
  /** An undefined default role takes the default away. */
  changes?: { [Field in (typeof changeable)[number]]?: Application[Field] | undefined }
  /** Keys of its metadata to set, or to remove with `null`; others stay. */
  metadata?: JsonObject
  /** Its secret from now on. Needs `applications:update-secrets` too. */
  secret?: string
}

type Prepared = {
  /** The given secret, unless it is the one there is. */
  given?: string
  /** For an application that had none and shall authenticate with one. */
  spare?: string
}

/**
 * Changes an application. What lets others act as it is changed only by those who may do what it may.
 * @throws not_found, built_in, invalid, cannot_grant, forbidden for the secret
 */
export const updateApplication = command<UpdateApplication, ShownApplication, Prepared>({
  name: 'update application',
  needs: 'applications:update',
  prepare: async ({ applicationId, changes, secret }, services, reader) => {
    if (secret !== undefined) {
      requireSecret('secret', secret)
      const there = await reader.applications.find(applicationId)
      if (there && openSecret(there, services).secret === secret) return {}
      return { given: sealSecret(applicationId, secret, services).sealedSecret }
    }
    const method = changes?.tokenEndpointAuthMethod
    if (method === undefined || method === 'none') return {}
    const made = services.newSecret(secretBytes)
    return { spare: sealSecret(applicationId, made, services).sealedSecret }
  },
  run: (tx, input, actor, sealed) => changeApplication(tx, input, actor, sealed),
})

/** The one way an application's fields change. @throws as `updateApplication` */
export const changeApplication = async (
  tx: Tx,
  { applicationId, changes: given = {}, metadata, secret }: UpdateApplication,
  actor: Actor,
  sealed: Prepared = {},
): Promise<ShownApplication> => {
  const application = await findChangeableApplication(tx, applicationId)
  if (secret !== undefined) await requireMayDo(tx, actor, ['applications:update-secrets'], workspace)
  const wanted = metadata ? { ...given, metadata: mergeMetadata(application.metadata, metadata) } : given
  const changes = changesTo(application, wanted, changeable, clearable)
  requireApplicationFields(changes)
  await requireMayChange(tx, actor, applicationId, changes)
  const sealedSecret = sealed.given ?? (application.sealedSecret === undefined ? sealed.spare : undefined)
  if (secret !== undefined) await requireMayActAsApplication(tx, actor, applicationId)
  const changed = Object.keys(changes)
  if (changed.length === 0 && sealedSecret === undefined) return show(application)
  const written = {
    ...changes,
    ...(sealedSecret !== undefined && { sealedSecret }),
    updatedAt: tx.now(),
  }
  await tx.applications.update(applicationId, written)
  const target = { kind: 'application', id: applicationId } as const
  if (changed.length > 0) await tx.emit({ type: 'application.updated', target, data: { changed } })
  if (sealedSecret !== undefined) await tx.emit({ type: 'application.secret-rotated', target })
  return show({ ...application, ...written })
}

const requireMayChange = async (
  tx: Tx,
  actor: Actor,
  applicationId: string,
  changes: Partial<Application>,
): Promise<void> => {
  if (changes.defaultRoleId !== undefined) {
    await requireMayBeDefault(tx, actor, changes.defaultRoleId, applicationId)
  }
  // Without authentication, or with a grant type it did not have, anybody could get what it was granted.
  if ('tokenEndpointAuthMethod' in changes || 'grantTypes' in changes || changes.isActive === true) {
    await requireMayActAsApplication(tx, actor, applicationId)
  }
}
