import type { Extensions } from '../json.ts'
import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { type Flavour, type Hook, type Script, type Shown, show } from './hook.ts'
import {
  type GivenSecret,
  hookLimits,
  requireHookName,
  requireHookNameFree,
  requireMayAuthor,
  requireScript,
  requireSecrets,
  requireTimeout,
  type SealSecrets,
  sealerOf,
} from './rules.ts'

type Settings = Pick<
  Hook,
  'onFailure' | 'runsAs' | 'modifiesEvents' | 'timeoutMs' | 'isEnabled' | 'applicationIds'
>

export type CreateHook = Partial<Settings> &
  Partial<Omit<Script, 'secrets'>> & {
    name: string
    flavour: Flavour
    secrets?: readonly GivenSecret[]
    /** Deploy it as soon as it is built; needs the right to deploy as well. */
    deploy?: boolean
    extensions?: Extensions
  }

/**
 * Creates a hook as a draft, which is built in the background; nothing runs before it is deployed and bound.
 * @throws taken, invalid, limit_exceeded, not_found for an application, forbidden, cannot_grant for whoever may not do
 *   what the script could
 */
export const createHook = command<CreateHook, Shown<Hook>, SealSecrets>({
  name: 'create hook',
  needs: 'hooks:create',
  prepare: async ({ secrets = [] }, services) => {
    requireSecrets(secrets)
    return sealerOf(secrets, services)
  },
  run: async (tx, input, actor, seal) => {
    const { flavour, deploy = false, runsAs = 'caller' } = input
    const name = requireHookName(input.name)
    requireScript(input)
    if (deploy) await requireMayDo(tx, actor, ['hooks:deploy'], workspace)
    await requireMayAuthor(tx, actor, { flavour, runsAs })
    await requireHookNameFree(tx, name, flavour)
    await requireApplications(tx, input.applicationIds ?? [])
    if ((await tx.hooks.count()) >= hookLimits.hooks)
      throw new DomainError({ code: 'limit_exceeded', kind: 'hook', limit: hookLimits.hooks })
    const id = tx.newId()
    const hook = await tx.hooks.insert({
      id,
      name,
      flavour,
      code: input.code ?? '',
      dependencies: input.dependencies ?? [],
      secrets: seal(id, tx.now(), []),
      runtime: input.runtime ?? defaultRuntime,
      triggers: input.triggers ?? [],
      allowedHosts: input.allowedHosts ?? [],
      onFailure: input.onFailure ?? 'deny',
      runsAs,
      modifiesEvents: input.modifiesEvents ?? false,
      timeoutMs: requireTimeout(input.timeoutMs ?? defaultTimeoutMs),
      isEnabled: input.isEnabled ?? true,
      applicationIds: input.applicationIds ?? [],
      buildId: tx.newId(),
      status: 'pending',
      errors: [],
      resolved: [],
      lock: [],
      hasChanges: true,
      deploysWhenBuilt: deploy,
      versionsCount: 0,
      createdAt: tx.now(),
      updatedAt: tx.now(),
      extensions: input.extensions ?? {},
    })
    const target = { kind: 'hook', id } as const
    await tx.emit({ type: 'hook.created', target, data: { name, flavour, buildId: hook.buildId } })
    return show(hook)
  },
})

const defaultTimeoutMs = 10_000

export const defaultRuntime = 'node22'

/** @throws not_found */
export const requireApplications = async (
  { applications }: Pick<Tx, 'applications'>,
  ids: readonly string[],
): Promise<void> => {
  const there = new Set((await applications.findMany(ids)).map(({ id }) => id))
  const missing = ids.find((id) => !there.has(id))
  if (missing !== undefined) throw new DomainError({ code: 'not_found', kind: 'application', id: missing })
}
