import {
  Button,
  CloseButton,
  Group,
  NativeSelect,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, type Data, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault, PageLoading } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { registrationText } from '../../text/registration.ts'
import { shellText } from '../../text/shell.ts'
import { Section } from '../../ui/page.tsx'

type PolicyData = Data<'/registration-policy'>
type Field = Exclude<keyof PolicyData, 'own'>
type Changes = { [Each in Field]?: PolicyData[Each] | null }

const fields = ['mode', 'emailConfirmation', 'emailDomains', 'defaultRoles', 'selectableRoles'] as const

export const Policy = () => {
  const found = useQuery(read('/registration-policy'))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <PageLoading />
  return (
    <PolicyForm
      key={JSON.stringify(found.data)}
      policy={found.data}
      write={(body) => answered(server.PATCH('/registration-policy', { body }))}
    />
  )
}

/** What differs from the workspace for those who register in one application. */
export const ApplicationPolicy = ({ applicationId }: { applicationId: string }) => {
  const params = { path: { id: applicationId } }
  const found = useQuery(read('/applications/{id}/registration-policy', { params }))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <PageLoading />
  return (
    <PolicyForm
      key={JSON.stringify(found.data)}
      policy={found.data}
      isOverride
      write={(body) => answered(server.PATCH('/applications/{id}/registration-policy', { params, body }))}
    />
  )
}

type PolicyFormProps = {
  policy: PolicyData
  /** Each field is as the workspace says unless it is chosen to differ. */
  isOverride?: boolean
  write: (changes: Changes) => Promise<unknown>
}

