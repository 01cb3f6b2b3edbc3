import { changesTo } from '../changes.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import { requireApplications } from './create.ts'
import { type Hook, type Shown, show } from './hook.ts'
import {
  type GivenSecret,
  requireHookName,
  requireHookNameFree,
  requireMayAuthor,
  requireScript,
  requireSecrets,
  requireTimeout,
  type SealSecrets,
  sealerOf,
} from './rules.ts'
import { mirrorScript } from './to-entry.ts'

/** Frozen with a version. */
const scripted = ['code', 'dependencies', 'runtime', 'triggers', 'allowedHosts'] as const
/** Of the hook itself: they count at once. */
const settings = [
  'name',
  'onFailure',
  'runsAs',
  'modifiesEvents',
  'timeoutMs',
  'isEnabled',
  'applicationIds',
  'extensions',
] as const

type Changeable = (typeof scripted)[number] | (typeof settings)[number]

export type UpdateHook = {
  hookId: string
  changes?: Partial<Pick<Hook, Changeable>>
  /** All that it shall have; one without a value keeps the value that is there. */
  secrets?: readonly GivenSecret[]
}

/**
 * Changes the draft, which is built again, and settings, which count at once. What is
 * deployed runs on as it is.
 * @throws not_found, taken, invalid, cannot_grant for whoever may not do what the script could
 */
export const updateHook = command<UpdateHook, Shown<Hook>, SealSecrets | undefined>({
  name: 'update hook',
  needs: 'hooks:update',
  prepare: async ({ secrets }, services) => {
    if (!secrets) return undefined
    requireSecrets(secrets)
    return sealerOf(secrets, services)
  },
  run: async (tx, { hookId, changes: given = {} }, actor, seal) => {
    const hook = found(await tx.hooks.find(hookId), 'hook', hookId)
    await requireMayAuthor(tx, actor, hook)
    const name = given.name === undefined ? hook.name : requireHookName(given.name)
    const changes = changesTo(hook, { ...given, name }, [...scripted, ...settings])
    if (changes.runsAs) await requireMayAuthor(tx, actor, { ...hook, runsAs: changes.runsAs })
    requireScript(changes)
    if (changes.timeoutMs !== undefined) requireTimeout(changes.timeoutMs)
    if ('name' in changes) await requireHookNameFree(tx, name, hook.flavour, hookId)
    if (changes.applicationIds) await requireApplications(tx, changes.applicationIds)
    const secrets = seal?.(hookId, tx.now(), hook.secrets)
    const changed = [...Object.keys(changes), ...(secrets ? ['secrets'] : [])]
    if (changed.length === 0) return show(hook)
    const isScripted = secrets !== undefined || scripted.some((field) => field in changes)
    const written: Partial<Hook> = {
      ...changes,
      ...(secrets && { secrets }),
      ...(isScripted && {
        hasChanges: true,
        buildId: tx.newId(),
        status: 'pending' as const,
        errors: [],
        resolved: [],
        lock: [],
        deploysWhenBuilt: false,
      }),
      updatedAt: tx.now(),
    }
    await tx.hooks.update(hookId, written)
    const { code: _notYet, ...atOnce } = changes
    await mirrorScript(tx, hook, atOnce)
    const target = { kind: 'hook', id: hookId } as const
    const { buildId } = { ...hook, ...written }
    await tx.emit({ type: 'hook.updated', target, data: { changed, ...(isScripted && { buildId }) } })
    return show({ ...hook, ...written })
  },
})
