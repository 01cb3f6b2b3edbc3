import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { type Hook, type HookVersion, type Script, secretContext } from './hook.ts'
import { requireBuilt } from './rules.ts'

/** All that running a script takes. `id` names this very state of it. */
export type Runnable = Pick<Script, 'code' | 'allowedHosts' | 'dependencies' | 'triggers'> &
  Pick<Hook, 'flavour' | 'onFailure' | 'runsAs' | 'modifiesEvents' | 'timeoutMs' | 'lock'> & {
    id: string
    hookId: string
    hookName: string
    versionId?: string
    secrets: Record<string, string>
  }

/** What the server itself reads to run hooks; no door offers these, and their answers hold secrets. */
const running = { needs: 'hooks:update' } as const

/** The deployed hooks of a trigger that are switched on and meant for the application, in their order. */
export const readBoundHooks = query<{ trigger: string; applicationId?: string }, Runnable[]>({
  name: 'read bound hooks',
  ...running,
  run: async (reader, { trigger, applicationId }, _actor, { sealer }) => {
    const bindings = await reader.hookBindings.of(trigger)
    const bound: Runnable[] = []
    for (const { hookId } of bindings) {
      const hook = await reader.hooks.find(hookId)
      if (!hook?.isEnabled || hook.deployedVersionId === undefined || !isMeantFor(hook, applicationId))
        continue
      const version = await reader.hookVersions.find(hook.deployedVersionId)
      if (version) bound.push(runnable(hook, version, version.id, sealer))
    }
    return bound
  },
})

/** The triggers that anything is bound to. */
export const listBoundTriggers = query<object, string[]>({
  name: 'list bound triggers',
  ...running,
  run: ({ hookBindings }) => hookBindings.triggers(),
})

/**
 * The draft of a hook, for a test of it.
 * @throws not_found, invalid
 */
export const readDraft = query<{ hookId: string }, Runnable>({
  name: 'read draft of hook',
  // Whoever runs a draft runs whatever it says: seeing hooks is not enough.
  needs: ['hooks:update', 'hooks:create'],
  run: async ({ hooks }, { hookId }, _actor, { sealer }) => {
    const hook = found(await hooks.find(hookId), 'hook', hookId)
    requireBuilt(hook)
    return runnable(hook, hook, undefined, sealer)
  },
})

/** A version that runs already, or could. @throws not_found */
export const readDeployed = query<{ hookId: string }, Runnable | undefined>({
  name: 'read deployed hook',
  ...running,
  run: async ({ hooks, hookVersions }, { hookId }, _actor, { sealer }) => {
    const hook = found(await hooks.find(hookId), 'hook', hookId)
    const { deployedVersionId: versionId } = hook
    const version = versionId === undefined ? undefined : await hookVersions.find(versionId)
    return version && runnable(hook, version, version.id, sealer)
  },
})

const isMeantFor = ({ applicationIds }: Hook, applicationId: string | undefined): boolean =>
  applicationIds.length === 0 || (applicationId !== undefined && applicationIds.includes(applicationId))

const runnable = (
  hook: Hook,
  script: Hook | HookVersion,
  versionId: string | undefined,
  sealer: { open(sealed: string, context: string): string },
): Runnable => ({
  id: versionId ?? script.buildId,
  hookId: hook.id,
  hookName: hook.name,
  ...(versionId !== undefined && { versionId }),
  flavour: hook.flavour,
  onFailure: hook.onFailure,
  runsAs: hook.runsAs,
  modifiesEvents: hook.modifiesEvents,
  timeoutMs: hook.timeoutMs,
  code: script.code,
  triggers: script.triggers,
  allowedHosts: script.allowedHosts,
  dependencies: script.dependencies,
  lock: script.lock,
  secrets: Object.fromEntries(
    script.secrets.map(({ name, sealed }) => [name, sealer.open(sealed, secretContext(hook.id, name))]),
  ),
})
