import type { Account } from 'oidc-provider'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { getUser, type UserWithIdentities } from '#core/users/read.ts'
import { me } from './actor.ts'
import { claimsOf } from './claims.ts'
import { OAuthRefusal } from './errors.ts'
import { decodeSubject, encodeSubject } from './subject.ts'

/** A person as he is now; undefined when he is gone. */
export const findPerson = async (run: Run, userId: string): Promise<UserWithIdentities | undefined> => {
  try {
    return await run(getUser, { userId }, me)
  } catch (error) {
    if (error instanceof DomainError && error.refusal.code === 'not_found') return undefined
    throw error
  }
}

export const userIsBlocked = () => new OAuthRefusal(403, 'unauthorized', 'user is blocked')

export type FindAccount = (ctx: unknown, subject: string, token?: unknown) => Promise<Account | undefined>

/** What the provider calls a person. Who is blocked has no account: he is asked to sign in, and told then. */
export const createFindAccount =
  (run: Run): FindAccount =>
  async (_ctx, subject, token) => {
    const user = await findPerson(run, decodeSubject(subject))
    if (!user) return undefined
    if (user.isBlocked) {
      if (token === undefined) return undefined
      throw userIsBlocked()
    }
    return {
      accountId: encodeSubject(user.id),
      claims: async (_use, scope) => ({
        sub: encodeSubject(user.id),
        ...claimsOf(user, new Set(scope.split(' '))),
      }),
    }
  }
