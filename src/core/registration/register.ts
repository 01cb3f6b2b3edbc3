import type { Actor } from '../actor.ts'
import { givenOf } from '../changes.ts'
import { ensureGeneralOwner, generalRoomId } from '../chat/general.ts'
import { defaultConnectionName } from '../connections/connection.ts'
import { acceptFor, findOpenInvitation, openInvitation, requireInvited } from '../invitations/accept.ts'
import type { Invitation } from '../invitations/invitation.ts'
import type { JsonObject } from '../json.ts'
import { equal, unlimited } from '../listing.ts'
import { command, type Services } from '../operation.ts'
import { DomainError, found } from '../refusals.ts'
import { giveRoles } from '../roles/assign.ts'
import { handOut } from '../roles/hand-out.ts'
import { administratorRoleId } from '../roles/role.ts'
import { applyRules } from '../rules/apply.ts'
import { mustHaveFactor } from '../second-factors/prove.ts'
import { type PreparedSession, prepareSession } from '../sessions/open.ts'
import type { OpenedSession, OpenSession } from '../sessions/session.ts'
import { completeSignIn } from '../sign-in/complete.ts'
import type { Reader, Tx } from '../store.ts'
import { type PreparedMail, prepareTicketMail, type TicketMail } from '../tickets/mail.ts'
import type { CommandTrigger } from '../triggers.ts'
import { askToConfirm } from '../users/confirm-email.ts'
import { addUser, type CreateUser } from '../users/create.ts'
import { requireStrongPassword } from '../users/password-policy.ts'
import { preRegister } from '../users/pre-register.ts'
import { requireEmail } from '../users/rules.ts'
import { mergeMetadata, type User } from '../users/user.ts'
import { chooseRoles } from './choice.ts'
import { mailWaiting } from './mails.ts'
import { type RegistrationStatus, registrationStatus } from './pending.ts'
import type { RegistrationPolicy } from './policies.ts'
import { effectivePolicy } from './policy.ts'
import { addRequests } from './requests.ts'
import { readSharedSecret } from './shared-secret.ts'

export type Register = Pick<
  CreateUser,
  | 'email'
  | 'username'
  | 'password'
  | 'anyPassword'
  | 'leastPasswordLength'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'nickname'
  | 'picture'
  | 'phone'
  | 'userMetadata'
  | 'extensions'
> & {
  /** Default: the connection of passwords that every workspace begins with. */
  connectionName?: string
  /** Where he registers: its policy counts. The door has checked that he comes from there. */
  applicationId?: string
  /** Ids or names, as the person named them. */
  roles?: readonly string[]
  /** The secret of an invitation's link, or the one that the workspace's form shares with everybody. */
  invitation?: string
  /** A secret that is none counts for nothing where anybody may register, instead of being refused. */
  passesOverSecret?: boolean
  /** Opens a session with it, in the same transaction, unless something has to be waited for first, or a role asks for a second factor. */
  session?: OpenSession
  ip?: string
  userAgent?: string
  /** For mails, as `de` or `en-GB`. */
  locale?: string
  /** What hooks keep about him; no door takes it from a person. */
  appMetadataOfHooks?: JsonObject
  /** How the mail that asks to confirm the address leads back, where the door has a way of its own. */
  confirmation?: Pick<TicketMail, 'form' | 'linkTo' | 'template' | 'lifetimeSeconds' | 'data'>
}

export type Registered = {
  user: User
  status: RegistrationStatus
  givenRoleIds: readonly string[]
  /** Those that somebody must approve first. */
  requestedRoleIds: readonly string[]
  session?: OpenedSession
}

export type PreparedRegistration = {
  passwordHash?: string
  invitationDigest?: string
  /** The operator wants the first user of an empty workspace to be its administrator. */
  firstIsAdministrator: boolean
  session?: PreparedSession
  confirmation?: PreparedMail
}

/** Hooks are asked before, whichever operation registers. */
export const registrationTrigger: CommandTrigger<Register> = {
  ...preRegister,
  // Hooks never run for whom the policy does not let register anyway.
  occasion: async (input, reader, actor) => {
    const { mode } = await effectivePolicy(reader, input.applicationId)
    const isShut = mode === 'closed' || (mode === 'invitation' && input.invitation === undefined)
    return isShut
      ? undefined
      : preRegister.occasion({ connectionName: defaultConnectionName, ...input }, reader, actor)
  },
  amend: ({ userMetadata = {} }, wanted) => ({
    ...(wanted.userMetadata && { userMetadata: mergeMetadata(userMetadata, wanted.userMetadata) }),
    ...(wanted.appMetadata && { appMetadataOfHooks: wanted.appMetadata }),
  }),
}

