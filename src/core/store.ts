import type {
  Api,
  ApiPermission,
  Carried,
  PermissionKey,
  RolePermission,
  UserPermission,
} from './apis/api.ts'
import type { Application, ClientGrant } from './applications/application.ts'
import type { Connection } from './connections/connection.ts'
import type { Entry } from './entries/entry.ts'
import type { Event, EventType, Fact } from './events.ts'
import type { Binding, Execution, Hook, HookVersion } from './hooks/hook.ts'
import type { Invitation } from './invitations/invitation.ts'
import type { Job, JobError } from './jobs/job.ts'
import type { JsonObject } from './json.ts'
import type { SigningKey } from './keys/signing-key.ts'
import type { Filter, Listing, Page } from './listing.ts'
import type { Mail, MailTemplate } from './mail/mail.ts'
import type { Membership, Organization, OrganizationConnection } from './organizations/organization.ts'
import type { RoleRequest } from './registration/role-request.ts'
import type { Assignment, AssignmentKey } from './roles/assignment.ts'
import type { Role, RoleInclusion } from './roles/role.ts'
import type { Room } from './rooms/room.ts'
import type { Conditions } from './rules/conditions.ts'
import type { Rule } from './rules/rule.ts'
import type { Scope } from './scope.ts'
import type { PasskeyChallenge, SecondFactor } from './second-factors/second-factor.ts'
import type { ServiceAccess } from './service-access/service-access.ts'
import type { Session } from './sessions/session.ts'
import type { FailedAttempts } from './sign-in/attempts.ts'
import type { Ticket } from './tickets/ticket.ts'
import type { Identity, User } from './users/user.ts'

/**
 * What the domain needs from storage. A query gets a `Reader`, a command a `Tx`: the type of the parameter is the
 * right to write. `store/` implements it once for every engine.
 */
