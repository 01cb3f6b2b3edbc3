import { type Actor, anonymous, type Door } from '../actor.ts'
import { chatApiId } from '../apis/built-in.ts'
import { query } from '../operation.ts'
import { closure } from '../roles/rules.ts'
import type { Reader } from '../store.ts'

/**
 * Whoever has not signed in, where a chat lets strangers read: its role `anonymous` says what he sees. No power of
 * Rolecall's own comes with that role, whatever it carries.
 */
export const stranger = (door: Door): Actor => ({ ...anonymous(door), strangerRoleId: 'anonymous' })

type StrangersReader = Pick<Reader, 'roles' | 'permissions'>

/** Whether strangers hold any of the permissions of the API `chat`; false for everybody who is no stranger. */
const strangerHolds = async (
  { roles, permissions }: StrangersReader,
  { kind, strangerRoleId }: Actor,
  anyOf: readonly string[],
): Promise<boolean> => {
  if (kind !== 'anonymous' || strangerRoleId === undefined) return false
  const reached = closure([strangerRoleId], await roles.inclusions())
  for (const name of anyOf) {
    const carriers = await permissions.rolesWith({ apiId: chatApiId, name })
    if (carriers.some((roleId) => reached.has(roleId))) return true
  }
  return false
}

/** Channels are public, but only people see them, and strangers who were let in. */
export const seesChannels = async (reader: StrangersReader, actor: Actor): Promise<boolean> =>
  actor.kind === 'user' || (await strangerHolds(reader, actor, ['view-c-room', 'preview-c-room']))

/** The same question that people ask about themselves. */
export const decideForStranger = query<{ anyOf: readonly string[] }, boolean>({
  name: 'decide for stranger',
  needs: { anyone: 'tells whoever asks what he may himself' },
  run: (reader, { anyOf }, actor) => strangerHolds(reader, actor, anyOf),
})
