import { systemActor } from '../actor.ts'
import { databaseStrategy } from '../connections/connection.ts'
import { sendMail } from '../mail/send.ts'
import { command } from '../operation.ts'
import { forgetIdentifier } from '../sign-in/attempts.ts'
import type { Reader } from '../store.ts'
import {
  type AskedFor,
  countRequest,
  findAskedFor,
  mailTicket,
  type PreparedMail,
  prepareTicketMail,
  type TicketMail,
} from '../tickets/mail.ts'
import { requireTicket, spendTicket } from '../tickets/redeem.ts'
import { digestOfSecret } from '../tickets/secret.ts'
import type { Ticket } from '../tickets/ticket.ts'
import { requireGroup, type UserGroup } from './group.ts'
import { type NewPassword, prepareNewPassword } from './password-history.ts'
import { requireStrongPassword } from './password-policy.ts'
import { changeUser } from './update.ts'
import { caseKey, type User } from './user.ts'

export type RequestPasswordReset = TicketMail & {
  user: AskedFor
  /** Only people whose password is this connection's. */
  connectionName?: string
}

/**
 * Mails somebody a link or code with which he sets a new password. The answer is the same whether or not there is such
 * a user, whether he has an address, and whether he was mailed too often already.
 * @throws too_many_attempts for where it is asked from
 */
export const requestPasswordReset = command<RequestPasswordReset, void, PreparedMail & { userId?: string }>({
  name: 'request password reset',
  needs: { anyone: 'the mail goes to the user himself' },
  prepare: async ({ user: asked, connectionName, ...mail }, services, reader) => {
    const user = await findResettable(reader, asked, connectionName)
    return {
      ...prepareTicketMail(services, 'change-password', user?.email, mail),
      ...(user && { userId: user.id }),
    }
  },
  run: async (tx, { user: _asked, connectionName: _name, ...mail }, _actor, { userId, ...prepared }) => {
    await countRequest(tx, mail.ip)
    const user = userId === undefined ? undefined : await tx.users.find(userId)
    if (user && user.isBlocked !== true) await mailTicket(tx, user, 'change-password', prepared, mail)
  },
})

/** Whoever signs in with a password of ours, or could: not who is known to another provider only. */
const findResettable = async (
  reader: Reader,
  asked: AskedFor,
  connectionName: string | undefined,
): Promise<User | undefined> => {
  const user = await findAskedFor(reader, asked)
  if (!user) return undefined
  const connection =
    user.connectionId === undefined ? undefined : await reader.connections.find(user.connectionId)
  if (connectionName !== undefined && connection?.name !== connectionName) return undefined
  if (connection) return connection.strategy === databaseStrategy ? user : undefined
  const isOurs = user.passwordHash !== undefined || (await reader.users.identities([user.id])).length === 0
  return isOurs ? user : undefined
}

export type ResetPassword = {
  /** What the mail held: the secret of its link, or the code. */
  secret: string
  password: string
  /** Whose code it is: needed for six digits, checked whenever given. */
  email?: string
  /** Also takes what was mailed to confirm the address: who has that reads its mails just as well. */
  takesConfirmation?: boolean
  /** Only administrators of the workspace, or only others, where a dialect keeps them apart. */
  only?: UserGroup
  /** As in `CreateUser`. */
  leastPasswordLength?: number
}

const purposesOf = ({ takesConfirmation }: ResetPassword): readonly Ticket['purpose'][] =>
  takesConfirmation ? ['change-password', 'verify-email'] : ['change-password']

type Prepared = { digest: string; newPassword: NewPassword }

/**
 * Sets a new password with what was mailed. The ticket says whose: nothing else in the input can. It is good once, and
 * signs its user out everywhere. Whoever reads the address has proven it by that.
 * @returns the user, and what the ticket was made with
 * @throws wrong_code, weak_password, wrong_group, busy
 */
export const resetPassword = command<ResetPassword, { user: User; data: object }, Prepared>({
  name: 'reset password',
  needs: { anyone: 'holds what was mailed to the user' },
  prepare: async (input, services, reader) => {
    const { secret, password, email } = input
    const digest = digestOfSecret(services, 'change-password', secret, email)
    // Looked at first: a password is hashed for nobody who just guesses.
    const { user } = await requireTicket(reader, digest, purposesOf(input), email)
    const connection =
      user.connectionId === undefined ? undefined : await reader.connections.find(user.connectionId)
    const against = { isCommon: services.passwords.isCommon, person: user }
    if (connection) requireStrongPassword(password, connection, input.leastPasswordLength, against)
    return { digest, newPassword: await prepareNewPassword(reader, services, user, password) }
  },
  run: async (tx, given, actor, { digest, newPassword }) => {
    const { password, email, only, leastPasswordLength } = given
    const { ticket, user } = await requireTicket(tx, digest, purposesOf(given), email)
    if (only) await requireGroup(tx, user.id, only)
    await spendTicket(tx, ticket)
    // Made by an administrator, it may have reached its user by any way.
    const proves = ticket.data.form !== undefined || ticket.data.markEmailAsVerified === true
    const isProven = proves && user.email !== undefined && !user.isEmailVerified
    const input = {
      userId: user.id,
      password,
      ...(leastPasswordLength !== undefined && { leastPasswordLength }),
      ...(isProven && { changes: { isEmailVerified: true } }),
    }
    const changed = await changeUser(tx, input, systemActor(actor.door), newPassword)
    for (const name of [user.id, user.email, user.username]) {
      if (name !== undefined) await forgetIdentifier(tx, caseKey(name))
    }
    if (user.email !== undefined) {
      await sendMail(tx, { to: user.email, userId: user.id, template: 'password-changed' })
    }
    return { user: changed, data: ticket.data }
  },
})
