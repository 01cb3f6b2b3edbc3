import { equal, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { dropMirrored } from './to-entry.ts'

export type DeleteHook = {
  hookId: string
  /** Take it from the triggers it is bound to; otherwise one that is bound is refused. */
  unbinds?: boolean
}

/** Deletes a hook with its versions; what it did stays recorded. @throws not_found, in_use */
export const deleteHook = command<DeleteHook, void>({
  name: 'delete hook',
  needs: 'hooks:delete',
  run: async (tx, { hookId, unbinds = false }) => {
    const hook = found(await tx.hooks.find(hookId), 'hook', hookId)
    const bindings = await tx.hookBindings.list({ filter: equal('hookId', hookId), limit: unlimited })
    if (bindings.items.length > 0 && !unbinds)
      throw new DomainError({ code: 'in_use', kind: 'hook', id: hookId })
    for (const { id } of bindings.items) await tx.hookBindings.remove(id)
    const versions = await tx.hookVersions.list({ filter: equal('hookId', hookId), limit: unlimited })
    for (const { id } of versions.items) await tx.hookVersions.remove(id)
    await tx.hooks.remove(hookId)
    await dropMirrored(tx, hook)
    await tx.emit({
      type: 'hook.deleted',
      target: { kind: 'hook', id: hookId },
      data: { name: hook.name, triggers: bindings.items.map(({ trigger }) => trigger) },
    })
  },
})
