import type { Door } from '../actor.ts'
import { every, unlimited } from '../listing.ts'
import { type Assignment, countingAt } from '../roles/assignment.ts'
import { closure } from '../roles/rules.ts'
import { type Scope, scopesThatCountIn, workspace } from '../scope.ts'
import type { Reader } from '../store.ts'
import type { User } from '../users/user.ts'
import type { Facts } from './conditions.ts'

/** Where and how it happens. */
export type RuleContext = {
  door: Door
  applicationId?: string | undefined
  /** What somebody signs in to; default: the application, or the workspace. */
  scope?: Scope | undefined
  ip?: string | undefined
  userAgent?: string | undefined
}

/** A user with what he holds at this instant, anywhere, and what a condition can look at. */
export type Subject = { user: User; held: readonly Assignment[]; facts: Facts }

type FactReader = Pick<Reader, 'applications' | 'assignments' | 'connections' | 'roles' | 'now'>

/** Gathers for many users at once, in their order. */
export const gatherSubjects = async (
  reader: FactReader,
  users: readonly User[],
  occasion: string,
  context: RuleContext,
): Promise<Subject[]> => {
  const { applicationId, door, ip = '', userAgent = '' } = context
  const application = applicationId === undefined ? undefined : await reader.applications.find(applicationId)
  const scope = context.scope ?? (application ? (`application:${application.id}` as const) : workspace)
  const byUser = await assignmentsOf(reader, users)
  const namesOf = await roleNamer(reader, [...byUser.values()].flat(), scope)
  const connections = await connectionNames(reader, users)
  return users.map((user) => {
    const held = byUser.get(user.id) ?? []
    return {
      user,
      held,
      facts: {
        user: {
          ...userFacts(user),
          connection: connections.get(user.connectionId ?? '') ?? '',
          ...namesOf(held),
        },
        application: {
          id: application?.id ?? '',
          name: application?.name ?? '',
          metadata: application?.metadata ?? {},
        },
        scope,
        event: { occasion, door, at: reader.now(), ip, userAgent },
      },
    }
  })
}

const userFacts = (user: User) => {
  const { id, kind, email = '', isEmailVerified, username = '', name = '', givenName = '' } = user
  const {
    familyName = '',
    nickname = '',
    phone = '',
    loginsCount,
    createdAt,
    userMetadata,
    appMetadata,
  } = user
  const emailDomain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  return {
    id,
    kind,
    email,
    emailDomain,
    isEmailVerified,
    username,
    name,
    givenName,
    familyName,
    nickname,
    phone,
    loginsCount,
    createdAt,
    userMetadata,
    appMetadata,
  }
}

const assignmentsOf = async (
  { assignments, now }: FactReader,
  users: readonly User[],
): Promise<Map<string, Assignment[]>> => {
  const filter = every({ field: 'userId', in: users.map(({ id }) => id) }, countingAt(now()))
  return Map.groupBy((await assignments.list({ filter, limit: unlimited })).items, ({ userId }) => userId)
}

/** The same roles as `effectiveRoles` finds for one user. */
const roleNamer = async ({ roles }: FactReader, held: readonly Assignment[], scope: Scope) => {
  const inclusions = await roles.inclusions()
  const reached = closure(
    held.map(({ roleId }) => roleId),
    inclusions,
  )
  const known = new Map((await roles.findMany([...reached])).map((role) => [role.id, role]))
  const isActive = (roleId: string) => known.get(roleId)?.isActive === true
  const active = inclusions.filter(
    ({ roleId, includedRoleId }) => isActive(roleId) && isActive(includedRoleId),
  )
  const scopes = scopesThatCountIn(scope)
  return (own: readonly Assignment[]) => {
    const counting = own.filter((each) => scopes.includes(each.scope) && isActive(each.roleId))
    const roleIds = [
      ...closure(
        counting.map(({ roleId }) => roleId),
        active,
      ),
    ]
    return { roleIds, roles: roleIds.map((id) => known.get(id)!.name) }
  }
}

const connectionNames = async (
  { connections }: FactReader,
  users: readonly User[],
): Promise<Map<string, string>> => {
  const ids = new Set(users.flatMap(({ connectionId }) => connectionId ?? []))
  return new Map((await connections.findMany([...ids])).map(({ id, name }) => [id, name]))
}
