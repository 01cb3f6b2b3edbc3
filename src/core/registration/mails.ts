import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import type { RoleRequest } from './role-request.ts'

export const mailRequest = async (_tx: Tx, _request: RoleRequest, _user: User, _roleName: string) => {}
export const mailDecision = async (_tx: Tx, _request: RoleRequest) => {}
export const mailWelcome = async (_tx: Tx, _user: User) => {}
