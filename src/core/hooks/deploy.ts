import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { type Hook, type HookVersion, type Script, type Shown, show } from './hook.ts'
import { hookLimits, requireBuilt, requireMayAuthor } from './rules.ts'
import { mirrorScript } from './to-entry.ts'

export type DeployedVersion = Shown<HookVersion> & { hookName: string }

/**
 * Freezes the draft as a new version, which runs from then on.
 * @throws not_found, invalid, cannot_grant
 */
export const deployHook = command<{ hookId: string }, DeployedVersion>({
  name: 'deploy hook',
  needs: 'hooks:deploy',
  run: async (tx, { hookId }, actor) => {
    const hook = found(await tx.hooks.find(hookId), 'hook', hookId)
    await requireMayAuthor(tx, actor, hook)
    requireBuilt(hook)
    return { ...show(await addVersion(tx, hook)), hookName: hook.name }
  },
})

export type DeployVersion = {
  hookId: string
  versionId: string
  /** Make it the draft as well. */
  updatesDraft?: boolean
}

/**
 * Goes back: a new version, copied from an older one.
 * @throws not_found, invalid, cannot_grant
 */
export const deployHookVersion = command<DeployVersion, DeployedVersion>({
  name: 'deploy version of hook',
  needs: 'hooks:deploy',
  run: async (tx, { hookId, versionId, updatesDraft = false }, actor) => {
    const hook = found(await tx.hooks.find(hookId), 'hook', hookId)
    await requireMayAuthor(tx, actor, hook)
    const version = await findVersion(tx, hookId, versionId)
    requireBuilt(version)
    const { buildId, status, errors, resolved, lock, builtAt } = version
    const copied = {
      ...scriptOf(version),
      buildId,
      status,
      errors,
      resolved,
      lock,
      ...(builtAt && { builtAt }),
    }
    const added = await addVersion(tx, { ...hook, ...copied }, updatesDraft)
    if (updatesDraft) await tx.hooks.update(hookId, copied)
    return { ...show(added), hookName: hook.name }
  },
})

const scriptOf = ({ code, dependencies, secrets, runtime, triggers, allowedHosts }: Script): Script => ({
  code,
  dependencies,
  secrets,
  runtime,
  triggers,
  allowedHosts,
})

/** @throws not_found, also for a version of another hook */
export const findVersion = async (
  { hookVersions }: Pick<Reader, 'hookVersions'>,
  hookId: string,
  versionId: string,
): Promise<HookVersion> => {
  const version = await hookVersions.find(versionId)
  return found(version?.hookId === hookId ? version : undefined, 'hook_version', versionId)
}

/** The one way a version comes into being. `isDraft`: what is deployed is what the draft says. */
export const addVersion = async (tx: Tx, hook: Hook, isDraft = true): Promise<HookVersion> => {
  const { buildId, status, errors, resolved, lock, builtAt } = hook
  const version = await tx.hookVersions.insert({
    id: tx.newId(),
    hookId: hook.id,
    versionNumber: hook.versionsCount + 1,
    ...scriptOf(hook),
    buildId,
    status,
    errors,
    resolved,
    lock,
    ...(builtAt !== undefined && { builtAt }),
    createdAt: tx.now(),
    updatedAt: tx.now(),
  })
  await tx.hooks.update(hook.id, {
    deployedVersionId: version.id,
    versionsCount: version.versionNumber,
    hasChanges: !isDraft,
    deploysWhenBuilt: false,
    updatedAt: tx.now(),
  })
  await dropOldVersions(tx, hook.id)
  await mirrorScript(tx, hook, { code: hook.code })
  const target = { kind: 'hook', id: hook.id } as const
  const data = { versionId: version.id, versionNumber: version.versionNumber }
  await tx.emit({ type: 'hook.deployed', target, data })
  return version
}

const dropOldVersions = async (tx: Tx, hookId: string): Promise<void> => {
  const { items } = await tx.hookVersions.list({ filter: equal('hookId', hookId), limit: unlimited })
  for (const { id } of items.slice(0, -hookLimits.versions)) await tx.hookVersions.remove(id)
}
