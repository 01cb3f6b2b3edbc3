import type { Tx } from '../store.ts'

/**
 * A transaction that reads only once what is the same for every user of a batch: where they sign in, which roles there
 * are, which rooms everybody joins. For work that changes none of these.
 */
export const rememberPlaces = (tx: Tx): Tx => {
  const { connections, roles, rooms } = tx
  return {
    ...tx,
    connections: { ...connections, find: once(connections.find) },
    roles: {
      ...roles,
      findMany: once(roles.findMany),
      exclusions: once(roles.exclusions),
      inclusions: once(roles.inclusions),
    },
    rooms: { ...rooms, list: once(rooms.list) },
  }
}

/** One answer for the same question, as its JSON tells. */
const once = <Args extends readonly unknown[], T>(
  ask: (...args: Args) => Promise<T>,
): ((...args: Args) => Promise<T>) => {
  const answers = new Map<string, Promise<T>>()
  return (...args) => {
    const key = JSON.stringify(args)
    const known = answers.get(key)
    if (known) return known
    const answer = ask(...args)
    answers.set(key, answer)
    return answer
  }
}
