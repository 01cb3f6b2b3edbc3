import type { Actor } from '../actor.ts'
import type { Listing, Page } from '../listing.ts'
import { query, type Services } from '../operation.ts'
import { found } from '../refusals.ts'
import { mayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { Application } from './application.ts'
import { applicationsToActAs } from './grant-rules.ts'
import { openApiKey, openSecret, type ShownApplication, show } from './show.ts'

export type GetApplication = {
  applicationId: string
  /** Also its secret and API key, where the actor may see them. */
  withSecrets?: boolean
}

/** @throws not_found */
export const getApplication = query<GetApplication, ShownApplication>({
  name: 'get application',
  needs: ['applications:read', 'applications:read-secrets'],
  run: async (reader, { applicationId, withSecrets }, actor, services) => {
    const application = found(await reader.applications.find(applicationId), 'application', applicationId)
    const [shown] = await showAll(reader, [application], withSecrets, actor, services)
    return shown!
  },
})

export type ListApplications = { listing: Listing; withSecrets?: boolean }

/**
 * Fields: those of `Application`. With secrets: for each application whose secrets the actor may see.
 * @throws invalid_cursor, unknown_field
 */
export const listApplications = query<ListApplications, Page<ShownApplication>>({
  name: 'list applications',
  needs: 'applications:read',
  run: async (reader, { listing, withSecrets }, actor, services) => {
    const page = await reader.applications.list(listing)
    return { ...page, items: await showAll(reader, page.items, withSecrets, actor, services) }
  },
})

/** With secrets: for each application whose secrets the actor may see. */
export const showAll = async (
  reader: Reader,
  applications: readonly Application[],
  withSecrets: boolean | undefined,
  actor: Actor,
  services: Services,
): Promise<ShownApplication[]> => {
  const seesSecrets = withSecrets && (await mayDo(reader, actor, ['applications:read-secrets'], workspace))
  if (!seesSecrets) return applications.map((application) => show(application))
  const ids = applications.map(({ id }) => id)
  const allowed = await applicationsToActAs(reader, actor, ids)
  return applications.map((application) =>
    allowed.has(application.id)
      ? show(application, { ...openSecret(application, services), ...openApiKey(application, services) })
      : show(application),
  )
}
