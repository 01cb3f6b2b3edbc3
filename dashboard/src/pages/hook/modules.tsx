import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, type Hook, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Section } from '../../ui/page.tsx'

/** Packages that a hook requires. A version that is left blank is the newest when it is built. */
export const Modules = ({ hook, isFixed }: { hook: Hook; isFixed: boolean }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const [name, setName] = useState('')
  const [version, setVersion] = useState('')
  const before = hook.dependencies
  const write = (dependencies: Hook['dependencies']) =>
    answered(server.PATCH('/hooks/{id}', { params: { path: { id: hook.id } }, body: { dependencies } }))
  const change = useChange(write, {
    refusal: 'inline',
    done: () => shell.saved,
    undo: () => () => write(before),
    afterwards: () => {
      setName('')
      setVersion('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const added = { name: name.trim(), ...(version.trim() !== '' && { version: version.trim() }) }
    change.mutate([...before.filter((each) => each.name !== added.name), added])
  }
  return (
    <Section title={t.modules} lead={t.modulesLead}>
      <Stack gap="sm">
        {before.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.noModules}
          </Text>
        )}
        {before.map((each) => {
          const installed = hook.resolved.find((one) => one.name === each.name)?.version
          return (
            <Group key={each.name} justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" ff="monospace" className="truncate">
                  {each.name}@{each.version || t.newest}
                </Text>
                {installed && (
                  <Text size="xs" c="dimmed">
                    {t.installed(installed)}
                  </Text>
                )}
              </div>
              {!isFixed && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={t.removeModule(each.name)}
                  onClick={() => change.mutate(before.filter((one) => one.name !== each.name))}
                >
                  {t.take}
                </Button>
              )}
            </Group>
          )
        })}
        {!isFixed && (
          <form onSubmit={submit}>
            <Stack gap="sm">
              <Group grow align="flex-end">
                <TextInput
                  label={t.moduleName}
                  required
                  withAsterisk={false}
                  autoComplete="off"
                  spellCheck={false}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <TextInput
                  label={t.moduleVersion}
                  placeholder={t.moduleVersionHint}
                  autoComplete="off"
                  spellCheck={false}
                  value={version}
                  onChange={(event) => setVersion(event.currentTarget.value)}
                />
              </Group>
              <Fault error={change.error} />
              <Group justify="flex-end">
                <Button type="submit" size="xs" variant="default" loading={change.isPending}>
                  {t.addModule}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Section>
  )
}
