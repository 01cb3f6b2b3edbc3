import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useSearch } from '../link.tsx'
import { paths } from '../paths.ts'
import { signIn, useSessionQuery } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { signInText } from '../text/sign-in.ts'
import { Welcome } from '../ui/welcome.tsx'

/** Where somebody proves who he is, and goes on to where he wanted. */
export const SignIn = () => {
  const t = useText(signInText)
  const [search] = useSearch()
  const session = useSessionQuery()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const attempt = useMutation({ mutationFn: () => signIn(login.trim(), password) })
  // As it was when the page was opened: the address changes on the way there.
  const [target] = useState(() => ownPath(search.next))
  if (session.data) return <Navigate to={target} replace />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    attempt.mutate()
  }
  return (
    <Welcome title={t.title} lead={t.lead}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t.login}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            size="md"
          />
          <PasswordInput
            label={t.password}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
          />
          <Fault error={attempt.error} />
          <Button type="submit" size="md" loading={attempt.isPending} fullWidth>
            {t.submit}
          </Button>
        </Stack>
      </form>
    </Welcome>
  )
}

/** Only addresses of our own: nobody is led elsewhere by a link to this page. */
const ownPath = (path: string | undefined): string =>
  path?.startsWith('/') && !/^\/[/\\]/u.test(path) ? path : paths.home
