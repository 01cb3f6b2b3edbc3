import { systemActor } from '#core/actor.ts'
import type { Run } from '#core/operation.ts'
import { getRegistrationPolicy } from '#core/registration/policy.ts'
import { refuse, thrown } from './errors.ts'
import type { Settings } from './settings.table.ts'
import { listed } from './username-rules.ts'

/**
 * Asks of an address what the settings ask, also where an administrator writes it down: the registration policy says
 * which domains there may be, a setting of this dialect which there may not.
 * @see specs: §5.2 and §5.10 of the Rocket.Chat dialect
 * @throws WireError
 */
export const requireMailDomain = async (run: Run, email: string, settings: Settings): Promise<void> => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const { emailDomains } = await run(getRegistrationPolicy, {}, systemActor('rocketchat'))
  if (emailDomains.length > 0 && !emailDomains.includes(domain)) {
    refuse(thrown('error-invalid-domain', 'The email domain is not allowed'))
  }
  requireNotBlocked(email, settings)
}

/** @throws WireError */
export const requireNotBlocked = (email: string, settings: Settings): void => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (!listed(settings.Accounts_BlockedDomainsList).includes(domain)) return
  refuse(thrown('error-email-domain-blacklisted', 'The email domain is blacklisted'))
}
