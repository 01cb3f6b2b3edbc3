import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, type Hook, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'

/** Secrets go in and never come out; one that is given again replaces its value. */
export const Secrets = ({ hook, isFixed }: { hook: Hook; isFixed: boolean }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const [leaving, setLeaving] = useState<string>()
  const write = (secrets: { name: string; value?: string }[]) =>
    answered(server.PATCH('/hooks/{id}', { params: { path: { id: hook.id } }, body: { secrets } }))
  const keptBut = (except: string) =>
    hook.secrets.filter((each) => each.name !== except).map((each) => ({ name: each.name }))
  const add = useChange((given: { name: string; value: string }) => write([...keptBut(given.name), given]), {
    refusal: 'inline',
    done: (_hook, given) => t.secretSaved(given.name),
    afterwards: () => {
      setName('')
      setValue('')
    },
  })
  const remove = useChange((except: string) => write(keptBut(except)), {
    done: (_hook, except) => t.secretRemoved(except),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ name: name.trim(), value })
  }
  return (
    <Section title={t.secrets} lead={t.secretsLead}>
      <Stack gap="sm">
        {hook.secrets.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.noSecrets}
          </Text>
        )}
        {hook.secrets.map((secret) => (
          <Group key={secret.name} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" ff="monospace" className="truncate">
                {secret.name}
              </Text>
              <Text size="xs" c="dimmed">
                {t.secretSet} <Time at={secret.updatedAt} />
              </Text>
            </div>
            {!isFixed && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                c="var(--mantine-color-error)"
                aria-label={t.removeSecret(secret.name)}
                onClick={() => setLeaving(secret.name)}
              >
                {t.take}
              </Button>
            )}
          </Group>
        ))}
        {!isFixed && (
          <form onSubmit={submit}>
            <Stack gap="sm">
              <Group grow align="flex-end">
                <TextInput
                  label={t.secretKey}
                  required
                  withAsterisk={false}
                  autoComplete="off"
                  spellCheck={false}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <PasswordInput
                  label={t.secretValue}
                  autoComplete="new-password"
                  value={value}
                  onChange={(event) => setValue(event.currentTarget.value)}
                />
              </Group>
              <Fault error={add.error} />
              <Group justify="flex-end">
                <Button type="submit" size="xs" variant="default" loading={add.isPending}>
                  {t.addSecret}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
      <Confirm
        isOpen={leaving !== undefined}
        title={t.removeSecret(leaving ?? '')}
        action={t.take}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {t.removeSecretText}
      </Confirm>
    </Section>
  )
}
