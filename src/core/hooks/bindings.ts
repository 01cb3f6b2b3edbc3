import { sameValue } from '../changes.ts'
import { equal, type Listing, type Page, unlimited } from '../listing.ts'
import { command, query } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { type Binding, type Hook, type Shown, show } from './hook.ts'
import { fitsTrigger, hookLimits, requireMayAuthor } from './rules.ts'

export type BindingWithHook = Binding & { hook: Shown<Hook> }

const inOrder = [{ field: 'position', direction: 'ascending' }] as const

/** Every hook of a trigger in the order they run in, whether or not it is switched on. */
export const listBindings = query<
  { trigger: string; listing: Pick<Listing, 'limit' | 'offset' | 'total'> },
  Page<BindingWithHook>
>({
  name: 'list bindings',
  needs: 'hooks:read',
  run: async (reader, { trigger, listing }) => {
    const page = await reader.hookBindings.list({
      ...listing,
      filter: equal('trigger', trigger),
      order: inOrder,
    })
    return { ...page, items: await withHooks(reader, page.items) }
  },
})

/** Where a hook is bound. @throws not_found */
export const listBindingsOfHook = query<{ hookId: string }, Binding[]>({
  name: 'list bindings of hook',
  needs: 'hooks:read',
  run: async ({ hooks, hookBindings }, { hookId }) => {
    found(await hooks.find(hookId), 'hook', hookId)
    return (await hookBindings.list({ filter: equal('hookId', hookId), limit: unlimited })).items
  },
})

export type NewBinding = {
  /** The hook by its id or its name, or by the id of a binding of this trigger. */
  ref: { hookId: string } | { name: string; flavour: Hook['flavour'] } | { bindingId: string }
  displayName?: string
}

export type ReplaceBindings = {
  trigger: string
  /** In the order they shall run in. */
  bindings: readonly NewBinding[]
  /** Refuse unless these are the bindings of now, in their order. */
  ifBindingIds?: readonly string[]
}

/**
 * Makes these the hooks of a trigger, in this order. The same list again changes nothing and emits nothing.
 * @throws precondition_failed, not_found, invalid for a hook that is not deployed or not meant for the trigger, cannot_grant
 */
export const replaceBindings = command<ReplaceBindings, BindingWithHook[]>({
  name: 'replace bindings',
  needs: 'hooks:update',
  run: async (tx, { trigger, bindings, ifBindingIds }, actor) => {
    if (bindings.length > hookLimits.boundPerTrigger) {
      throw new DomainError({
        code: 'limit_exceeded',
        kind: 'hook_binding',
        limit: hookLimits.boundPerTrigger,
      })
    }
    const before = await bindingsOf(tx, trigger)
    const ids = before.map(({ id }) => id)
    if (ifBindingIds && !sameValue(ids, ifBindingIds))
      throw new DomainError({ code: 'precondition_failed', current: ids.join('.') })
    const wanted: { hookId: string; displayName: string }[] = []
    for (const { ref, displayName } of bindings) {
      const hook = await findBound(tx, ref, before)
      requireBindable(hook, trigger)
      if (!before.some(({ hookId }) => hookId === hook.id)) await requireMayAuthor(tx, actor, hook)
      wanted.push({ hookId: hook.id, displayName: displayName ?? hook.name })
    }
    const held = before.map(({ hookId, displayName }) => ({ hookId, displayName }))
    if (sameValue(held, wanted)) return withHooks(tx, before)
    for (const { id } of before) await tx.hookBindings.remove(id)
    const added: Binding[] = []
    for (const [position, each] of wanted.entries()) {
      const at = { createdAt: tx.now(), updatedAt: tx.now() }
      added.push(await tx.hookBindings.insert({ id: tx.newId(), trigger, position, ...each, ...at }))
    }
    await tx.emit({
      type: 'trigger.bound',
      data: { trigger, hookIds: wanted.map(({ hookId }) => hookId) },
    })
    return withHooks(tx, added)
  },
})

export const bindingsOf = async (
  { hookBindings }: Pick<Reader, 'hookBindings'>,
  trigger: string,
): Promise<Binding[]> =>
  (await hookBindings.list({ filter: equal('trigger', trigger), order: inOrder, limit: unlimited })).items

const findBound = async (tx: Tx, ref: NewBinding['ref'], before: readonly Binding[]): Promise<Hook> => {
  if ('name' in ref) return found(await tx.hooks.findBy(ref), 'hook', ref.name)
  if ('hookId' in ref) return found(await tx.hooks.find(ref.hookId), 'hook', ref.hookId)
  const binding = before.find(({ id }) => id === ref.bindingId)
  const hook = binding && (await tx.hooks.find(binding.hookId))
  return found(hook, 'hook_binding', ref.bindingId)
}

const requireBindable = (hook: Hook, trigger: string): void => {
  const reason = fitsTrigger(hook, trigger)
    ? hook.deployedVersionId === undefined && `The hook ${hook.name} is not deployed.`
    : `The hook ${hook.name} is not meant for the trigger ${trigger}.`
  if (reason) throw new DomainError({ code: 'invalid', field: 'bindings', reason })
}

const withHooks = async (
  { hooks }: Pick<Reader, 'hooks'>,
  bindings: readonly Binding[],
): Promise<BindingWithHook[]> => {
  const byId = new Map(
    (await hooks.findMany([...new Set(bindings.map(({ hookId }) => hookId))])).map((hook) => [hook.id, hook]),
  )
  return bindings.flatMap((binding) => {
    const hook = byId.get(binding.hookId)
    return hook ? [{ ...binding, hook: show(hook) }] : []
  })
}
