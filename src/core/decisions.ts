import { type ApiPermission, apiIdOf, type PermissionKey, type PermissionRef } from './apis/api.ts'
import { decodeCursor, encodeCursor, type Listing, type Page } from './listing.ts'
import { query } from './operation.ts'
import { type Scope, type ScopeKind, scopeOf, scopesThatCountIn, splitScope, workspace } from './scope.ts'
import type { CollectionReader, Reader } from './store.ts'
import type { User } from './users/user.ts'

/**
 * Whether somebody may do something, for applications that ask before they act. The same answers as in a token or in
 * `explain`; whoever or whatever is unknown may nothing, and so may a blocked user.
 * @see OpenID AuthZEN Authorization API 1.0
 */

export type Decision = { userId: string; permission: PermissionRef; scope?: Scope }

const decideOne = async (
  reader: Reader,
  { userId, permission, scope = workspace }: Decision,
): Promise<boolean> => {
  const key = await keyOf(reader, permission)
  return key !== undefined && reader.decisions.allows(userId, key, scopesThatCountIn(scope), reader.now())
}

/** Undefined when there is no such API. Whether it has the permission is for the query to see. */
const keyOf = async (reader: Reader, ref: PermissionRef): Promise<PermissionKey | undefined> => {
  const apiId = await apiIdOf(reader, ref)
  return apiId === undefined ? undefined : { apiId, name: ref.name }
}

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
  { permission: PermissionRef; scope?: Scope; page: SearchPage },
  Page<User>
>({
  name: 'search subjects',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  run: async (reader, { permission, scope = workspace, page }) => {
    const key = await keyOf(reader, permission)
    if (!key) return nothing(page)
    return reader.decisions.subjects(key, scopesThatCountIn(scope), reader.now(), page)
  },
})

const nothing = <T>({ total }: SearchPage): Page<T> => ({ items: [], ...(total && { total: 0 }) })

export type SearchActions = { userId: string; scope?: Scope } & ({ apiId: string } | { api: string })

/** What a user may do on an API, by number. */
export const searchActions = query<SearchActions, ApiPermission[]>({
  name: 'search actions',
  needs: 'decisions:read',
  scope: ({ scope }) => scope ?? workspace,
  self: ({ userId }) => userId,
  run: async (reader, { userId, scope = workspace, ...ref }) => {
    const user = await reader.users.find(userId)
    const apiId = await apiIdOf(reader, ref)
    if (!user || user.isBlocked || apiId === undefined) return []
    return reader.permissions.effective(userId, scopesThatCountIn(scope), reader.now(), [apiId])
  },
})

export type SearchResources = {
  userId: string
  permission: PermissionRef
  /** Without one: only the scopes that let the user do it by themselves, the workspace among them. */
  kind?: ScopeKind
  page: SearchPage
}

/**
 * The applications, organizations or rooms in which a user may do it, oldest first; without a kind, the scopes.
 * @throws invalid_cursor
 */
export const searchResources = query<SearchResources, Page<Scope>>({
  name: 'search resources',
  needs: 'decisions:read',
  run: async (reader, { userId, permission, kind, page }) => {
    const key = await keyOf(reader, permission)
    const scopes = key ? await reader.decisions.scopes(userId, key, reader.now()) : []
    return kind === undefined ? pageOf(scopes, page) : places(reader, scopes, kind, page)
  },
})

const pageOf = (all: readonly Scope[], { limit, offset = 0, after, total }: SearchPage): Page<Scope> => {
  // By the same comparison as below, whatever the database's was.
  const scopes = [...all].sort()
  const last = after === undefined ? '' : String(decodeCursor(after, ['string'])[0])
  const items = scopes.filter((scope) => scope > last).slice(offset, offset + limit)
  const hasMore = items.length > 0 && items.at(-1) !== scopes.at(-1)
  return {
    items,
    ...(hasMore && { next: encodeCursor([items.at(-1)!]) }),
    ...(total && { total: scopes.length }),
  }
}

const places = async (
  reader: Reader,
  scopes: readonly Scope[],
  kind: ScopeKind,
  { limit, offset, after, total }: SearchPage,
): Promise<Page<Scope>> => {
  const ids = scopes.map(splitScope).flatMap((scope) => (scope.kind === kind ? [scope.id] : []))
  const collection: Pick<CollectionReader<{ id: string }>, 'list'> = {
    application: reader.applications,
    organization: reader.organizations,
    room: reader.rooms,
  }[kind]
  const page = await collection.list({
    ...(!scopes.includes(workspace) && { filter: { field: 'id', in: ids } }),
    limit,
    ...(offset !== undefined && { offset }),
    ...(after !== undefined && { after }),
    ...(total !== undefined && { total }),
  })
  return { ...page, items: page.items.map(({ id }) => scopeOf(kind, id)) }
}
