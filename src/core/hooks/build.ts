import type { JsonObject } from '../json.ts'
import { command, query } from '../operation.ts'
import { addVersion } from './deploy.ts'
import type { Build, BuildError, Hook, ResolvedDependency } from './hook.ts'

const building = {
  needs: 'settings:update',
} as const

/** What a builder needs; undefined when the draft has moved on, or is built. */
export const startBuild = command<
  { hookId: string; buildId: string },
  Pick<Hook, 'id' | 'flavour' | 'code' | 'dependencies' | 'buildId'> | undefined
>({
  name: 'start build of hook',
  ...building,
  run: async (tx, { hookId, buildId }) => {
    const hook = await tx.hooks.find(hookId)
    if (!hook || hook.buildId !== buildId || hook.status === 'built' || hook.status === 'failed')
      return undefined
    await tx.hooks.update(hookId, { status: 'building' })
    const { id, flavour, code, dependencies } = hook
    return { id, flavour, code, dependencies, buildId }
  },
})

export type BuildResult =
  | { ok: true; resolved: readonly ResolvedDependency[]; lock: readonly JsonObject[] }
  | { ok: false; errors: readonly BuildError[] }

/** Notes what came of a build, and deploys what waited for it. Nothing when the draft has moved on. */
export const finishBuild = command<{ hookId: string; buildId: string; result: BuildResult }, void>({
  name: 'finish build of hook',
  ...building,
  run: async (tx, { hookId, buildId, result }) => {
    const hook = await tx.hooks.find(hookId)
    if (!hook || hook.buildId !== buildId || hook.status === 'built' || hook.status === 'failed') return
    const build: Partial<Build> & Pick<Hook, 'builtAt'> = result.ok
      ? { status: 'built', errors: [], resolved: result.resolved, lock: result.lock, builtAt: tx.now() }
      : { status: 'failed', errors: result.errors, resolved: [], lock: [] }
    await tx.hooks.update(hookId, build)
    if (!result.ok) {
      const data = { errors: result.errors.map(({ message }) => message.slice(0, 500)) }
      await tx.emit({ type: 'hook.build-failed', target: { kind: 'hook', id: hookId }, data })
    } else if (hook.deploysWhenBuilt) await addVersion(tx, { ...hook, ...build })
  },
})

/** The drafts whose builds a process left behind. */
export const listUnbuilt = query<object, { hookId: string; buildId: string }[]>({
  name: 'list unbuilt hooks',
  needs: 'hooks:read',
  run: async ({ hooks }) => {
    const { items } = await hooks.list({
      filter: { field: 'status', in: ['pending', 'building'] },
      limit: 1000,
    })
    return items.map(({ id, buildId }) => ({ hookId: id, buildId }))
  },
})
