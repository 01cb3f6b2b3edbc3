import {
  Badge,
  Button,
  Group,
  NativeSelect,
  SimpleGrid,
  Skeleton,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useChange } from '../change.tsx'
import { PageLink, TabLinks, useGo } from '../link.tsx'
import { type ApplicationTab, applicationTabs, paths } from '../paths.ts'
import { type Application as ApplicationData, answered, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { applicationsText } from '../text/applications.ts'
import { useText } from '../text/language.tsx'
import { rolesText } from '../text/roles.ts'
import { shellText } from '../text/shell.ts'
import { Confirm } from '../ui/confirm.tsx'
import { CopyText } from '../ui/copy.tsx'
import { Page, Section } from '../ui/page.tsx'

export type ApplicationTabProps = { application: ApplicationData }

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const Settings = ({ application }: ApplicationTabProps) => {
  const t = useText(applicationsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('applications:update')
  const roles = useQuery(
    read('/roles', { params: { query: { limit: 200, order: 'name', heldIn: 'workspace' } } }),
  )
  const [form, setForm] = useState({
    ...application,
    callbacks: application.callbacks.join('\n'),
    allowedLogoutUrls: application.allowedLogoutUrls.join('\n'),
    webOrigins: application.webOrigins.join('\n'),
  })
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  const change = useChange(
    () =>
      answered(
        server.PATCH('/applications/{id}', {
          params: { path: { id: application.id } },
          body: {
            name: form.name,
            description: form.description,
            isActive: form.isActive,
            isFirstParty: form.isFirstParty,
            callbacks: lines(form.callbacks),
            allowedLogoutUrls: lines(form.allowedLogoutUrls),
            webOrigins: lines(form.webOrigins),
            defaultRoleId: form.defaultRoleId || null,
          },
        }),
      ),
    { refusal: 'inline', done: () => shell.saved },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Stack>
      <form onSubmit={submit}>
        <Stack>
          <Section title={t.tabs.settings}>
            <Stack maw={620}>
              <TextInput
                label={t.name}
                required
                withAsterisk={false}
                disabled={isFixed}
                value={form.name}
                onChange={(event) => set({ name: event.currentTarget.value })}
              />
              <Textarea
                label={t.description}
                autosize
                minRows={2}
                disabled={isFixed}
                value={form.description}
                onChange={(event) => set({ description: event.currentTarget.value })}
              />
              <NativeSelect
                label={t.defaultRole}
                description={t.defaultRoleHint}
                disabled={isFixed}
                value={form.defaultRoleId ?? ''}
                onChange={(event) => set({ defaultRoleId: event.currentTarget.value })}
                data={[
                  { value: '', label: shell.none },
                  ...(roles.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
              <Switch
                label={t.isActive}
                description={t.isActiveHint}
                disabled={isFixed}
                checked={form.isActive}
                onChange={(event) => set({ isActive: event.currentTarget.checked })}
              />
              <Switch
                label={t.isFirstParty}
                description={t.isFirstPartyHint}
                disabled={isFixed}
                checked={form.isFirstParty}
                onChange={(event) => set({ isFirstParty: event.currentTarget.checked })}
              />
            </Stack>
          </Section>
          {application.kind !== 'non_interactive' && (
            <Section title={t.urls}>
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                <Textarea
                  label={t.callbacks}
                  description={t.callbacksHint}
                  autosize
                  minRows={3}
                  disabled={isFixed}
                  value={form.callbacks}
                  onChange={(event) => set({ callbacks: event.currentTarget.value })}
                />
                <Textarea
                  label={t.logoutUrls}
                  description={t.perLine}
                  autosize
                  minRows={3}
                  disabled={isFixed}
                  value={form.allowedLogoutUrls}
                  onChange={(event) => set({ allowedLogoutUrls: event.currentTarget.value })}
                />
                <Textarea
                  label={t.webOrigins}
                  description={t.perLine}
                  autosize
                  minRows={3}
                  disabled={isFixed}
                  value={form.webOrigins}
                  onChange={(event) => set({ webOrigins: event.currentTarget.value })}
                />
              </SimpleGrid>
            </Section>
          )}
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
      {may('applications:delete') && <Deletion application={application} />}
    </Stack>
  )
}

const Deletion = ({ application: { id, name } }: ApplicationTabProps) => {
  const t = useText(applicationsText)
  const shell = useText(shellText)
  const go = useGo()
  const [asks, setAsks] = useState(false)
  const remove = useChange(
    () => answered(server.DELETE('/applications/{id}', { params: { path: { id } } })),
    {
      done: () => t.deleted(name),
      afterwards: () => go(paths.applications),
    },
  )
  return (
    <Section danger title={t.danger}>
      <Button color="red" c="var(--mantine-color-error)" variant="outline" onClick={() => setAsks(true)}>
        {shell.delete}
      </Button>
      <Confirm
        isOpen={asks}
        title={t.deleteTitle(name)}
        action={shell.delete}
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

const tabs: Readonly<Record<ApplicationTab, React.ComponentType<ApplicationTabProps>>> = {
  settings: (props) => <Settings key={props.application.updatedAt} {...props} />,
  quickstart: lazy(() => import('./application/quickstart.tsx').then((m) => ({ default: m.Quickstart }))),
  credentials: lazy(() => import('./application/credentials.tsx').then((m) => ({ default: m.Credentials }))),
  apis: lazy(() => import('./application/grants.tsx').then((m) => ({ default: m.ApplicationGrants }))),
  registration: lazy(() =>
    import('./application/registration.tsx').then((m) => ({ default: m.ApplicationRegistration })),
  ),
}

export const Application = () => {
  const t = useText(applicationsText)
  const roles = useText(rolesText)
  const shell = useText(shellText)
  const { applicationId = '', tab = 'settings' } = useParams({ strict: false }) as Record<string, string>
  const found = useQuery(read('/applications/{id}', { params: { path: { id: applicationId } } }))
  const Tab = tabs[tab as ApplicationTab]
  if (!Tab) return <PageMissing />
  if (found.error) {
    return (
      <Page title={t.title}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  const application = found.data
  return (
    <Page
      title={
        application ? (
          <Group gap="xs" component="span">
            {application.name}
            {!application.isActive && <Badge color="orange">{roles.inactive}</Badge>}
          </Group>
        ) : (
          <Skeleton h={28} w={220} />
        )
      }
      trail={<PageLink to={paths.applications}>{t.title}</PageLink>}
      lead={
        application ? (
          <Group gap="xs" wrap="nowrap">
            {t.kinds[application.kind] ?? application.kind}
            <CopyText value={application.id} label={shell.copy} done={shell.copied} />
          </Group>
        ) : (
          <Skeleton h={12} w={200} mt={6} />
        )
      }
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={applicationTabs.map((each) => ({
            to: paths.application(applicationId, each),
            title: t.tabs[each],
          }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>
        {application ? <Tab application={application} /> : <PageLoading />}
      </Suspense>
    </Page>
  )
}
