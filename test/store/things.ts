import type { Api } from '#core/apis/api.ts'
import type { Application } from '#core/applications/application.ts'
import type { Event } from '#core/events.ts'
import type { Listing, Page } from '#core/listing.ts'
import type { Assignment } from '#core/roles/assignment.ts'
import type { Role } from '#core/roles/role.ts'
import type { StoreTx } from '#core/store.ts'
import type { User } from '#core/users/user.ts'

/** An instant all things of the suite were made at. */
export const epoch = 1_700_000_000_000

let made = 0

/** A new id, in the order of making. */
export const newId = (): string => {
  made += 1
  return made.toString(16).padStart(24, '0')
}

const times = { createdAt: epoch, updatedAt: epoch }

export const aUser = (given: Partial<User> = {}): Omit<User, 'number'> => ({
  id: newId(),
  kind: 'person',
  isEmailVerified: false,
  userMetadata: {},
  appMetadata: {},
  rolesVersion: 0,
  loginsCount: 0,
  extensions: {},
  ...times,
  ...given,
})

export const aRole = (given: Partial<Role> = {}): Omit<Role, 'number'> => {
  const id = given.id ?? newId()
  return {
    id,
    name: id,
    description: '',
    isBuiltIn: false,
    heldIn: 'workspace',
    isActive: true,
    requiresSecondFactor: false,
    extensions: {},
    ...times,
    ...given,
  }
}

export const anAssignment = (
  given: Pick<Assignment, 'userId' | 'roleId'> & Partial<Assignment>,
): Omit<Assignment, 'number'> => ({
  scope: 'workspace',
  source: 'direct',
  actor: { kind: 'system', id: 'system' },
  door: 'system',
  createdAt: epoch,
  ...given,
})

export const anApi = (given: Partial<Api> = {}): Omit<Api, 'number'> => {
  const id = given.id ?? newId()
  return {
    id,
    identifier: `urn:${id}`,
    name: id,
    isBuiltIn: false,
    signingAlgorithm: 'RS256',
    tokenLifetimeSeconds: 86_400,
    webTokenLifetimeSeconds: 7_200,
    allowsOfflineAccess: false,
    extensions: {},
    ...times,
    ...given,
  }
}

export const anApplication = (given: Partial<Application> = {}): Omit<Application, 'number'> => ({
  id: newId(),
  name: 'An application',
  description: '',
  kind: 'regular_web',
  isFirstParty: true,
  isActive: true,
  isGlobal: false,
  grantTypes: [],
  tokenEndpointAuthMethod: 'client_secret_post',
  callbacks: [],
  allowedLogoutUrls: [],
  webOrigins: [],
  metadata: {},
  extensions: {},
  ...times,
  ...given,
})

export const anEvent = (given: Partial<Event> = {}): Omit<Event, 'number'> => ({
  id: newId(),
  type: 'user.updated',
  at: epoch,
  door: 'system',
  actor: { kind: 'system', id: 'system' },
  ...given,
})

/** Stores users with what is given of each, in that order. */
export const insertUsers = async (tx: StoreTx, given: readonly Partial<User>[]): Promise<User[]> => {
  const users: User[] = []
  for (const each of given) users.push(await tx.users.insert(aUser(each)))
  return users
}

export const insertRoles = async (tx: StoreTx, given: readonly Partial<Role>[]): Promise<Role[]> => {
  const roles: Role[] = []
  for (const each of given) roles.push(await tx.roles.insert(aRole(each)))
  return roles
}

/** Reads a list to its end by its cursors, calling `between` after each page. */
export const readAll = async <T>(
  list: (listing: Listing) => Promise<Page<T>>,
  listing: Listing,
  between: (page: Page<T>) => Promise<void> = async () => {},
): Promise<T[]> => {
  const items: T[] = []
  let after: string | undefined
  // A list that never ends is a failure, not a test that hangs.
  for (let pages = 0; pages < 1_000; pages += 1) {
    const page = await list({ ...listing, ...(after !== undefined && { after }) })
    items.push(...page.items)
    await between(page)
    if (page.next === undefined) return items
    after = page.next
  }
  throw new Error('The list did not end.')
}
