import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { signIn } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { signInText } from '../text/sign-in.ts'

/** Proves who somebody is, by his name and password. */
export const SignInForm = ({ known }: { /** Who was here before. */ known?: string }) => {
  const t = useText(signInText)
  const [login, setLogin] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const attempt = useMutation({ mutationFn: () => signIn(login.trim(), password) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    attempt.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t.login}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          autoComplete="username"
          autoFocus={known === undefined}
          required
          withAsterisk={false}
          size="md"
        />
        <PasswordInput
          label={t.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus={known !== undefined}
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
  )
}
