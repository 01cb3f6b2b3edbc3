import { sendMail } from '../mail/send.ts'
import { command } from '../operation.ts'
import { found } from '../refusals.ts'

/** Greets somebody by mail, by his address. @throws not_found */
export const sendWelcome = command<{ email: string }, void>({
  name: 'send welcome',
  needs: 'mails:send',
  run: async (tx, { email }) => {
    const user = found(await tx.users.findByEmail(email), 'user', email)
    await sendMail(tx, { to: user.email ?? email, userId: user.id, template: 'welcome' })
  },
})
