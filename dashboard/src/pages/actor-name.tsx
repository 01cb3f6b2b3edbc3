import { useQuery } from '@tanstack/react-query'
import { PageLink } from '../link.tsx'
import { nameOf } from '../names.ts'
import { paths } from '../paths.ts'
import { read } from '../server.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

/** Who did something, by name where the reader may know it. */
export const ActorName = ({ actor: { kind, id } }: { actor: { kind: string; id: string } }) => {
  const t = useText(shellText)
  const { may, user } = useSession()
  const found = useQuery({
    ...read('/users/{id}', { params: { path: { id } } }),
    enabled: kind === 'user' && (may('users:read') || id === user.id),
    staleTime: 60_000,
    retry: false,
  })
  const application = useQuery({
    ...read('/applications/{id}', { params: { path: { id } } }),
    enabled: kind === 'application' && may('applications:read'),
    staleTime: 60_000,
    retry: false,
  })
  if (kind === 'user') {
    return (
      <PageLink to={paths.user(id)} quiet>
        {found.data ? nameOf(found.data) : id}
      </PageLink>
    )
  }
  if (kind === 'application') {
    return (
      <PageLink to={paths.application(id)} quiet>
        {application.data?.name ?? id}
      </PageLink>
    )
  }
  return <>{t.actors[kind] ?? kind}</>
}
