import {
  Badge,
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { PageLink, useGo } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { answered, type Hook, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import type { HookTabProps } from '../hook.tsx'

const fieldsOf = (hook: Hook) => ({
  name: hook.name,
  onFailure: hook.onFailure,
  runsAs: hook.runsAs,
  modifiesEvents: hook.modifiesEvents,
  timeoutMs: hook.timeoutMs,
  isEnabled: hook.isEnabled,
  applicationIds: hook.applicationIds,
  allowedHosts: hook.allowedHosts,
})

type Fields = ReturnType<typeof fieldsOf>

export const Settings = ({ hook }: HookTabProps) => (
  <Stack>
    <SettingsForm key={hook.updatedAt} hook={hook} />
    <Bindings hook={hook} />
    <Deletion hook={hook} />
  </Stack>
)

const SettingsForm = ({ hook }: { hook: Hook }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('hooks:update')
  const before = fieldsOf(hook)
  const [form, setForm] = useState(before)
  const [hosts, setHosts] = useState(before.allowedHosts.join('\n'))
  const set = (changes: Partial<Fields>) => setForm((previous) => ({ ...previous, ...changes }))
  const applications = useQuery({
    ...read('/applications', { params: { query: { limit: 200, order: 'name' } } }),
    enabled: may('applications:read'),
  })
  const write = (body: Fields) =>
    answered(server.PATCH('/hooks/{id}', { params: { path: { id: hook.id } }, body }))
  const change = useChange(
    () =>
      write({
        ...form,
        allowedHosts: hosts
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      }),
    { refusal: 'inline', done: () => t.settingsSaved, undo: () => () => write(before) },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Section title={t.hookTabs.settings}>
        <Stack maw={620}>
          <TextInput
            label={t.name}
            required
            withAsterisk={false}
            disabled={isFixed}
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Switch
            label={t.enabled}
            description={t.enabledHint}
            disabled={isFixed}
            checked={form.isEnabled}
            onChange={(event) => set({ isEnabled: event.currentTarget.checked })}
          />
          <NativeSelect
            label={t.onFailure}
            disabled={isFixed}
            value={form.onFailure}
            onChange={(event) => set({ onFailure: event.currentTarget.value as Fields['onFailure'] })}
            data={Object.entries(t.onFailures).map(([value, label]) => ({ value, label }))}
          />
          <Textarea
            label={t.hosts}
            description={t.hostsHint}
            autosize
            minRows={2}
            spellCheck={false}
            disabled={isFixed}
            value={hosts}
            onChange={(event) => setHosts(event.currentTarget.value)}
          />
          <MultiSelect
            label={t.applications}
            description={t.applicationsHint}
            searchable
            clearable
            disabled={isFixed}
            value={form.applicationIds}
            onChange={(applicationIds) => set({ applicationIds })}
            data={(applications.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <NativeSelect
            label={t.runsAs}
            description={t.runsAsHint}
            disabled={isFixed}
            value={form.runsAs}
            onChange={(event) => set({ runsAs: event.currentTarget.value as Fields['runsAs'] })}
            data={Object.entries(t.runsAsOf).map(([value, label]) => ({ value, label }))}
          />
          {hook.flavour === 'event-script' && (
            <Switch
              label={t.modifies}
              description={t.modifiesHint}
              disabled={isFixed}
              checked={form.modifiesEvents}
              onChange={(event) => set({ modifiesEvents: event.currentTarget.checked })}
            />
          )}
          <NumberInput
            label={t.timeout}
            min={100}
            max={20_000}
            step={100}
            disabled={isFixed}
            value={form.timeoutMs}
            onChange={(value) => set({ timeoutMs: Number(value) })}
          />
          <Fault error={change.error} />
          {!isFixed && (
            <Group justify="flex-end">
              <Button type="submit" loading={change.isPending}>
                {shell.save}
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
    </form>
  )
}

const Bindings = ({ hook }: { hook: Hook }) => {
  const t = useText(hooksText)
  const found = useQuery(read('/hooks/{id}/bindings', { params: { path: { id: hook.id } } }))
  return (
    <Section title={t.boundAt}>
      <Group gap="xs">
        {found.data?.items.map(({ id, trigger }) => (
          <Badge key={id} color="gray">
            <PageLink to={paths.flow(trigger)} quiet>
              {t.triggers[trigger] ?? trigger}
            </PageLink>
          </Badge>
        ))}
        {found.data?.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.boundNowhere}
          </Text>
        )}
      </Group>
    </Section>
  )
}

const Deletion = ({ hook: { id, name } }: { hook: Hook }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { may } = useSession()
  const go = useGo()
  const [asks, setAsks] = useState(false)
  const remove = useChange(
    () => answered(server.DELETE('/hooks/{id}', { params: { path: { id }, query: { unbind: true } } })),
    { done: () => t.deleted(name), afterwards: () => go(paths.hooks()) },
  )
  if (!may('hooks:delete')) return null
  return (
    <Section danger title={t.danger} lead={t.dangerText}>
      <Button color="red" c="var(--mantine-color-error)" variant="outline" onClick={() => setAsks(true)}>
        {t.delete}
      </Button>
      <Confirm
        isOpen={asks}
        title={t.deleteTitle(name)}
        action={t.delete}
        cancel={shell.cancel}
        isDangerous
        word={{ word: name, label: shell.typeToConfirm(name) }}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false)
          remove.mutate()
        }}
      >
        {t.deleteText(name)}
      </Confirm>
    </Section>
  )
}
