import Type from 'typebox'
import type { User } from '#core/users/user.ts'
import { avatarPath } from '#http/avatars.ts'

/** What every family knows of a user: how his id is written, and what he is called and looks like. */

/** What stands in a path or a body as the id of a user. */
export const userIdFormat = /^[^|]+\|.+$/su

export const UserId = Type.String({
  format: 'user-id',
  description: 'ID of the user which can be used when interacting with other APIs.',
})
export const UserParams = Type.Object({ id: UserId })

type SignIn = { [Field in 'email' | 'username' | 'phone']?: string | undefined }

/** A user whom nobody named is called by what he signs in with. */
export const namesOf = ({ email, username, phone }: SignIn) => {
  const name = email ?? username ?? phone
  return name === undefined ? {} : { name, nickname: email?.replace(/@[^@]*$/u, '') ?? name }
}

type Named = Pick<User, 'name' | 'nickname' | 'picture' | 'email' | 'username' | 'phone'>

/** What clients expect everybody to have, made up for users of other doors. */
export const encodeProfile = (user: Named, issuer: string) => {
  const made: { name?: string; nickname?: string } = namesOf(user)
  const { name = made.name, nickname = made.nickname, picture } = user
  return {
    ...(name !== undefined && { name }),
    ...(nickname !== undefined && { nickname }),
    picture: picture ?? new URL(avatarPath(name ?? ''), issuer).href,
  }
}
