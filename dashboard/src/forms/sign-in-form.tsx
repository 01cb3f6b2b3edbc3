import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Refused } from '../server.ts'
import { signIn } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { signInText } from '../text/sign-in.ts'

const codeOf = (error: unknown) => (error instanceof Refused ? error.problem.code : undefined)
const isFirstAsked = (error: unknown) => codeOf(error) === 'second_factor_required'
const asksForCode = (error: unknown) => isFirstAsked(error) || codeOf(error) === 'second_factor_wrong'

/** Proves who somebody is, by his name and password, and by a code where he has a second factor. */
export const SignInForm = ({ known }: { /** Who was here before. */ known?: string }) => {
  const t = useText(signInText)
  const [login, setLogin] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const attempt = useMutation({
    mutationFn: () => signIn(login.trim(), password, code.trim() || undefined),
    onError: (error) => {
      if (asksForCode(error)) setAsked(true)
    },
  })
  const [isAsked, setAsked] = useState(false)
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
        {isAsked && (
          <TextInput
            label={t.code}
            description={t.codeHint}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            autoFocus
            required
            withAsterisk={false}
            size="md"
          />
        )}
        {!(isFirstAsked(attempt.error) && code === '') && <Fault error={attempt.error} />}
        <Button type="submit" size="md" loading={attempt.isPending} fullWidth>
          {t.submit}
        </Button>
      </Stack>
    </form>
  )
}
