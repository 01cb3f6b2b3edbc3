import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { findVersion } from './deploy.ts'
import { type Flavour, type Hook, type HookVersion, type Shown, show } from './hook.ts'

/** A hook with the version of it that runs. */
export type HookWithDeployed = Shown<Hook> & { deployedVersion?: Shown<HookVersion> }

/** @throws not_found */
export const getHook = query<{ hookId: string; flavour?: Flavour }, HookWithDeployed>({
  name: 'get hook',
  needs: 'hooks:read',
  run: async (reader, { hookId, flavour }) => {
    const hook = await reader.hooks.find(hookId)
    const isSought = hook && (flavour === undefined || hook.flavour === flavour)
    const [listed] = await withDeployed(reader, [found(isSought ? hook : undefined, 'hook', hookId)])
    return listed!
  },
})

/** Fields: those of `Hook`. @throws invalid_cursor, unknown_field */
export const listHooks = query<
  { listing: Listing; flavour?: Flavour; trigger?: string },
  Page<HookWithDeployed>
>({
  name: 'list hooks',
  needs: 'hooks:read',
  run: async (reader, { listing, flavour, trigger }) => {
    const filter = every(
      flavour === undefined ? undefined : equal('flavour', flavour),
      trigger === undefined ? undefined : equal('triggers.name', trigger),
      listing.filter,
    )
    const page = await reader.hooks.list({ ...listing, ...(filter && { filter }) })
    return { ...page, items: await withDeployed(reader, page.items) }
  },
})

/** The newest first. @throws not_found, invalid_cursor */
export const listHookVersions = query<
  { hookId: string; listing: Omit<Listing, 'order'> },
  Page<Shown<HookVersion>> & { hook: Shown<Hook> }
>({
  name: 'list versions of hook',
  needs: 'hooks:read',
  run: async ({ hooks, hookVersions }, { hookId, listing }) => {
    const hook = found(await hooks.find(hookId), 'hook', hookId)
    const page = await hookVersions.list({
      ...listing,
      filter: every(equal('hookId', hookId), listing.filter)!,
      order: [{ field: 'versionNumber', direction: 'descending' }],
    })
    return { ...page, hook: show(hook), items: page.items.map(show) }
  },
})

/** @throws not_found, also for a version of another hook */
export const getHookVersion = query<
  { hookId: string; versionId: string },
  { hook: Shown<Hook>; version: Shown<HookVersion> }
>({
  name: 'get version of hook',
  needs: 'hooks:read',
  run: async (reader, { hookId, versionId }) => {
    const hook = found(await reader.hooks.find(hookId), 'hook', hookId)
    return { hook: show(hook), version: show(await findVersion(reader, hookId, versionId)) }
  },
})

const withDeployed = async (
  { hookVersions }: { hookVersions: { findMany(ids: readonly string[]): Promise<HookVersion[]> } },
  hooks: readonly Hook[],
): Promise<HookWithDeployed[]> => {
  const versions = await hookVersions.findMany(
    hooks.flatMap(({ deployedVersionId }) => deployedVersionId ?? []),
  )
  const byId = new Map(versions.map((version) => [version.id, version]))
  return hooks.map((hook) => {
    const deployed = hook.deployedVersionId === undefined ? undefined : byId.get(hook.deployedVersionId)
    return { ...show(hook), ...(deployed && { deployedVersion: show(deployed) }) }
  })
}
