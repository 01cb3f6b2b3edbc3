import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import type { RoleRequest } from './role-request.ts'

export const mailRequest = async (_tx: Tx, _request: RoleRequest, _user: User, _roleName: string) => {}
export const mailDecision = async (_tx: Tx, _request: RoleRequest) => {}
export const mailWelcome = async (_tx: Tx, _user: User) => {}
export const mailRepeated = async (tx: Tx, email: string, { ip }: { ip?: string }) => {
  const owner = await tx.users.findByEmail(email)
  if (!owner) return
  await tx.emit({
    type: 'user.registration-repeated',
    userId: owner.id,
    data: ip === undefined ? {} : { ip },
  })
}
