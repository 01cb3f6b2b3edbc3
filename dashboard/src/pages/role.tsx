import { Badge, Button, Group, Skeleton, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useChange } from '../change.tsx'
import { PageLink, TabLinks, useGo } from '../link.tsx'
import { paths, type RoleTab, roleTabs } from '../paths.ts'
import { answered, type Role as RoleData, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { rolesText } from '../text/roles.ts'
import { shellText } from '../text/shell.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Page, Section } from '../ui/page.tsx'

type TabProps = { role: RoleData }

const Settings = ({ role }: TabProps) => {
  const t = useText(rolesText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('roles:update')
  const [form, setForm] = useState(role)
  const change = useChange(
    () => {
      const { name, description, isActive, requiresSecondFactor } = form
      const changes = Object.entries({ name, description, isActive, requiresSecondFactor }).filter(
        ([key, value]) => value !== role[key as keyof RoleData],
      )
      return answered(
        server.PATCH('/roles/{id}', {
          params: { path: { id: role.id } },
          body: Object.fromEntries(changes),
        }),
      )
    },
    { refusal: 'inline', done: () => shell.saved },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Stack>
      <Section lead={role.isBuiltIn ? t.builtInNote : undefined} title={t.tabs.settings}>
        <form onSubmit={submit}>
          <Stack maw={560}>
            <TextInput
              label={t.name}
              required
              withAsterisk={false}
              value={form.name}
              disabled={isFixed || role.isBuiltIn}
              onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            />
            <Textarea
              label={t.description}
              autosize
              minRows={2}
              value={form.description}
              disabled={isFixed}
              onChange={(event) => setForm({ ...form, description: event.currentTarget.value })}
            />
            <Switch
              label={t.isActive}
              description={t.isActiveHint}
              checked={form.isActive}
              disabled={isFixed || role.isBuiltIn}
              onChange={(event) => setForm({ ...form, isActive: event.currentTarget.checked })}
            />
            <Switch
              label={t.secondFactor}
              description={t.secondFactorHint}
              checked={form.requiresSecondFactor}
              disabled={isFixed}
              onChange={(event) => setForm({ ...form, requiresSecondFactor: event.currentTarget.checked })}
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
        </form>
      </Section>
      {may('roles:delete') && !role.isBuiltIn && <Deletion role={role} />}
    </Stack>
  )
}

const Deletion = ({ role }: TabProps) => {
  const t = useText(rolesText)
  const shell = useText(shellText)
  const format = useFormat()
  const go = useGo()
  const [asks, setAsks] = useState(false)
  const path = { id: role.id }
  const holders = useQuery({
    ...read('/roles/{id}/holders', { params: { path, query: { limit: 1, total: true } } }),
    enabled: asks,
  })
  const remove = useChange(() => answered(server.DELETE('/roles/{id}', { params: { path } })), {
    done: () => t.deleted(role.name),
    afterwards: () => go(paths.roles),
  })
  return (
    <Section danger title={t.danger}>
      <Button color="red" c="var(--mantine-color-error)" variant="outline" onClick={() => setAsks(true)}>
        {shell.delete}
      </Button>
      <Confirm
        isOpen={asks}
        title={t.deleteTitle(role.name)}
        action={shell.delete}
        cancel={shell.cancel}
        isDangerous
        word={{ word: role.name, label: shell.typeToConfirm(role.name) }}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false)
          remove.mutate()
        }}
      >
        {t.deleteText(role.name, format.number(holders.data?.total ?? 0))}
      </Confirm>
    </Section>
  )
}

const tabs: Readonly<Record<RoleTab, React.ComponentType<TabProps>>> = {
  settings: (props) => <Settings key={props.role.updatedAt} {...props} />,
  permissions: lazy(() => import('./role/permissions.tsx').then((m) => ({ default: m.Permissions }))),
  relations: lazy(() => import('./role/relations.tsx').then((m) => ({ default: m.Relations }))),
  members: lazy(() => import('./role/members.tsx').then((m) => ({ default: m.Members }))),
}

export const Role = () => {
  const t = useText(rolesText)
  const { roleId = '', tab = 'settings' } = useParams({ strict: false }) as { roleId?: string; tab?: string }
  const found = useQuery(read('/roles/{id}', { params: { path: { id: roleId } } }))
  const Tab = tabs[tab as RoleTab]
  if (!Tab) return <PageMissing />
  if (found.error) {
    return (
      <Page title={t.title}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  const role = found.data
  return (
    <Page
      title={
        role ? (
          <Group gap="xs" component="span">
            {role.name}
            {role.isBuiltIn && <Badge color="gray">{t.builtIn}</Badge>}
            {!role.isActive && <Badge color="orange">{t.inactive}</Badge>}
          </Group>
        ) : (
          <Skeleton h={28} w={200} />
        )
      }
      trail={<PageLink to={paths.roles}>{t.title}</PageLink>}
      lead={role ? role.description || <Text inherit>&nbsp;</Text> : <Skeleton h={12} w={180} mt={6} />}
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={roleTabs.map((each) => ({ to: paths.role(roleId, each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>{role ? <Tab role={role} /> : <PageLoading />}</Suspense>
    </Page>
  )
}
