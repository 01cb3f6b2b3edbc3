import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useMemo, useSyncExternalStore } from 'react'
import { forgetDrafts } from './drafts.ts'
import {
  answered,
  keepCsrfToken,
  onUnknown,
  queryClient,
  Refused,
  type Session,
  type SignInReason,
  server,
} from './server.ts'

type Known = Session & { may: (...anyOf: string[]) => boolean }

const SessionContext = createContext<Known | undefined>(undefined)

const sessionKey = ['/session'] as const

/** Who is signed in; `null` when nobody is. */
export const useSessionQuery = () =>
  useQuery({
    queryKey: sessionKey,
    queryFn: async (): Promise<Session | null> => {
      try {
        return remember(await answered(server.GET('/session')))
      } catch (error) {
        if (!(error instanceof Refused) || error.problem.status !== 401) throw error
        const before = queryClient.getQueryData<Session | null>(sessionKey) ?? null
        if (before) ask('ended')
        return before
      }
    },
    staleTime: 60_000,
  })

let asked: SignInReason | undefined
const watchers = new Set<() => void>()

const ask = (reason: SignInReason | undefined): void => {
  asked = reason
  for (const watcher of watchers) watcher()
}

onUnknown(ask)

/** Why somebody has to sign in though he did not sign out: what is on the screen stays there until he does. */
export const useSignInReason = (): SignInReason | undefined =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => asked,
  )

/** Goes on without what asked for a proof; whose session is over has nothing to go on with. */
export const dismissProof = (): void => ask(undefined)

const remember = (session: Session): Session => {
  keepCsrfToken(session.csrfToken)
  return session
}

/** Signs in; everything that was read as somebody else is forgotten. @throws Refused */
export const signIn = async (login: string, password: string, code?: string): Promise<void> => {
  const before = queryClient.getQueryData<Session | null>(sessionKey)
  const body = { login, password, ...(code !== undefined && { code }) }
  const session = remember(await answered(server.POST('/session', { body })))
  // Who comes back goes on with what he had begun.
  if (before?.user.id === session.user.id) {
    queryClient.setQueryData(sessionKey, session)
    void queryClient.invalidateQueries({ predicate: isOfSession })
  } else become(session)
  ask(undefined)
}

export const signOut = async (): Promise<void> => {
  try {
    await answered(server.DELETE('/session'))
  } catch (error) {
    // It was over already.
    if (!(error instanceof Refused) || error.problem.status !== 401) throw error
  }
  ask(undefined)
  forgetDrafts()
  keepCsrfToken(undefined)
  become(null)
}

/** The session itself stays where those look who watch it; only what was read in another one goes. */
const become = (session: Session | null): void => {
  queryClient.setQueryData(sessionKey, session)
  queryClient.removeQueries({ predicate: isOfSession })
}

/** What was read in the session, as opposed to the session itself. */
const isOfSession = ({ queryKey }: { queryKey: readonly unknown[] }): boolean => queryKey[0] !== sessionKey[0]

export const SessionProvider = ({ session, children }: { session: Session; children: ReactNode }) => {
  const known = useMemo(
    () => ({
      ...session,
      may: (...anyOf: string[]) => anyOf.some((permission) => session.permissions.includes(permission)),
    }),
    [session],
  )
  return <SessionContext value={known}>{children}</SessionContext>
}

/** Who is signed in, on pages that only they see. `may` only hides what the server would refuse anyway. */
export const useSession = (): Known => {
  const session = use(SessionContext)
  if (!session) throw new Error('This page is for people who are signed in')
  return session
}
