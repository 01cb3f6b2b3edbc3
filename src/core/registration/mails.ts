import { rolecallApiId } from '../apis/built-in.ts'
import type { JsonObject } from '../json.ts'
import { every } from '../listing.ts'
import { sendMail } from '../mail/send.ts'
import type { Permission } from '../permissions.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import type { User } from '../users/user.ts'
import type { RoleRequest } from './role-request.ts'

/** So many of those who decide are told of a request; in a large workspace all of them would be a flood. */
const decidersTold = 20
const hourInMilliseconds = 3_600_000

/** Tells those who may decide that somebody asks for a role. */
export const mailRequest = async (
  tx: Tx,
  { scope, reason }: RoleRequest,
  user: User,
  roleName: string,
): Promise<void> => {
  const link = requestsPage(tx)
  const data = { ...requesterOf(user), roleName, link, ...(reason !== undefined && { reason }) }
  await mailDeciders(tx, 'roles:assign', scope, 'role-requested', data)
}

/** Tells those who may decide that somebody waits to be let in. */
export const mailWaiting = (tx: Tx, user: User): Promise<void> =>
  mailDeciders(tx, 'users:update', workspace, 'registration-awaiting-approval', {
    ...requesterOf(user),
    link: requestsPage(tx),
  })

/** Tells who asked what became of it. */
export const mailDecision = async (
  tx: Tx,
  { userId, roleId, status, answer }: RoleRequest,
): Promise<void> => {
  const [user, role] = [await tx.users.find(userId), await tx.roles.find(roleId)]
  if (!user || !role) return
  const link = ownPage(tx)
  const data = {
    roleName: role.name,
    decision: status,
    link,
    ...(answer !== undefined && { reason: answer }),
  }
  await mailTo(tx, user, 'role-request-decided', data)
}

/** Tells who asked, and those who could have decided, that nobody did. */
export const mailExpiry = async (tx: Tx, { userId, roleId, scope }: RoleRequest): Promise<void> => {
  const [user, role] = [await tx.users.find(userId), await tx.roles.find(roleId)]
  if (!user || !role) return
  const { name: roleName } = role
  await mailTo(tx, user, 'role-request-expired', { roleName, link: ownPage(tx) })
  const data = { ...requesterOf(user), roleName, link: requestsPage(tx) }
  await mailDeciders(tx, 'roles:assign', scope, 'role-request-undecided', data)
}

/** Tells who waited that he was let in. */
export const mailWelcome = (tx: Tx, user: User): Promise<void> => mailTo(tx, user, 'welcome')

/** Tells the owner of an address that somebody tried to register with it, as whoever did is not told. */
export const mailRepeated = async (tx: Tx, email: string, { ip }: { ip?: string }): Promise<void> => {
  const owner = await tx.users.findByEmail(email)
  if (!owner) return
  await tx.emit({
    type: 'user.registration-repeated',
    userId: owner.id,
    data: ip === undefined ? {} : { ip },
  })
  await mailTo(tx, owner, 'already-registered', {}, 3)
}

/** Pages of the dashboard: where requests are decided on, and where a person sees his own. */
const requestsPage = ({ links }: Tx): string => `${links.base()}registration/requests`
const ownPage = ({ links }: Tx): string => `${links.base()}me`

const requesterOf = ({ name, username, email }: User): JsonObject => {
  const shown = name ?? username
  return {
    ...(shown !== undefined && { requesterName: shown }),
    ...(email !== undefined && { requesterEmail: email }),
  }
}

const mailDeciders = async (
  tx: Tx,
  permission: Permission,
  scope: Scope,
  template: string,
  data: JsonObject,
): Promise<void> => {
  const key = { apiId: rolecallApiId, name: permission }
  const page = { limit: decidersTold }
  const { items } = await tx.decisions.subjects(key, scopesThatCountIn(scope), tx.now(), page)
  for (const user of items) await mailTo(tx, user, template, data)
}

/** Nobody gets more than a few of a kind in an hour, whatever strangers do. */
const mailTo = async (
  tx: Tx,
  { id, email }: User,
  template: string,
  data: JsonObject = {},
  perHour = 20,
): Promise<void> => {
  if (email === undefined) return
  const lately = every(
    { field: 'to', is: 'equal', value: email },
    { field: 'template', is: 'equal', value: template },
    { field: 'createdAt', is: 'more', value: tx.now() - hourInMilliseconds },
  )
  if ((await tx.mails.count(lately)) >= perHour) return
  await sendMail(tx, { to: email, userId: id, template, data })
}
