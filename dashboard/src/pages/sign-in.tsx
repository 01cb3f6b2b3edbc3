import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { SignInForm } from '../forms/sign-in-form.tsx'
import { useSearch } from '../link.tsx'
import { paths } from '../paths.ts'
import { useSessionQuery } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { signInText } from '../text/sign-in.ts'
import { Welcome } from '../ui/welcome.tsx'

/** Where somebody proves who he is, and goes on to where he wanted. */
export const SignIn = () => {
  const t = useText(signInText)
  const [search] = useSearch()
  const session = useSessionQuery()
  // As it was when the page was opened: the address changes on the way there.
  const [target] = useState(() => ownPath(search.next))
  if (session.data) return <Navigate to={target} replace />
  return (
    <Welcome title={t.title} lead={t.lead}>
      <SignInForm />
    </Welcome>
  )
}

/** Only addresses of our own: nobody is led elsewhere by a link to this page. */
const ownPath = (path: string | undefined): string =>
  path?.startsWith('/') && !/^\/[/\\]/u.test(path) ? path : paths.home