/** What registering needs that must not wait inside a transaction. */
export const prepareRegistration = async (
  input: Register,
  services: Services,
  reader: Reader,
): Promise<PreparedRegistration> => {
  const prepared = prepareSecrets(input, services)
  // Looked at before the password is hashed, which costs a stranger nothing to ask for. Whether the address is
  // taken is not: all the rest takes the same time for one that is.
  const { policy, email } = await admit(reader, input, prepared.invitationDigest)
  if (policy.emailConfirmation !== 'none' && email !== undefined) {
    prepared.confirmation = prepareTicketMail(services, 'verify-email', email, input.confirmation)
  }
  await chooseRoles(reader, policy, input.roles ?? [], policy.defaultRoles)
  if (input.password === undefined) return prepared
  if (!input.anyPassword) await requirePassword(reader, input, input.password)
  return { ...prepared, passwordHash: await services.passwords.hash(input.password) }
}

const prepareSecrets = ({ invitation, session }: Register, services: Services): PreparedRegistration => ({
  firstIsAdministrator: services.firstUserIsAdministrator,
  ...(invitation !== undefined && { invitationDigest: services.digest(invitation) }),
  ...(session && { session: prepareSession(services) }),
})

type Admitted = { policy: RegistrationPolicy; invitation?: Invitation; email?: string }

/** Whether he may register at all. @throws not_found, registration_closed, wrong_code, email_domain_refused, invalid */
const admit = async (
  reader: Reader,
  { applicationId, email, passesOverSecret }: Register,
  invitationDigest: string | undefined,
): Promise<Admitted> => {
  if (applicationId !== undefined) {
    found(await reader.applications.find(applicationId), 'application', applicationId)
  }
  const policy = await effectivePolicy(reader, applicationId)
  const { mode } = policy
  if (mode === 'closed') throw new DomainError({ code: 'registration_closed', mode })
  const knowsSecret =
    mode === 'invitation' && (await readSharedSecret(reader))?.digest === (invitationDigest ?? '')
  if (invitationDigest !== undefined && !knowsSecret) {
    const isOptional = passesOverSecret === true && mode !== 'invitation'
    const open = isOptional ? findOpenInvitation : openInvitation
    const invitation = await open(reader, invitationDigest)
    if (invitation) {
      if (email !== undefined) requireInvited(invitation, email)
      return { policy, invitation, email: email ?? invitation.email }
    }
  }
  if (mode === 'invitation' && !knowsSecret) throw new DomainError({ code: 'registration_closed', mode })
  requireDomain(policy, email)
  return { policy, ...(email !== undefined && { email }) }
}

/** @throws email_domain_refused, invalid */
const requireDomain = (
  { emailDomains, emailConfirmation }: RegistrationPolicy,
  email: string | undefined,
): void => {
  if (email === undefined) {
    if (emailDomains.length === 0 && emailConfirmation !== 'first') return
    throw new DomainError({ code: 'invalid', field: 'email', reason: 'An e-mail address is needed here.' })
  }
  requireEmail(email)
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (emailDomains.length > 0 && !emailDomains.includes(domain)) {
    throw new DomainError({ code: 'email_domain_refused', domain })
  }
}

const requirePassword = async (
  { connections }: Pick<Reader, 'connections'>,
  { connectionName: name = defaultConnectionName, leastPasswordLength }: Register,
  password: string,
): Promise<void> =>
  requireStrongPassword(
    password,
    found(await connections.findBy({ name }), 'connection', name),
    leastPasswordLength,
  )

