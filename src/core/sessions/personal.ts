import { equal, every, unlimited } from '../listing.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { dropSession } from './end.ts'
import { addSession, lastPartOf, type PreparedSession, prepareSession, requireSubject } from './open.ts'
import type { OpenedSession, Session } from './session.ts'

export type NamedToken = { userId: string; name: string }

const findToken = async (tx: Tx, { userId, name }: NamedToken, door: string): Promise<Session> => {
  const filter = every(equal('userId', userId), equal('kind', 'personal-token'), equal('name', name))!
  const { items } = await tx.sessions.list({ filter, limit: unlimited })
  return found(
    items.find((session) => session.door === door),
    'session',
    name,
  )
}

/** Puts a new secret in place of a token's; the old one is good for nothing then. @throws not_found, cannot_grant */
export const renewPersonalToken = command<NamedToken, OpenedSession, PreparedSession>({
  name: 'renew personal token',
  needs: 'users:update',
  self: ({ userId }) => userId,
  prepare: async (_input, services) => prepareSession(services),
  run: async (tx, input, actor, prepared) => {
    await requireSubject(tx, input.userId, actor)
    const { data } = await findToken(tx, input, actor.door)
    await dropSession(tx, await findToken(tx, input, actor.door))
    const open = { kind: 'personal-token', name: input.name } as const
    const opened = await addSession(
      tx,
      input.userId,
      { ...open, data: { ...data, lastPart: lastPartOf(prepared) } },
      actor.door,
      prepared,
    )
    const target = { kind: 'session', id: opened.id } as const
    await tx.emit({ type: 'session.created', userId: input.userId, target, data: open })
    return opened
  },
})

/** @throws not_found */
export const endPersonalToken = command<NamedToken, void>({
  name: 'end personal token',
  needs: 'sessions:delete',
  self: ({ userId }) => userId,
  run: async (tx, input, actor) => dropSession(tx, await findToken(tx, input, actor.door)),
})
