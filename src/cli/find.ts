import { equal } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import { found } from '#core/refusals.ts'
import { findUserByEmail, findUserByUsername, listUsers, type UserWithIdentities } from '#core/users/read.ts'
import { operator } from './command.ts'

/** A user as people name him: by id, e-mail address or user name. @throws not_found */
export const findUser = async (run: Run, text: string): Promise<UserWithIdentities> => {
  const [byId] = (await run(listUsers, { listing: { limit: 1, filter: equal('id', text) } }, operator)).items
  const user =
    byId ??
    (await run(findUserByEmail, { email: text }, operator)) ??
    (await run(findUserByUsername, { username: text }, operator))
  return found(user, 'user', text)
}
