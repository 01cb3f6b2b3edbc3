import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useMemo } from 'react'
import { answered, keepCsrfToken, queryClient, Refused, type Session, server } from './server.ts'

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
        if (error instanceof Refused && error.problem.status === 401) return null
        throw error
      }
    },
    staleTime: 60_000,
  })

const remember = (session: Session): Session => {
  keepCsrfToken(session.csrfToken)
  return session
}

/** Signs in; everything that was read as somebody else is forgotten. @throws Refused */
export const signIn = async (login: string, password: string): Promise<void> => {
  const session = remember(await answered(server.POST('/session', { body: { login, password } })))
  queryClient.clear()
  queryClient.setQueryData(sessionKey, session)
}

export const signOut = async (): Promise<void> => {
  await answered(server.DELETE('/session'))
  keepCsrfToken(undefined)
  queryClient.clear()
  queryClient.setQueryData(sessionKey, null)
}

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
