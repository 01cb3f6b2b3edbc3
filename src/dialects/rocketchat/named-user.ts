import Type, { type Static } from 'typebox'
import type { Actor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { getPerson, type PersonName } from '#core/users/people.ts'
import { refuse, thrown } from './errors.ts'
import { given } from './parts.ts'

const text = Type.Optional(Type.String())

/** @see specs: §1.8 of the Rocket.Chat dialect */
export const NamedUser = { userId: text, username: text, user: text }

const NamedUserFields = Type.Object(NamedUser)

const notProvided = thrown(
  'error-user-param-not-provided',
  'The required "userId" or "username" param was not provided',
)

/** Tried in this order; blank text counts as absent. @throws WireError when none is there */
export const personNameOf = (params: Static<typeof NamedUserFields>): PersonName => {
  const id = given(params.userId)
  if (id !== undefined) return { id }
  const username = given(params.username) ?? given(params.user)
  return username === undefined ? refuse(notProvided) : { username }
}

/** @throws not_found */
export const userIdOf = async (
  run: Run,
  actor: Actor,
  params: Static<typeof NamedUserFields>,
): Promise<string> => (await run(getPerson, personNameOf(params), actor)).id
