import { Button, Checkbox, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { useGo } from '../../link.tsx'
import { nameOf } from '../../names.ts'
import { paths } from '../../paths.ts'
import type { User } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { usersText } from '../../text/users.ts'

export type NewUser = {
  email?: string
  username?: string
  name?: string
  password?: string
  isEmailVerified?: boolean
}

const nobody = { email: '', username: '', name: '', password: '' }

/** Makes somebody who is not asked first. */
export const CreateUser = ({
  onClose,
  create,
}: {
  onClose: () => void
  create: (user: NewUser) => Promise<User>
}) => {
  const t = useText(usersText).new
  const shell = useText(shellText)
  const go = useGo()
  const [form, setForm] = useState(nobody)
  const [isVerified, setVerified] = useState(false)
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  const creation = useChange(create, {
    refusal: 'inline',
    done: (user) => t.done(nameOf(user)),
    afterwards: (user) => {
      setForm(nobody)
      onClose()
      go(paths.user(user.id, 'roles'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const given = Object.entries(form).filter(([, value]) => value.trim() !== '')
    creation.mutate({ ...Object.fromEntries(given), ...(isVerified && { isEmailVerified: true }) })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{t.title}</Text>}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t.lead}
          </Text>
          <TextInput
            type="email"
            label={t.email}
            value={form.email}
            data-autofocus
            onChange={(event) => set({ email: event.currentTarget.value })}
          />
          <TextInput
            label={t.username}
            value={form.username}
            onChange={(event) => set({ username: event.currentTarget.value })}
          />
          <TextInput
            label={t.name}
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <PasswordInput
            label={t.password}
            description={t.passwordHint}
            autoComplete="new-password"
            value={form.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
          <Checkbox
            label={t.verified}
            checked={isVerified}
            onChange={(event) => setVerified(event.currentTarget.checked)}
          />
          <Fault error={creation.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {shell.cancel}
            </Button>
            <Button type="submit" loading={creation.isPending}>
              {shell.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
