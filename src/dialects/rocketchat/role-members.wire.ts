import Type, { type Static } from 'typebox'
import type { NamedAssignment, RoleName } from '#core/roles/named.ts'
import type { Holder } from '#core/store.ts'
import { given, instant, NullableText } from './parts.ts'
import { emailsOf, WireEmails } from './users.wire.ts'

/** @see specs: §2.7 of the Rocket.Chat dialect. `userId` is refused there, too, whatever an error text says. */
export const NewMember = Type.Object(
  {
    username: Type.String(),
    roleId: Type.Optional(NullableText),
    roleName: Type.Optional(NullableText),
    roomId: Type.Optional(NullableText),
  },
  { additionalProperties: false },
)

/** `scope` is a room's id, whatever the vendor's documentation says. */
export const GoneMember = Type.Object(
  { ...NewMember.properties, scope: Type.Optional(NullableText) },
  { additionalProperties: false },
)

export const RoleMember = Type.Object({
  _id: Type.String(),
  name: Type.Optional(Type.String()),
  username: Type.Optional(Type.String()),
  emails: WireEmails,
  createdAt: Type.String(),
  _updatedAt: Type.String(),
})

type Names = { roleId?: string | null; roleName?: string | null }

/** The id wins, and is no name. A role that nobody named is none that there is. */
export const decodeRoleName = ({ roleId, roleName }: Names): RoleName | undefined => {
  const [id, name] = [given(roleId), given(roleName)]
  if (id !== undefined) return { id }
  return name === undefined ? undefined : { idOrName: name }
}

export const decodeNewMember = (body: Static<typeof NewMember>): NamedAssignment => {
  const roomId = given(body.roomId)
  return {
    username: body.username,
    role: decodeRoleName(body) ?? { id: '' },
    ...(roomId !== undefined && { roomId }),
  }
}

/** Who followed the documentation sent the kind of the role. */
const isNoRoom = (text: string): boolean => text === 'Users' || text === 'Subscriptions'

export const decodeGoneMember = (body: Static<typeof GoneMember>): NamedAssignment => {
  const scope = given(body.scope)
  const room = scope !== undefined && !isNoRoom(scope) ? scope : given(body.roomId)
  return { ...decodeNewMember(body), ...(room !== undefined && { roomId: room }) }
}

const encodeRoleMember = (user: Holder): Static<typeof RoleMember> => {
  const createdAt = instant(user.createdAt)
  return {
    _id: user.id,
    ...(user.name !== undefined && { name: user.name }),
    ...(user.username !== undefined && { username: user.username }),
    emails: emailsOf(user),
    createdAt,
    // Writing one takes longer than finding the user; most were never changed.
    _updatedAt: user.updatedAt === user.createdAt ? createdAt : instant(user.updatedAt),
  }
}

/** The same page is the same list as long as nothing is committed (docs/decisions/0008), so that it is written once. */
const written = new WeakMap<readonly Holder[], Static<typeof RoleMember>[]>()

export const encodeRoleMembers = (page: readonly Holder[]): Static<typeof RoleMember>[] => {
  const known = written.get(page)
  if (known) return known
  const members = page.map(encodeRoleMember)
  written.set(page, members)
  return members
}
