import { Badge, Button, Group, JsonInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, server, type User } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { userText } from '../../text/user.ts'
import { CopyText } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import type { UserTabProps } from '../user.tsx'

export const Details = ({ user }: UserTabProps) => {
  const t = useText(userText)
  const shell = useText(shellText)
  const format = useFormat()
  const copy = { label: shell.copy, done: shell.copied }
  return (
    <Stack>
      <Section title={t.account}>
        <Facts
          facts={[
            [t.fields.id, <CopyText key="id" value={user.id} {...copy} />],
            [t.fields.number, format.number(user.number)],
            [t.fields.created, <Time key="created" at={user.createdAt} />],
            [t.fields.updated, <Time key="updated" at={user.updatedAt} />],
            [t.fields.lastLogin, <Time key="login" at={user.lastLoginAt} fallback={shell.never} />],
            [t.fields.logins, format.number(user.loginsCount)],
            [t.fields.lastIp, user.lastIp],
            [t.fields.password, user.hasPassword ? t.hasPassword : t.noPassword],
            [
              t.fields.identities,
              user.identities?.map(({ provider, connectionName }) => (
                <Badge key={`${provider} ${connectionName}`} color="gray">
                  {connectionName}
                </Badge>
              )),
            ],
          ]}
        />
      </Section>
      <Profile key={user.updatedAt} user={user} />
      <Metadata key={`metadata ${user.updatedAt}`} user={user} />
    </Stack>
  )
}

const fields = ['name', 'email', 'username', 'phone'] as const

const Profile = ({ user }: { user: User }) => {
  const t = useText(userText)
  const shell = useText(shellText)
  const { may } = useSession()
  const before = Object.fromEntries(fields.map((field) => [field, user[field] ?? '']))
  const [form, setForm] = useState(before)
  const changed = fields.filter((field) => form[field] !== before[field])
  const write = (values: Record<string, string | undefined>) =>
    answered(
      server.PATCH('/users/{id}', {
        params: { path: { id: user.id } },
        body: Object.fromEntries(changed.map((field) => [field, values[field]?.trim() || null])),
      }),
    )
  const change = useChange(() => write(form), {
    refusal: 'inline',
    done: () => shell.saved,
    undo: () => () => write(before),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Section title={t.profile}>
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {fields.map((field) => (
              <TextInput
                key={field}
                type={field === 'email' ? 'email' : 'text'}
                label={t.fields[field]}
                value={form[field]}
                disabled={!may('users:update')}
                onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
                {...(field === 'email' &&
                  user.email !== undefined && {
                    description: user.isEmailVerified ? t.verified : t.unverified,
                  })}
              />
            ))}
          </SimpleGrid>
          <Fault error={change.error} />
          <Group justify="flex-end">
            <Button type="submit" disabled={changed.length === 0} loading={change.isPending}>
              {shell.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

const Metadata = ({ user }: { user: User }) => {
  const t = useText(userText)
  const shell = useText(shellText)
  const { may } = useSession()
  const before = {
    appMetadata: JSON.stringify(user.appMetadata, null, 2),
    userMetadata: JSON.stringify(user.userMetadata, null, 2),
  }
  const [form, setForm] = useState(before)
  const parsed = { appMetadata: objectOf(form.appMetadata), userMetadata: objectOf(form.userMetadata) }
  const isReady = parsed.appMetadata !== undefined && parsed.userMetadata !== undefined
  const isChanged = form.appMetadata !== before.appMetadata || form.userMetadata !== before.userMetadata
  const change = useChange(
    () =>
      answered(
        server.PATCH('/users/{id}', {
          params: { path: { id: user.id } },
          body: {
            appMetadata: merged(user.appMetadata, parsed.appMetadata!),
            userMetadata: merged(user.userMetadata, parsed.userMetadata!),
          },
        }),
      ),
    { refusal: 'inline', done: () => shell.saved },
  )
  return (
    <Section title={t.metadata} lead={t.metadataHint}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(['appMetadata', 'userMetadata'] as const).map((field) => (
            <JsonInput
              key={field}
              label={t[field]}
              value={form[field]}
              autosize
              minRows={4}
              maxRows={16}
              readOnly={!may('users:update')}
              error={parsed[field] === undefined && t.notJson}
              onChange={(text) => setForm({ ...form, [field]: text })}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
            />
          ))}
        </SimpleGrid>
        <Fault error={change.error} />
        <Group justify="flex-end">
          <Button
            disabled={!isReady || !isChanged}
            loading={change.isPending}
            onClick={() => change.mutate()}
          >
            {shell.save}
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}

const objectOf = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** The server merges one level deep: what was taken away is sent as `null`. */
const merged = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(before).map((key) => [key, null])),
  ...after,
})
