import {
  Button,
  CloseButton,
  Group,
  NativeSelect,
  Radio,
  SimpleGrid,
  Stack,
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

export const Policy = () => {
  const found = useQuery(read('/registration-policy'))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <PageLoading />
  return <PolicyForm key={JSON.stringify(found.data)} policy={found.data} />
}

const PolicyForm = ({ policy }: { policy: PolicyData }) => {
  const t = useText(registrationText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('settings:update')
  const [form, setForm] = useState({ ...policy, emailDomains: policy.emailDomains.join('\n') })
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  const roles = useQuery(
    read('/roles', { params: { query: { limit: 200, order: 'name', heldIn: 'workspace' } } }),
  )
  const nameOfRole = (id: string) => roles.data?.items.find((role) => role.id === id)?.name ?? id
  const change = useChange(
    () =>
      answered(
        server.PATCH('/registration-policy', {
          body: {
            mode: form.mode,
            emailConfirmation: form.emailConfirmation,
            emailDomains: form.emailDomains
              .split('\n')
              .map((line) => line.trim())
              .filter(Boolean),
            defaultRoles: form.defaultRoles,
            selectableRoles: form.selectableRoles,
          },
        }),
      ),
    { refusal: 'inline', done: () => shell.saved },
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
        <Section title={t.mode}>
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
                  disabled={isFixed}
                />
              ))}
            </SimpleGrid>
          </Radio.Group>
        </Section>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Section title={t.defaultRoles} lead={t.defaultRolesHint}>
            <Stack gap="xs">
              {form.defaultRoles.map(({ roleId, scope }, at) => (
                <Group key={`${roleId} ${scope}`} justify="space-between">
                  <Text size="sm" fw={550}>
                    {nameOfRole(roleId)}
                  </Text>
                  <CloseButton
                    aria-label={`${shell.remove} ${nameOfRole(roleId)}`}
                    disabled={isFixed}
                    onClick={() =>
                      set({ defaultRoles: form.defaultRoles.filter((_, other) => other !== at) })
                    }
                  />
                </Group>
              ))}
              <NativeSelect
                aria-label={`${t.addRole}: ${t.defaultRoles}`}
                value=""
                disabled={isFixed}
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
          <Section title={t.selectableRoles} lead={t.selectableRolesHint}>
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
                      disabled={isFixed}
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
                      disabled={isFixed}
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
                disabled={isFixed}
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
            <NativeSelect
              label={t.confirmation}
              value={form.emailConfirmation}
              disabled={isFixed}
              onChange={(event) =>
                set({ emailConfirmation: event.currentTarget.value as PolicyData['emailConfirmation'] })
              }
              data={Object.entries(t.confirmations).map(([value, label]) => ({ value, label }))}
            />
            <Textarea
              label={t.domains}
              description={t.domainsHint}
              autosize
              minRows={2}
              disabled={isFixed}
              value={form.emailDomains}
              onChange={(event) => set({ emailDomains: event.currentTarget.value })}
            />
          </SimpleGrid>
        </Section>
        <Fault error={change.error} />
        {!isFixed && (
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
