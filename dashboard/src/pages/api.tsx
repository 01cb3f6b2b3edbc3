import {
  Badge,
  Button,
  Group,
  Modal,
  NumberInput,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useChange } from '../change.tsx'
import { PageLink, TabLinks, useGo } from '../link.tsx'
import { type ApiTab, apiTabs, paths } from '../paths.ts'
import { type Api as ApiData, answered, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { apisText } from '../text/apis.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Confirm } from '../ui/confirm.tsx'
import { CopyText } from '../ui/copy.tsx'
import { Empty, Page, Section } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { QuickForm } from './entity-list.tsx'

/** Fetched when its tab is first opened. */
const Grants = lazy(() => import('./grants.tsx').then((m) => ({ default: m.Grants })))

type TabProps = { api: ApiData }

const Settings = ({ api }: TabProps) => {
  const t = useText(apisText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('apis:update') || api.isBuiltIn
  const [name, setName] = useState(api.name)
  const [enforces, setEnforces] = useState(api.enforcesPermissions ?? false)
  const [isTold, setTold] = useState(api.tokenDialect?.endsWith('_authz') ?? false)
  const [lifetime, setLifetime] = useState<number | string>(api.tokenLifetimeSeconds)
  const [isOffline, setOffline] = useState(api.allowsOfflineAccess)
  const isProfile = api.tokenDialect?.startsWith('rfc9068') ?? false
  const plain = isProfile ? 'rfc9068_profile' : 'access_token'
  const change = useChange(
    () =>
      answered(
        server.PATCH('/apis/{id}', {
          params: { path: { id: api.id } },
          body: {
            name,
            enforcesPermissions: enforces,
            tokenDialect: enforces && isTold ? `${plain}_authz` : plain,
            tokenLifetimeSeconds: Number(lifetime),
            allowsOfflineAccess: isOffline,
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
            <Stack maw={560}>
              <TextInput
                label={t.name}
                required
                withAsterisk={false}
                disabled={isFixed}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <NumberInput
                label={t.lifetime}
                min={0}
                max={2_592_000}
                disabled={isFixed}
                value={lifetime}
                onChange={setLifetime}
              />
              <Switch
                label={t.offline}
                disabled={isFixed}
                checked={isOffline}
                onChange={(event) => setOffline(event.currentTarget.checked)}
              />
            </Stack>
          </Section>
          <Section title={t.rbac}>
            <Stack>
              <Switch
                label={t.enableRbac}
                description={t.enableRbacHint}
                disabled={isFixed}
                checked={enforces}
                onChange={(event) => setEnforces(event.currentTarget.checked)}
              />
              <Switch
                label={t.addPermissions}
                description={t.addPermissionsHint}
                disabled={isFixed || !enforces}
                checked={enforces && isTold}
                onChange={(event) => setTold(event.currentTarget.checked)}
              />
            </Stack>
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
      {may('apis:delete') && !api.isBuiltIn && <Deletion api={api} />}
    </Stack>
  )
}

const Deletion = ({ api: { id, name } }: TabProps) => {
  const t = useText(apisText)
  const shell = useText(shellText)
  const go = useGo()
  const [asks, setAsks] = useState(false)
  const remove = useChange(() => answered(server.DELETE('/apis/{id}', { params: { path: { id } } })), {
    done: () => t.deleted(name),
    afterwards: () => go(paths.apis),
  })
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

const Permissions = ({ api }: TabProps) => {
  const t = useText(apisText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('apis:update') || api.isBuiltIn
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const remove = useChange(
    (name: string) =>
      answered(server.DELETE('/apis/{id}/permissions/{name}', { params: { path: { id: api.id, name } } })),
    { done: (_answer, name) => t.permissionRemoved(name) },
  )
  const add = !isFixed && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t.addPermission}
    </Button>
  )
  return (
    <Section flush title={t.tabs.permissions} actions={api.permissions.length > 0 && add}>
      <DataTable
        label={t.tabs.permissions}
        rows={api.permissions}
        idOf={({ name }) => name}
        columns={[
          {
            key: 'name',
            title: t.permission,
            cell: ({ name }) => (
              <Text size="sm" fw={550}>
                {name}
              </Text>
            ),
          },
          {
            key: 'description',
            title: t.description,
            cell: ({ description }) => (
              <Text size="sm" c="dimmed">
                {description}
              </Text>
            ),
          },
          {
            key: 'remove',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: ({ name }) =>
              !isFixed && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={`${shell.remove} ${name}`}
                  onClick={() => setLeaving(name)}
                >
                  {shell.remove}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconKey size={26} />} title={t.noPermissions} action={add}>
            {t.noPermissionsText}
          </Empty>
        }
      />
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={<Text fw={600}>{t.addPermission}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <NewPermission apiId={api.id} onClose={() => setAdding(false)} />
      </Modal>
      <Confirm
        isOpen={leaving !== undefined}
        title={t.removeTitle(leaving ?? '')}
        action={shell.remove}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {t.removeText(leaving ?? '')}
      </Confirm>
    </Section>
  )
}

const NewPermission = ({ apiId, onClose }: { apiId: string; onClose: () => void }) => {
  const t = useText(apisText)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  return (
    <QuickForm
      action={t.addPermission}
      onCancel={onClose}
      save={() =>
        answered(
          server.PUT('/apis/{id}/permissions/{name}', {
            params: { path: { id: apiId, name: name.trim() } },
            body: { description },
          }),
        )
      }
      done={() => t.permissionAdded(name)}
    >
      <TextInput
        label={t.permission}
        placeholder="read:orders"
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t.description}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </QuickForm>
  )
}

const tabs: Readonly<Record<ApiTab, React.ComponentType<TabProps>>> = {
  settings: (props) => <Settings key={props.api.updatedAt} {...props} />,
  permissions: Permissions,
  machines: ({ api }) => <Grants apiId={api.id} />,
}

export const Api = () => {
  const t = useText(apisText)
  const shell = useText(shellText)
  const { apiId = '', tab = 'settings' } = useParams({ strict: false }) as Record<string, string>
  const found = useQuery(read('/apis/{id}', { params: { path: { id: apiId } } }))
  const Tab = tabs[tab as ApiTab]
  if (!Tab) return <PageMissing />
  if (found.error) {
    return (
      <Page title={t.title}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    )
  }
  const api = found.data
  return (
    <Page
      title={
        api ? (
          <Group gap="xs" component="span">
            {api.name}
            {api.isBuiltIn && <Badge color="gray">{t.builtIn}</Badge>}
          </Group>
        ) : (
          <Skeleton h={28} w={220} />
        )
      }
      trail={<PageLink to={paths.apis}>{t.title}</PageLink>}
      lead={
        api ? (
          <CopyText value={api.identifier} label={shell.copy} done={shell.copied} />
        ) : (
          <Skeleton h={12} w={200} mt={6} />
        )
      }
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={apiTabs.map((each) => ({ to: paths.api(apiId, each), title: t.tabs[each] }))}
        />
      }
    >
      <Suspense fallback={<PageLoading />}>{api ? <Tab api={api} /> : <PageLoading />}</Suspense>
    </Page>
  )
}
