import type { Run } from '#core/operation.ts'
import { readNeededFactor } from '#core/second-factors/needed.ts'
import { me } from './actor.ts'

const factors: ReadonlySet<string> = new Set(['mfa', 'passkey'])

/**
 * The kinds of second factor that somebody must show, because a role of his asks for one and he came in without: it was
 * given to him since, or by this very sign-in. Undefined when there is nothing to show.
 */
export const neededFactor = async (
  run: Run,
  { userId, methods }: { userId: string; methods: readonly { name: string }[] },
): Promise<readonly string[] | undefined> =>
  methods.some(({ name }) => factors.has(name)) ? undefined : run(readNeededFactor, { userId }, me)