export type Store = {
  reader: Reader
  /**
   * Runs `work` in a transaction that shares its flush to disk with others waiting at the same time. Resolves when
   * the outcome is durable; rejects, with every trace of `work` undone, when it throws. `work` must only await `tx`.
   */
  write<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** What a `Tx` is before `createRun` binds it to an actor, a clock and ids. */
export type StoreTx = Omit<
  Tx,
  'now' | 'newId' | 'emit' | 'conditions' | 'seal' | 'isCommonPassword' | 'links'
> & {
  appendEvent(event: Omit<Event, 'number'>): Promise<void>
}

/** Reads of one kind of thing. */
export type CollectionReader<T> = {
  find(id: string): Promise<T | undefined>
  /** Those of the ids that exist, in no promised order. */
  findMany(ids: readonly string[]): Promise<T[]>
  /** The oldest that agrees with all given fields. */
  findBy(fields: Partial<T>): Promise<T | undefined>
  /** @throws invalid_cursor, unknown_field */
  list(listing: Listing): Promise<Page<T>>
  count(filter?: Filter): Promise<number>
}

export type Collection<T> = CollectionReader<T> & {
  /** Stores a new thing; its number is taken from the table's sequence unless it is given. */
  insert(thing: Omit<T, 'number'> & { number?: number }): Promise<T>
  /** Writes the given fields; an undefined one is cleared. */
  update(id: string, changes: Partial<T>): Promise<void>
  /** False when it was not there. */
  remove(id: string): Promise<boolean>
}

/** What was worked out of rows, and when it stops being true though no row changes: an assignment expires, say. */
export type Known<T> = { value: T; until: number | undefined }

export type Reader = {
  /**
   * Works something out of rows, or remembers it where nothing can have been committed since: for what is asked at
   * nearly every request of whoever makes it. `parts` say all that it depends on beside the rows.
   */
  recall<T>(parts: readonly unknown[], load: () => Promise<Known<T>>): Promise<T>
  /** The instant this operation happens at, in milliseconds since 1970. */
  now(): number
  users: CollectionReader<User> & UserReads
  roles: CollectionReader<Role> & RoleReads
  assignments: AssignmentReads
  permissions: PermissionReads
  decisions: DecisionReads
  serviceAccess: CollectionReader<ServiceAccess>
  entries: CollectionReader<Entry>
  apis: CollectionReader<Api>
  applications: CollectionReader<Application>
  clientGrants: CollectionReader<ClientGrant>
  connections: CollectionReader<Connection>
  /** Beside the fields of `Organization`, lists know `members.userId`. */
  organizations: CollectionReader<Organization>
  organizationConnections: OrganizationConnectionReads
  /** Beside the fields of `Room`, lists know `members.userId`. */
  rooms: CollectionReader<Room>
  memberships: MembershipReads
  invitations: CollectionReader<Invitation>
  roleRequests: CollectionReader<RoleRequest>
  rules: CollectionReader<Rule>
  tickets: CollectionReader<Ticket>
  sessions: CollectionReader<Session>
  failedAttempts: CollectionReader<FailedAttempts>
  jobs: CollectionReader<Job> & JobReads
  mails: CollectionReader<Mail>
  secondFactors: CollectionReader<SecondFactor>
  passkeyChallenges: CollectionReader<PasskeyChallenge>
  mailTemplates: CollectionReader<MailTemplate>
  hooks: CollectionReader<Hook>
  hookVersions: CollectionReader<HookVersion>
  hookBindings: CollectionReader<Binding> & HookBindingReads
  executions: CollectionReader<Execution>
  signingKeys: CollectionReader<SigningKey>
  settings: SettingReads
  events: EventReads
}

export type Tx = Omit<Reader, keyof TxParts> & TxParts

type TxParts = {
  users: Collection<User> & UserReads & UserWrites
  roles: Collection<Role> & RoleReads & RoleWrites
  assignments: AssignmentReads & AssignmentWrites
  permissions: PermissionReads & PermissionWrites
  serviceAccess: Collection<ServiceAccess>
  entries: Collection<Entry>
  apis: Collection<Api>
  applications: Collection<Application>
  clientGrants: Collection<ClientGrant>
  connections: Collection<Connection>
  organizations: Collection<Organization>
  organizationConnections: OrganizationConnectionReads & OrganizationConnectionWrites
  rooms: Collection<Room>
  memberships: MembershipReads & MembershipWrites
  invitations: Collection<Invitation>
  roleRequests: Collection<RoleRequest>
  rules: Collection<Rule>
  tickets: Collection<Ticket>
  sessions: Collection<Session>
  failedAttempts: Collection<FailedAttempts>
  jobs: Collection<Job> & JobReads & JobWrites
  mails: Collection<Mail>
  secondFactors: Collection<SecondFactor>
  passkeyChallenges: Collection<PasskeyChallenge>
  mailTemplates: Collection<MailTemplate>
  hooks: Collection<Hook>
  hookVersions: Collection<HookVersion>
  hookBindings: Collection<Binding> & HookBindingReads
  executions: Collection<Execution> & ExecutionWrites
  signingKeys: Collection<SigningKey>
  settings: SettingReads & SettingWrites
  /** A new opaque id, 24 hex characters. */
  newId(): string
  /** States a fact. It is stored in this transaction and delivered after it, at least once. */
  emit(fact: Fact): Promise<void>
  /** Evaluates the conditions of rules, wherever something happens that they look at. */
  conditions: Conditions
  /** Encrypts what must be read again; `context` binds the sealed text to its place. Costs microseconds. */
  seal(plain: string, context: string): string
  /** Whether a password is among those that people choose most. */
  isCommonPassword(password: string): boolean
  /** Where the pages that people are sent to by mail lie. */
  links: { /** Our own origin with a final slash. */ base(): string }
  /** Does part of the work so that nothing of it stays, its events included, when it throws. */
  attempt<T>(work: () => Promise<T>): Promise<T>
}

export type UserReads = {
  /** By e-mail address, whatever its letter case. */
  findByEmail(email: string): Promise<User | undefined>
  /** By user name, whatever its letter case. */
  findByUsername(username: string): Promise<User | undefined>
  findByIdentity(provider: string, subject: string): Promise<User | undefined>
  identities(userIds: readonly string[]): Promise<Identity[]>
  /** Undefined when there is no such user. */
  standing(userId: string): Promise<UserStanding | undefined>
  /** The `rolesVersion` alone, for who needs no more; undefined when there is no such user. */
  rolesVersion(userId: string): Promise<number | undefined>
}
/** As much of a user as every request of his asks for. */
export type UserStanding = { isBlocked: boolean; createdAt: number; hasPassword: boolean }
export type UserWrites = {
  addIdentity(identity: Identity): Promise<void>
  /** False when it was not there. */
  removeIdentity(provider: string, subject: string): Promise<boolean>
}

export type RoleReads = {
  /** By name, whatever its letter case; a name may be both a built-in role's and another's. */
  findByName(name: string): Promise<Role[]>
  inclusions(): Promise<RoleInclusion[]>
  /** Pairs that may not be held together, each once. */
  exclusions(): Promise<[string, string][]>
}
export type RoleWrites = {
  addInclusion(inclusion: RoleInclusion): Promise<boolean>
  removeInclusion(inclusion: RoleInclusion): Promise<boolean>
  addExclusion(roleId: string, otherRoleId: string): Promise<boolean>
  removeExclusion(roleId: string, otherRoleId: string): Promise<boolean>
}

export type AssignmentReads = {
  find(key: AssignmentKey): Promise<Assignment | undefined>
  /** Fields: those of `Assignment`. Expired ones are listed too unless the filter leaves them out. */
  list(listing: Listing): Promise<Page<Assignment>>
  count(filter?: Filter): Promise<number>
  /** Those of the user in any application that count at an instant; by number. */
  withinApplications(userId: string, at: number): Promise<Assignment[]>
  /** Those of the user in just this scope that count at an instant; by number. */
  inScope(userId: string, scope: Scope, at: number): Promise<Assignment[]>
  /** When the next assignment of the user expires, if any will. */
  nextExpiry(userId: string, at: number): Promise<number | undefined>
  /** Roles that count for the user in any of the scopes at an instant, with those they include; by number. */
  effectiveRoles(userId: string, scopes: readonly Scope[], at: number): Promise<Role[]>
  /** Roles assigned to the user in just this scope that count at an instant, without what they include; by number. */
  rolesIn(userId: string, scope: Scope, at: number, page?: { limit: number; offset: number }): Promise<Role[]>
  countRolesIn(userId: string, scope: Scope, at: number): Promise<number>
  /** Roles that count for each user in the scope at an instant, for lists of users. */
  rolesOfUsers(
    userIds: readonly string[],
    scope: Scope,
    at: number,
  ): Promise<{ userId: string; role: Role }[]>
  /** Users who hold the role in the scope at an instant, oldest assignment first; `after` as in a listing. */
  holders(roleId: string, scope: Scope, at: number, page: HolderPage): Promise<Page<User>>
  /** The same by user name, with what a list of people shows. */
  holdersByName(
    roleId: string,
    scope: Scope,
    at: number,
    page: { limit: number; offset: number },
  ): Promise<Holder[]>
  countHolders(roleId: string, scope: Scope, at: number): Promise<number>
}
/** As much of who holds a role as lists of holders tell. */
export type Holder = Pick<
  User,
  'id' | 'username' | 'name' | 'email' | 'isEmailVerified' | 'createdAt' | 'updatedAt'
>
export type HolderPage = { limit: number; offset?: number; after?: string; total?: boolean }
export type AssignmentWrites = {
  /**
   * False when the user already holds the role there; nothing is changed then. An expired one is replaced. The number
   * is taken from the table's sequence unless that of an assignment which is gone is kept.
   */
  add(assignment: Omit<Assignment, 'number'> & { number?: number }): Promise<boolean>
  /** Changes until when, why and what gave it. */
  update(key: AssignmentKey, changes: Pick<Assignment, 'expiresAt' | 'reason'>): Promise<void>
  /** False when it was not there. */
  remove(key: AssignmentKey): Promise<boolean>
  /** Removes all assignments of a user, of a role, or in a scope, and returns them. */
  removeAll(of: { userId?: string; roleId?: string; scope?: Scope }): Promise<Assignment[]>
}

export type PermissionReads = {
  find(key: PermissionKey): Promise<ApiPermission | undefined>
  /** Fields: `apiId`, `name`, `description`. */
  list(listing: Listing): Promise<Page<ApiPermission>>
  ofRole(roleId: string, page?: { limit: number; offset: number }): Promise<ApiPermission[]>
  countOfRole(roleId: string): Promise<number>
  ofRoles(roleIds: readonly string[]): Promise<RolePermission[]>
  /** Given to the user directly, without those of his roles. */
  ofUser(userId: string): Promise<ApiPermission[]>
  /** Everything the user may at an instant: what he was given in the workspace and what his roles in the scopes carry. */
  effective(
    userId: string,
    scopes: readonly Scope[],
    at: number,
    apiIds?: readonly string[],
    /** An application whose default role counts too, unless he holds a role there. */
    within?: Scope,
  ): Promise<ApiPermission[]>
  rolesWith(key: PermissionKey): Promise<string[]>
  /** The permissions of an API with the roles that carry them themselves, by number. */
  carriedOf(apiId: string): Promise<Carried[]>
}
export type PermissionWrites = {
  add(permission: Omit<ApiPermission, 'number'>): Promise<void>
  describe(key: PermissionKey, description: string): Promise<void>
  /** Takes the permission from its API, and so from every role and user; returns those who had it. */
  remove(key: PermissionKey): Promise<{ roleIds: string[]; userIds: string[] }>
  addToRole(roleId: string, key: PermissionKey): Promise<boolean>
  removeFromRole(roleId: string, key: PermissionKey): Promise<boolean>
  /** Notes when the roles that carry it changed. */
  touch(key: PermissionKey, at: number): Promise<void>
  addToUser(userId: string, key: PermissionKey): Promise<boolean>
  removeFromUser(userId: string, key: PermissionKey): Promise<boolean>
  /** Removes everything that was given to a role or a user. */
  removeAll(of: { roleId: string } | { userId: string }): Promise<(RolePermission | UserPermission)[]>
}

/**
 * Whether somebody may do something: what he was given in the workspace and what his roles in the scopes carry, as in
 * `PermissionReads.effective`. A blocked user may do nothing.
 */
export type DecisionReads = {
  /** `within` is the application that the user acts in: its default role counts where he holds no other there. */
  allows(
    userId: string,
    key: PermissionKey,
    scopes: readonly Scope[],
    at: number,
    within?: Scope,
  ): Promise<boolean>
  /** Users who may, by number. */
  subjects(
    key: PermissionKey,
    scopes: readonly Scope[],
    at: number,
    page: { limit: number; offset?: number; after?: string; total?: boolean },
  ): Promise<Page<User>>
  /** Every scope that by itself lets the user do it; with `workspace` among them he may do it everywhere. */
  scopes(userId: string, key: PermissionKey, at: number): Promise<Scope[]>
}

export type OrganizationConnectionReads = {
  find(organizationId: string, connectionId: string): Promise<OrganizationConnection | undefined>
  list(listing: Listing): Promise<Page<OrganizationConnection>>
}
export type OrganizationConnectionWrites = {
  put(connection: Omit<OrganizationConnection, 'number'>): Promise<void>
  remove(organizationId: string, connectionId: string): Promise<boolean>
}

export type MembershipReads = {
  find(userId: string, scope: Scope): Promise<Membership | undefined>
  /** Fields: `userId`, `scope`, `createdAt`. */
  list(listing: Listing): Promise<Page<Membership>>
  /** How many members each scope has; those without any are left out. */
  counts(scopes: readonly Scope[]): Promise<Map<Scope, number>>
}
export type MembershipWrites = {
  add(membership: Omit<Membership, 'number'>): Promise<boolean>
  remove(userId: string, scope: Scope): Promise<boolean>
  removeAll(of: { userId?: string; scope?: Scope }): Promise<void>
}

export type JobReads = { errors(jobId: string, listing: Listing): Promise<Page<JobError>> }
export type JobWrites = { addErrors(errors: readonly Omit<JobError, 'number'>[]): Promise<void> }

/** The hooks of a trigger in the order they run in. */
export type HookBindingReads = {
  of(trigger: string): Promise<Binding[]>
  /** Those that anything is bound to. */
  triggers(): Promise<string[]>
}
export type ExecutionWrites = {
  /** Forgets what was started before an instant; returns how many. */
  removeBefore(at: number): Promise<number>
}

/** Values of the workspace by name; each dialect keeps what only it knows under a name of its own. */
export type SettingReads = { get(name: string): Promise<JsonObject | undefined> }
export type SettingWrites = { put(name: string, value: JsonObject): Promise<void> }

export type EventReads = {
  /** How many events of the types each day has, `from` included, `to` not; `day` counts days since 1970, UTC. */
  countPerDay(
    types: readonly EventType[],
    from: number,
    to: number,
  ): Promise<{ day: number; type: EventType; total: number }[]>
  find(id: string): Promise<Event | undefined>
  /** Fields: `type`, `at`, `door`, `userId`, `roleId`, `actorId`, `targetKind`, `targetId`, `number`. */
  list(listing: Listing): Promise<Page<Event>>
  count(filter?: Filter): Promise<number>
}
