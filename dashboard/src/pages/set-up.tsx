import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ButtonLink, useGo, useSearch } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, Refused, server } from '../server.ts'
import { signIn } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { signInText } from '../text/sign-in.ts'
import { ProblemNote } from '../ui/problem.tsx'
import { Welcome } from '../ui/welcome.tsx'

/** What the printed link opens: the first administrator is named, and goes on signed in. */
export const SetUp = () => {
  const t = useText(signInText)
  const [{ secret = '' }] = useSearch()
  const go = useGo()
  const [form, setForm] = useState({ email: '', username: '', password: '' })
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  const creation = useMutation({
    mutationFn: async () => {
      const username = form.username.trim() || form.email.split('@')[0]!
      const body = { secret, email: form.email.trim(), username, password: form.password }
      await answered(server.POST('/set-up', { body }))
      await signIn(body.email, body.password)
    },
    onSuccess: () => go(paths.home),
  })
  const isGone = creation.error instanceof Refused && creation.error.problem.code === 'not_found'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  return (
    <Welcome title={t.setUpTitle} lead={t.setUpLead} width={460}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            type="email"
            label={t.email}
            value={form.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            autoComplete="email"
            autoFocus
            required
            withAsterisk={false}
          />
          <TextInput
            label={t.username}
            description={t.usernameHint}
            placeholder={form.email.split('@')[0]}
            value={form.username}
            onChange={(event) => set({ username: event.currentTarget.value })}
            autoComplete="username"
          />
          <PasswordInput
            label={t.password}
            description={t.passwordHint}
            value={form.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          {isGone ? (
            <>
              <ProblemNote title={t.linkGone} detail={t.linkGoneWhy} />
              <ButtonLink to={paths.signIn} variant="default">
                {t.submit}
              </ButtonLink>
            </>
          ) : (
            <>
              <Fault error={creation.error} />
              <Button type="submit" size="md" loading={creation.isPending}>
                {t.create}
              </Button>
            </>
          )}
        </Stack>
      </form>
    </Welcome>
  )
}
