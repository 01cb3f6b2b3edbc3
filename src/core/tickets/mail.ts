import { every } from '../listing.ts'
import { sendMail } from '../mail/send.ts'
import type { Services } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Reader, Tx } from '../store.ts'
import { caseKey, type User } from '../users/user.ts'
import { addTicket } from './create.ts'
import { replaceCodes } from './redeem.ts'
import { type PreparedSecret, prepareSecret, type SecretForm } from './secret.ts'
import type { Ticket } from './ticket.ts'

/** How somebody names himself who can't prove yet who he is. */
export type AskedFor =
  | { email: string }
  | { username: string }
  | { emailOrUsername: string }
  | { userId: string }

/** What the doors say of a mail with a link or code in it. */
export type TicketMail = {
  /** Default: a link. */
  form?: SecretForm
  /** Where a link of the door's own leads; default: our own page. A code is mailed with a link only when it is given. */
  linkTo?: (secret: string, user: Pick<User, 'email' | 'username'>) => string
  /** Instead of the template of the purpose. */
  template?: string
  lifetimeSeconds?: number
  applicationId?: string
  locale?: string
  /** What the page behind the link will want to know. */
  data?: Ticket['data']
  ip?: string
}

export type PreparedMail = PreparedSecret & { base: string }

/** What `mailTicket` needs, made where it does not wait inside a transaction. */
export const prepareTicketMail = (
  services: Pick<Services, 'newSecret' | 'digest' | 'links'>,
  purpose: Ticket['purpose'],
  email: string | undefined,
  { form = 'link' }: Pick<TicketMail, 'form'> = {},
): PreparedMail => ({
  ...prepareSecret(services, purpose, form, email ?? ''),
  base: form === 'link' ? services.links.base() : '',
})

/** Our own pages, at the addresses that clients of the Auth0 dialect know. */
const pages: Readonly<Record<Ticket['purpose'], string>> = {
  'change-password': 'lo/reset',
  'verify-email': 'lo/verify_email',
  'sign-in': 'lo/sign_in',
}

const templates: Readonly<Record<Ticket['purpose'], string>> = {
  'change-password': 'reset-password',
  'verify-email': 'verify-email',
  'sign-in': 'sign-in-code',
}

const lifetimeSeconds = (purpose: Ticket['purpose'], form: SecretForm): number =>
  form === 'digits' ? 600 : purpose === 'verify-email' ? 432_000 : purpose === 'sign-in' ? 900 : 86_400

const mailsPerHour = 5

/**
 * Makes a ticket and mails it to the user's address. Nobody gets more than a few of a kind in an hour, whoever asks.
 * @returns whether a mail was sent
 */
export const mailTicket = async (
  tx: Tx,
  user: User,
  purpose: Ticket['purpose'],
  { secret, digest, form, base }: PreparedMail,
  input: TicketMail,
): Promise<boolean> => {
  const { email } = user
  const template = input.template ?? templates[purpose]
  if (email === undefined || (await isFlooded(tx, email, template))) return false
  const seconds = input.lifetimeSeconds ?? lifetimeSeconds(purpose, form)
  if (form === 'digits') await replaceCodes(tx, user.id, purpose)
  const { applicationId } = input
  const data = { ...input.data, email, form, ...(applicationId !== undefined && { applicationId }) }
  await addTicket(tx, { userId: user.id, purpose, lifetimeSeconds: seconds, data }, digest)
  const application = applicationId === undefined ? undefined : await tx.applications.find(applicationId)
  const ours = form === 'link' ? `${base}${pages[purpose]}?ticket=${encodeURIComponent(secret)}` : undefined
  const link = input.linkTo?.(secret, user) ?? ours
  await sendMail(tx, {
    to: email,
    userId: user.id,
    template,
    data: { ...lifetimeIn(seconds), ...(application && { applicationName: application.name }) },
    secrets: { ...(form !== 'link' && { code: secret }), ...(link !== undefined && { link }) },
    ...(input.locale !== undefined && { locale: input.locale }),
  })
  return true
}

const lifetimeIn = (seconds: number): { minutes: number } | { hours: number } | { days: number } =>
  seconds < 7200
    ? { minutes: Math.ceil(seconds / 60) }
    : seconds < 172_800
      ? { hours: Math.floor(seconds / 3600) }
      : { days: Math.floor(seconds / 86_400) }

const isFlooded = async ({ mails, now }: Tx, email: string, template: string): Promise<boolean> => {
  const filter = every(
    { field: 'to', is: 'equal', value: email, ignoreCase: true },
    { field: 'template', is: 'equal', value: template },
    { field: 'createdAt', is: 'more', value: now() - 3_600_000 },
  )!
  return (await mails.count(filter)) >= mailsPerHour
}

const requestsPerAddress = 50
const windowMilliseconds = 300_000

/**
 * Counts what strangers ask to have mailed, by where they ask from, whether or not there is such a user. It writes a
 * row either way, so that both take their time.
 * @throws too_many_attempts
 */
export const countRequest = async (tx: Tx, ip: string | undefined): Promise<void> => {
  const id = `mails ${ip ?? 'unknown'}`
  const before = await tx.failedAttempts.find(id)
  const goesOn = before !== undefined && before.since + windowMilliseconds > tx.now()
  const failures = goesOn ? before.failures + 1 : 1
  const since = goesOn ? before.since : tx.now()
  if (failures > requestsPerAddress && ip !== undefined) {
    const retryAfterSeconds = Math.ceil((since + windowMilliseconds - tx.now()) / 1000)
    throw new DomainError({ code: 'too_many_attempts', by: 'address', retryAfterSeconds })
  }
  if (before) await tx.failedAttempts.update(id, { failures, since })
  else await tx.failedAttempts.insert({ id, failures, since, ...(ip !== undefined && { ip }) })
}

/** Undefined for what nobody can be called, too. */
export const findAskedFor = async (
  { users }: Pick<Reader, 'users'>,
  asked: AskedFor,
): Promise<User | undefined> => {
  const [text] = Object.values(asked) as [string]
  if (!text.isWellFormed() || text.includes('\0') || text.length > 1000) return undefined
  if ('userId' in asked) return users.find(text)
  if ('email' in asked) return users.findByEmail(text)
  if ('username' in asked) return users.findByUsername(text)
  return (text.includes('@') && (await users.findByEmail(text))) || users.findByUsername(text)
}

/** Whether two texts name the same address. */
export const isSameAddress = (one: string | undefined, other: string): boolean =>
  one !== undefined && caseKey(one) === caseKey(other)
