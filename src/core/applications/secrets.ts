import { command, query } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import type { Application } from './application.ts'
import { apiKeyBytes, secretBytes } from './create.ts'
import { requireMayActAsApplication } from './grant-rules.ts'
import { findChangeableApplication, requireApiKeyFree, requireSecret } from './rules.ts'
import {
  openApiKey,
  openSecret,
  type Secrets,
  type ShownApplication,
  sealApiKey,
  sealSecret,
  show,
} from './show.ts'

type NewSecret = { secret: string; sealedSecret: string }

/**
 * Gives an application a new secret, which the answer has; the old one stops working at once.
 * @throws not_found, built_in, cannot_grant when the application may do what the actor may not
 */
export const rotateApplicationSecret = command<{ applicationId: string }, ShownApplication, NewSecret>({
  name: 'rotate application secret',
  needs: 'applications:update-secrets',
  prepare: async ({ applicationId }, services) => {
    const secret = services.newSecret(secretBytes)
    return { secret, ...sealSecret(applicationId, secret, services) }
  },
  run: async (tx, { applicationId }, actor, { secret, sealedSecret }) => {
    const application = await findChangeableApplication(tx, applicationId)
    await requireMayActAsApplication(tx, actor, applicationId)
    const written = { sealedSecret, updatedAt: tx.now() }
    await tx.applications.update(applicationId, written)
    await tx.emit({
      type: 'application.secret-rotated',
      target: { kind: 'application', id: applicationId },
      data: { of: 'secret' },
    })
    return show({ ...application, ...written }, { secret })
  },
})

export type SetApiKey = { applicationId: string; apiKey?: string }
export type NewApiKey = Pick<Application, 'sealedApiKey' | 'apiKeyDigest'> & { apiKey: string }

/**
 * Gives an application the API key given, or a new one, which the answer has. Setting the same key again changes
 * nothing and emits nothing.
 * @throws not_found, built_in, invalid, taken
 */
export const setApiKey = command<SetApiKey, ShownApplication, NewApiKey>({
  name: 'set API key',
  needs: 'applications:update-secrets',
  prepare: async ({ applicationId, apiKey: given }, services) => {
    if (given !== undefined) requireSecret('apiKey', given)
    const apiKey = given ?? services.newSecret(apiKeyBytes)
    return { apiKey, ...sealApiKey(applicationId, apiKey, services) }
  },
  run: (tx, { applicationId }, _actor, prepared) => putApiKey(tx, applicationId, prepared),
})

/** The one way an application gets another API key. @throws not_found, built_in, taken */
export const putApiKey = async (
  tx: Tx,
  applicationId: string,
  { apiKey, ...sealed }: NewApiKey,
): Promise<ShownApplication> => {
  const application = await findChangeableApplication(tx, applicationId)
  if (sealed.apiKeyDigest === application.apiKeyDigest) return show(application, { apiKey })
  await requireApiKeyFree(tx, sealed.apiKeyDigest!, applicationId)
  const written = { ...sealed, updatedAt: tx.now() }
  await tx.applications.update(applicationId, written)
  await tx.emit({
    type: 'application.secret-rotated',
    target: { kind: 'application', id: applicationId },
    data: { of: 'apiKey' },
  })
  return show({ ...application, ...written }, { apiKey })
}

/** Undefined when no application has this key. Whether it is active is for the caller to look at. */
export const findApplicationByApiKey = query<{ apiKey: string }, ShownApplication | undefined>({
  name: 'find application by API key',
  needs: { anyone: 'Whoever asks has the key, and learns only whose it is.' },
  run: async ({ applications }, { apiKey }, _actor, { digest }) => {
    const application = await applications.findBy({ apiKeyDigest: digest(apiKey) })
    return application && show(application)
  },
})

/**
 * What an application authenticates with.
 * @throws not_found, cannot_grant when the application may do what the actor may not
 */
export const readApplicationSecrets = query<{ applicationId: string }, Secrets>({
  name: 'read application secrets',
  needs: 'applications:read-secrets',
  run: async (reader, { applicationId }, actor, services) => {
    const application = found(await reader.applications.find(applicationId), 'application', applicationId)
    await requireMayActAsApplication(reader, actor, applicationId)
    return { ...openSecret(application, services), ...openApiKey(application, services) }
  },
})
