import { useQuery } from '@tanstack/react-query'
import { paths } from './paths.ts'
import { read, type User } from './server.ts'
import { useText } from './text/language.tsx'
import { shellText } from './text/shell.ts'

type Named = Partial<Pick<User, 'name' | 'username' | 'email'>> & { id: string }

/** What people call somebody. */
export const nameOf = ({ name, username, email, id }: Named): string => name ?? username ?? email ?? id

/** What tells somebody apart from others of his name. */
export const detailOf = ({ name, username, email }: Partial<Named>): string =>
  [name && username ? `@${username}` : undefined, email].filter(Boolean).join(' · ')

export type Place = { kind: 'workspace' } | { kind: 'application' | 'organization' | 'room'; id: string }

export const placeOf = (scope: string): Place => {
  const at = scope.indexOf(':')
  const kind = scope.slice(0, at)
  if (kind === 'application' || kind === 'organization' || kind === 'room')
    return { kind, id: scope.slice(at + 1) }
  return { kind: 'workspace' }
}

/** The address of the page about a scope, where there is one. */
export const placePath = (place: Place): string | undefined =>
  place.kind === 'application'
    ? paths.application(place.id)
    : place.kind === 'organization'
      ? paths.organization(place.id)
      : place.kind === 'room'
        ? paths.room(place.id)
        : undefined

const listed = { params: { query: { limit: 200 } } } as const

/** Names of scopes; of those that are not among the first two hundred, the id. */
export const usePlaceNames = (): ((scope: string) => string) => {
  const t = useText(shellText)
  const applications = useQuery({ ...read('/applications', listed), staleTime: 60_000 })
  const organizations = useQuery({ ...read('/organizations', listed), staleTime: 60_000 })
  const rooms = useQuery({ ...read('/rooms', listed), staleTime: 60_000 })
  return (scope) => {
    const place = placeOf(scope)
    if (place.kind === 'workspace') return t.everywhere
    const lists = { application: applications, organization: organizations, room: rooms } as const
    const items: readonly { id: string; name?: string; displayName?: string }[] =
      lists[place.kind].data?.items ?? []
    const found = items.find(({ id }) => id === place.id)
    return `${t.scopeKinds[place.kind]} ${found?.displayName || found?.name || place.id}`
  }
}