export const addRegistration = async (
  tx: Tx,
  input: Register,
  actor: Actor,
  prepared: PreparedRegistration,
): Promise<Registered> => {
  const { applicationId, ip, userAgent, connectionName = defaultConnectionName } = input
  const { policy, invitation, email } = await admit(tx, input, prepared.invitationDigest)
  const choices = await chooseRoles(tx, policy, input.roles ?? [], policy.defaultRoles)
  const isFirst = prepared.firstIsAdministrator && (await tx.users.count(equal('kind', 'person'))) === 0
  const account = { ...accountOf(input, invitation), email, connectionName }
  const pending = isFirst ? {} : pendingFields(tx, policy, account, invitation)
  const created = await addUser(tx, { ...account, ...pending }, prepared.passwordHash)
  const status = registrationStatus(created)
  if (prepared.confirmation) {
    const { locale } = input
    const mail = {
      ...input.confirmation,
      ...(applicationId !== undefined && { applicationId }),
      ...(locale !== undefined && { locale }),
    }
    await askToConfirm(tx, created, prepared.confirmation, mail)
  }
  await tx.emit({
    type: 'user.registered',
    userId: created.id,
    data: {
      status,
      connection: connectionName,
      ...(applicationId !== undefined && { applicationId }),
      ...(ip !== undefined && { ip }),
      ...(userAgent !== undefined && { userAgent }),
    },
  })
  if (status === 'awaiting-approval') await mailWaiting(tx, created)
  const person: Actor =
    actor.kind === 'anonymous' ? { kind: 'user', id: created.id, door: actor.door } : actor
  const system: Actor = { kind: 'system', id: 'system', door: actor.door }
  if (isFirst) await makeAdministrator(tx, created, system)
  const from = applicationId === undefined ? {} : { sourceId: applicationId }
  await handOut(tx, created.id, policy.defaultRoles, { source: 'default', ...from }, system)
  if (invitation) await acceptFor(tx, invitation, created, person)
  const immediate = choices.filter(({ grant }) => grant === 'immediate')
  await handOut(tx, created.id, immediate, { source: 'selection', ...from }, person)
  const asked = choices.filter(({ grant }) => grant === 'approval')
  const requests = await addRequests(tx, created, asked)
  const asRegistered = await current(tx, created.id)
  await applyRules(tx, ['registration'], asRegistered, { door: actor.door, applicationId, ip, userAgent })
  const session =
    input.session && prepared.session && status === 'active' && !(await mustHaveFactor(tx, created.id))
      ? { open: input.session, prepared: prepared.session }
      : undefined
  const how = {
    method: 'registration',
    door: actor.door,
    applicationId,
    connectionName,
    ip,
    userAgent,
  } as const
  const opened =
    session && (await completeSignIn(tx, await current(tx, created.id), { ...how, session })).session
  return {
    user: await current(tx, created.id),
    status,
    givenRoleIds: await heldRoleIds(tx, created.id),
    requestedRoleIds: requests.map(({ roleId }) => roleId),
    ...(opened && { session: opened }),
  }
}

/**
 * A person makes himself an account: every door that registers comes here. The registration policy decides whether he
 * may, and which roles he leaves with; what he names besides is refused, and nothing is stored.
 * @throws registration_closed, email_domain_refused, role_not_selectable, wrong_code for an invitation that can not be
 *   accepted, taken, invalid, weak_password, not_found
 */
export const register = command<Register, Registered, PreparedRegistration>({
  name: 'register',
  needs: { anyone: 'the registration policy decides' },
  trigger: registrationTrigger,
  prepare: prepareRegistration,
  run: (tx, input, actor, prepared) => addRegistration(tx, input, actor, prepared),
})

const current = async ({ users }: Pick<Reader, 'users'>, id: string): Promise<User> =>
  found(await users.find(id), 'user', id)

const heldRoleIds = async (
  { assignments }: Pick<Reader, 'assignments'>,
  userId: string,
): Promise<string[]> => {
  const { items } = await assignments.list({ filter: equal('userId', userId), limit: unlimited })
  return [...new Set(items.map(({ roleId }) => roleId))]
}

const profile = [
  'email',
  'username',
  'password',
  'anyPassword',
  'leastPasswordLength',
  'name',
  'givenName',
  'familyName',
  'nickname',
  'picture',
  'phone',
  'userMetadata',
  'extensions',
] as const

/** Field by field, so that nobody sets more of himself than a person may, whatever a door passed on. */
const accountOf = (input: Register, invitation: Invitation | undefined): CreateUser => {
  const given = givenOf<Register, (typeof profile)[number]>(input, profile)
  const appMetadata = mergeMetadata(invitation?.appMetadata ?? {}, input.appMetadataOfHooks ?? {})
  if (!invitation) return { ...given, appMetadata }
  return {
    ...given,
    userMetadata: { ...invitation.userMetadata, ...given.userMetadata },
    appMetadata,
  }
}

/** What somebody has to wait for. Whoever was invited is vouched for, but his address is not. */
const pendingFields = (
  tx: Tx,
  policy: RegistrationPolicy,
  { email }: CreateUser,
  invitation: Invitation | undefined,
): Pick<CreateUser, 'approvalAskedAt' | 'needsConfirmedEmail'> => ({
  ...(policy.mode === 'approval' && !invitation && { approvalAskedAt: tx.now() }),
  ...(policy.emailConfirmation === 'first' && email !== undefined && { needsConfirmedEmail: true }),
})

/** The operator has asked for it when he started the server. */
const makeAdministrator = async (tx: Tx, { id }: User, system: Actor): Promise<void> => {
  const reason = 'the first user of this workspace'
  await giveRoles(tx, { userIds: [id], roleIds: [administratorRoleId], source: 'default', reason }, system)
  // The room that everybody is in has an owner as soon as there is somebody to be it.
  if (await tx.rooms.find(generalRoomId)) await ensureGeneralOwner(tx, system)
}
