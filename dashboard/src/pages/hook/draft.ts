import { useEffect, useState } from 'react'
import { keepDraft, readDraft } from '../../drafts.ts'
import type { Hook } from '../../server.ts'
import { useSession } from '../../session.tsx'

/** Code that is typed and not saved: it survives other pages and a reload. Undefined as long as nothing is. */
export const useDraft = (hook: Hook) => {
  const { user } = useSession()
  const name = `${user.id} ${hook.id}`
  const [typed, setTyped] = useState(() => readDraft(name))
  const unsaved = typed === hook.code ? undefined : typed
  useEffect(() => keepDraft(name, unsaved), [name, unsaved])
  return [unsaved, setTyped] as const
}
