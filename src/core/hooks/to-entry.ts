import { sameValue } from '../changes.ts'
import type { Tx } from '../store.ts'
import type { Hook } from './hook.ts'

/** What changed of a hook, as far as the script of its dialect says it too. */
export type Mirrored = Partial<Pick<Hook, 'name' | 'code' | 'isEnabled' | 'modifiesEvents'>>

/**
 * Writes a change of a hook into the script that it came from, so that its own dialect shows what runs. The other way
 * round it is `followScript`. A hook that came from no script has none.
 */
export const mirrorScript = async (
  tx: Tx,
  { flavour, name: named }: Pick<Hook, 'flavour' | 'name'>,
  { name = named, code, isEnabled, modifiesEvents }: Mirrored,
): Promise<void> => {
  if (flavour !== 'event-script') return
  const entry = await tx.entries.findBy({ kind: 'event-script', owner: 'workspace', name: named })
  if (!entry) return
  const data = {
    ...entry.data,
    ...(code !== undefined && { content: code }),
    ...(isEnabled !== undefined && { is_active: isEnabled }),
    ...(modifiesEvents !== undefined && { allow_event_modification: modifiesEvents }),
  }
  if (name === named && sameValue(data, entry.data)) return
  await tx.entries.update(entry.id, { name, data, updatedAt: tx.now() })
  await tx.emit({
    type: 'entry.updated',
    target: { kind: 'entry', id: entry.id },
    data: { kind: entry.kind, owner: entry.owner, name },
  })
}

/** The script of a hook that is gone. */
export const dropMirrored = async (
  tx: Tx,
  { flavour, name }: Pick<Hook, 'flavour' | 'name'>,
): Promise<void> => {
  if (flavour !== 'event-script') return
  const entry = await tx.entries.findBy({ kind: 'event-script', owner: 'workspace', name })
  if (!entry) return
  await tx.entries.remove(entry.id)
  await tx.emit({
    type: 'entry.deleted',
    target: { kind: 'entry', id: entry.id },
    data: { kind: entry.kind, owner: entry.owner, name },
  })
}