const PolicyForm = ({ policy, isOverride = false, write }: PolicyFormProps) => {
  const t = useText(registrationText)
  const shell = useText(shellText)
  const { may } = useSession()
  const mayChange = may('settings:update')
  const [form, setForm] = useState({ ...policy, emailDomains: policy.emailDomains.join('\n') })
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  const isFixed = (field: Field) => !mayChange || (isOverride && !form.own.includes(field))
  const differs = (field: Field, about: string) =>
    isOverride && (
      <Switch
        label={t.differs}
        aria-label={`${about}: ${t.differs}`}
        disabled={!mayChange}
        checked={form.own.includes(field)}
        onChange={(event) =>
          set({
            own: event.currentTarget.checked
              ? [...form.own, field]
              : form.own.filter((other) => other !== field),
          })
        }
      />
    )
  const roles = useQuery(
    read('/roles', { params: { query: { limit: 200, order: 'name', heldIn: 'workspace' } } }),
  )
  const nameOfRole = (id: string) => roles.data?.items.find((role) => role.id === id)?.name ?? id
  const changesIn = ({ own, ...values }: PolicyData): Changes =>
    Object.fromEntries(
      fields.map((field) => [field, isOverride && !own.includes(field) ? null : values[field]]),
    )
  const change = useChange(
    () =>
      write(
        changesIn({
          ...form,
          emailDomains: form.emailDomains
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        }),
      ),
    { refusal: 'inline', done: () => shell.saved, undo: () => () => write(changesIn(policy)) },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const left = (taken: readonly { roleId: string }[]) => [
    { value: '', label: t.addRole },
    ...(roles.data?.items ?? [])
      .filter(({ id }) => id !== 'admin' && !taken.some(({ roleId }) => roleId === id))
      .map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <form onSubmit={submit}>
      <Stack>
        <Section title={t.mode} actions={differs('mode', t.mode)}>
          <Radio.Group
            value={form.mode}
            onChange={(mode) => set({ mode: mode as PolicyData['mode'] })}
            aria-label={t.mode}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {Object.entries(t.modes).map(([value, label]) => (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  description={t.modeHints[value]}
                  disabled={isFixed('mode')}
                />
              ))}
            </SimpleGrid>
          </Radio.Group>
        </Section>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Section
            title={t.defaultRoles}
            lead={t.defaultRolesHint}
            actions={differs('defaultRoles', t.defaultRoles)}
          >
            <Stack gap="xs">
              {form.defaultRoles.map(({ roleId, scope }, at) => (
                <Group key={`${roleId} ${scope}`} justify="space-between">
                  <Text size="sm" fw={550}>
                    {nameOfRole(roleId)}
                  </Text>
                  <CloseButton
                    aria-label={`${shell.remove} ${nameOfRole(roleId)}`}
                    disabled={isFixed('defaultRoles')}
                    onClick={() =>
                      set({ defaultRoles: form.defaultRoles.filter((_, other) => other !== at) })
                    }
                  />
                </Group>
              ))}
              <NativeSelect
                aria-label={`${t.addRole}: ${t.defaultRoles}`}
                value=""
                disabled={isFixed('defaultRoles')}
                onChange={(event) =>
                  set({
                    defaultRoles: [
                      ...form.defaultRoles,
                      { roleId: event.currentTarget.value, scope: 'workspace' },
                    ],
                  })
                }
                data={left(form.defaultRoles)}
              />
            </Stack>
          </Section>
          <Section
            title={t.selectableRoles}
            lead={t.selectableRolesHint}
            actions={differs('selectableRoles', t.selectableRoles)}
          >
            <Stack gap="xs">
              {form.selectableRoles.map((each, at) => (
                <Group key={`${each.roleId} ${each.scope}`} justify="space-between" wrap="nowrap">
                  <Text size="sm" fw={550}>
                    {nameOfRole(each.roleId)}
                  </Text>
                  <Group gap="xs" wrap="nowrap">
                    <NativeSelect
                      size="xs"
                      aria-label={`${nameOfRole(each.roleId)}: ${t.approval}`}
                      value={each.grant}
                      disabled={isFixed('selectableRoles')}
                      onChange={(event) =>
                        set({
                          selectableRoles: form.selectableRoles.map((other, index) =>
                            index === at
                              ? { ...other, grant: event.currentTarget.value as typeof each.grant }
                              : other,
                          ),
                        })
                      }
                      data={[
                        { value: 'immediate', label: t.immediate },
                        { value: 'approval', label: t.approval },
                      ]}
                    />
                    <CloseButton
                      aria-label={`${shell.remove} ${nameOfRole(each.roleId)}`}
                      disabled={isFixed('selectableRoles')}
                      onClick={() =>
                        set({ selectableRoles: form.selectableRoles.filter((_, other) => other !== at) })
                      }
                    />
                  </Group>
                </Group>
              ))}
              <NativeSelect
                aria-label={`${t.addRole}: ${t.selectableRoles}`}
                value=""
                disabled={isFixed('selectableRoles')}
                onChange={(event) =>
                  set({
                    selectableRoles: [
                      ...form.selectableRoles,
                      { roleId: event.currentTarget.value, scope: 'workspace', grant: 'approval' },
                    ],
                  })
                }
                data={left(form.selectableRoles)}
              />
            </Stack>
          </Section>
        </SimpleGrid>
        <Section title={t.confirmation}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Stack gap="xs">
              {differs('emailConfirmation', t.confirmation)}
              <NativeSelect
                label={t.confirmation}
                value={form.emailConfirmation}
                disabled={isFixed('emailConfirmation')}
                onChange={(event) =>
                  set({ emailConfirmation: event.currentTarget.value as PolicyData['emailConfirmation'] })
                }
                data={Object.entries(t.confirmations).map(([value, label]) => ({ value, label }))}
              />
            </Stack>
            <Stack gap="xs">
              {differs('emailDomains', t.domains)}
              <Textarea
                label={t.domains}
                description={t.domainsHint}
                autosize
                minRows={2}
                disabled={isFixed('emailDomains')}
                value={form.emailDomains}
                onChange={(event) => set({ emailDomains: event.currentTarget.value })}
              />
            </Stack>
          </SimpleGrid>
        </Section>
        <Fault error={change.error} />
        {mayChange && (
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {shell.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}
