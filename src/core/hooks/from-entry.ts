import type { JsonObject } from '../json.ts'
import { equal, unlimited } from '../listing.ts'
import type { Tx } from '../store.ts'
import { addVersion } from './deploy.ts'
import type { Hook } from './hook.ts'

/** A script as its dialect keeps it: named like the event that it runs at. */
export type ScriptEntry = { name: string; data: JsonObject }

const flavour = 'event-script'

/** The kinds of script that run here; others are kept, and say that they don't run. */
const runnableTypes: ReadonlySet<unknown> = new Set(['nodejs', 'v8js'])

/**
 * Keeps the hook of a script in step with what the script's own dialect says: a script is deployed and bound as soon as
 * it is saved. Whose rights it has, its hosts and its packages are the hook's own and stay. Whoever saves it was asked
 * for the right to do so.
 */
export const followScript = async (tx: Tx, { name, data }: ScriptEntry, before = name): Promise<void> => {
  if (before !== name) await dropScript(tx, before)
  const code = typeof data.content === 'string' ? data.content : ''
  const runs = runnableTypes.has(data.type)
  const state = {
    code,
    runtime: String(data.type ?? 'nodejs'),
    isEnabled: data.is_active === true && runs,
    modifiesEvents: data.allow_event_modification === true,
    ...(runs
      ? ({ status: 'built', errors: [] } as const)
      : ({
          status: 'failed',
          errors: [{ code: 'unsupported', message: `Scripts of the type ${data.type} do not run here.` }],
        } as const)),
    builtAt: tx.now(),
    updatedAt: tx.now(),
  }
  const there = await tx.hooks.findBy({ name, flavour })
  const hook = there ? await change(tx, there, state) : await add(tx, name, state)
  if (runs && hook.code !== there?.code) await addVersion(tx, hook)
  if (runs && (await tx.hookBindings.of(name)).every(({ hookId }) => hookId !== hook.id)) {
    const at = { createdAt: tx.now(), updatedAt: tx.now() }
    const position = (await tx.hookBindings.of(name)).length
    const binding = { id: tx.newId(), trigger: name, hookId: hook.id, position, displayName: name }
    await tx.hookBindings.insert({ ...binding, ...at })
  }
}

type State = Pick<
  Hook,
  'code' | 'runtime' | 'isEnabled' | 'modifiesEvents' | 'status' | 'errors' | 'builtAt' | 'updatedAt'
>

const change = async (tx: Tx, hook: Hook, state: State): Promise<Hook> => {
  const written = { ...state, ...(state.code !== hook.code && { buildId: tx.newId() }) }
  await tx.hooks.update(hook.id, written)
  await tx.emit({ type: 'hook.updated', target: { kind: 'hook', id: hook.id }, data: { changed: ['code'] } })
  return { ...hook, ...written }
}

const add = async (tx: Tx, name: string, state: State): Promise<Hook> => {
  const hook = await tx.hooks.insert({
    id: tx.newId(),
    name,
    flavour,
    dependencies: [],
    secrets: [],
    triggers: [{ name }],
    allowedHosts: [],
    onFailure: 'deny',
    runsAs: 'caller',
    timeoutMs: 10_000,
    applicationIds: [],
    buildId: tx.newId(),
    resolved: [],
    lock: [],
    hasChanges: true,
    deploysWhenBuilt: false,
    versionsCount: 0,
    createdAt: tx.now(),
    extensions: {},
    ...state,
  })
  await tx.emit({ type: 'hook.created', target: { kind: 'hook', id: hook.id }, data: { name, flavour } })
  return hook
}

/** The hook of a script that is gone. */
export const dropScript = async (tx: Tx, name: string): Promise<void> => {
  const hook = await tx.hooks.findBy({ name, flavour })
  if (!hook) return
  for (const { id } of (await tx.hookBindings.list({ filter: equal('hookId', hook.id), limit: unlimited }))
    .items)
    await tx.hookBindings.remove(id)
  for (const { id } of (await tx.hookVersions.list({ filter: equal('hookId', hook.id), limit: unlimited }))
    .items)
    await tx.hookVersions.remove(id)
  await tx.hooks.remove(hook.id)
  await tx.emit({ type: 'hook.deleted', target: { kind: 'hook', id: hook.id }, data: { name: hook.name } })
}
