import type { ApiPermission, PermissionKey } from './apis/api.ts'
import type { Listing, Page } from './listing.ts'
import { query } from './operation.ts'
import { type Scope, type ScopeKind, scopeOf, scopesThatCountIn, splitScope, workspace } from './scope.ts'
import type { CollectionReader, Reader } from './store.ts'
import type { User } from './users/user.ts'

/**
 * Whether somebody may do something, for applications that ask before they act. The same answers as in a token or in
 * `explain`; whoever or whatever is unknown may nothing, and so may a blocked user.
 * @see OpenID AuthZEN Authorization API 1.0
 */

export type Decision = { userId: string; permission: PermissionKey; scope?: Scope }

const decideOne = (reader: Reader, { userId, permission, scope = workspace }: Decision): Promise<boolean> =>
  reader.decisions.allows(userId, permission, scopesThatCountIn(scope), reader.now())

/** Everybody may ask it about himself. */
export const decide = query<Decision, boolean>({
  name: 'decide',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: decideOne,
})

/** Several decisions, answered in their order. Those of more than one scope need the permission in the workspace. */
export const decideMany = query<{ decisions: readonly Decision[] }, boolean[]>({
  name: 'decide many',
  needs: 'decisions:read',
  scope: ({ decisions }) => onlyOne(decisions.map(({ scope = workspace }) => scope)) ?? workspace,
  self: ({ decisions }) => onlyOne(decisions.map(({ userId }) => userId)),
  run: (reader, { decisions }) => Promise.all(decisions.map((decision) => decideOne(reader, decision))),
})

const onlyOne = <T>(values: readonly T[]): T | undefined =>
  values.every((value) => value === values[0]) ? values[0] : undefined

export type SearchPage = Pick<Listing, 'limit' | 'offset' | 'after' | 'total'>

/** The users who may do it, oldest first. @throws invalid_cursor */
export const searchSubjects = query<
  { permission: PermissionKey; scope?: Scope; page: SearchPage },
  Page<User>
>({
  name: 'search subjects',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  run: (reader, { permission, scope = workspace, page }) =>
    reader.decisions.subjects(permission, scopesThatCountIn(scope), reader.now(), page),
})

/** What a user may do on an API, by number. */
export const searchActions = query<{ userId: string; apiId: string; scope?: Scope }, ApiPermission[]>({
  name: 'search actions',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async (reader, { userId, apiId, scope = workspace }) => {
    const user = await reader.users.find(userId)
    if (!user || user.isBlocked) return []
    return reader.permissions.effective(userId, scopesThatCountIn(scope), reader.now(), [apiId])
  },
})

export type SearchResources = {
  userId: string
  permission: PermissionKey
  kind: ScopeKind
  page: SearchPage
}

/** The applications, organizations or rooms in which a user may do it, oldest first. @throws invalid_cursor */
export const searchResources = query<SearchResources, Page<Scope>>({
  name: 'search resources',
  needs: 'decisions:read',
  run: async (reader, { userId, permission, kind, page: { limit, offset, after, total } }) => {
    const scopes = await reader.decisions.scopes(userId, permission, reader.now())
    const ids = scopes.map(splitScope).flatMap((scope) => (scope.kind === kind ? [scope.id] : []))
    const places: Pick<CollectionReader<{ id: string }>, 'list'> = {
      application: reader.applications,
      organization: reader.organizations,
      room: reader.rooms,
    }[kind]
    const page = await places.list({
      ...(!scopes.includes(workspace) && { filter: { field: 'id', in: ids } }),
      limit,
      ...(offset !== undefined && { offset }),
      ...(after !== undefined && { after }),
      ...(total !== undefined && { total }),
    })
    return { ...page, items: page.items.map(({ id }) => scopeOf(kind, id)) }
  },
})
