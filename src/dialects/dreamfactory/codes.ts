import type { TicketMail } from '#core/tickets/mail.ts'
import type { UserGroup } from '#core/users/group.ts'

/** The least length of a password, on every way that this dialect sets one. */
export const leastPassword = 6

const dayInSeconds = 86_400

/** Where the links in mails lead, relative to the server. @see specs: §3.4 of the DreamFactory dialect */
export type CodePage = 'user-invite' | 'register-confirm' | 'reset-password'

/** How a code of 32 letters and digits is mailed: with a link that carries it and whose it is. */
export const codeMail = (issuer: string, page: CodePage, group: UserGroup = 'others'): TicketMail => ({
  form: 'letters',
  lifetimeSeconds: dayInSeconds,
  linkTo: (code, { email = '', username = email }) =>
    `${issuer}${page}?${new URLSearchParams({
      code,
      email,
      username,
      admin: group === 'administrators' ? '1' : '',
    })}`,
})

/** A code as it may be looked up. */
export const isCode = (code: string): boolean => /^[\dA-Z]{5,32}$/u.test(code)
