import { Button, Modal, NativeSelect, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { PermissionChoice } from '../../forms/permission-choice.tsx'
import { PageLink } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { answered, type Item, type Role, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { rolesText } from '../../text/roles.ts'
import { shellText } from '../../text/shell.ts'
import { Empty, Section } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { QuickForm } from '../entity-list.tsx'

type Carried = Item<'/roles/{id}/permissions'>

export const Permissions = ({ role }: { role: Role }) => {
  const t = useText(rolesText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isAdding, setAdding] = useState(false)
  const path = { id: role.id }
  const found = useQuery(read('/roles/{id}/permissions', { params: { path, query: { limit: 200 } } }))
  const body = ({ apiId, name }: Carried) => ({ permissions: [{ apiId, name }] })
  const remove = useChange(
    (each: Carried) =>
      answered(server.DELETE('/roles/{id}/permissions', { params: { path }, body: body(each) })),
    {
      done: (_answer, { name }) => t.permissions.removed(name),
      undo: (_answer, each) => () =>
        answered(server.POST('/roles/{id}/permissions', { params: { path }, body: body(each) })),
    },
  )
  const add = may('roles:update') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t.permissions.add}
    </Button>
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  return (
    <Section flush title={t.tabs.permissions} actions={(found.data?.items.length ?? 0) > 0 && add}>
      <DataTable
        label={t.tabs.permissions}
        rows={found.data?.items}
        idOf={({ apiId, name }) => `${apiId} ${name}`}
        columns={[
          {
            key: 'permission',
            title: t.permissions.permission,
            cell: ({ name, description }) => (
              <>
                <Text size="sm" fw={550}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed">
                  {description}
                </Text>
              </>
            ),
          },
          {
            key: 'api',
            title: t.permissions.api,
            cell: ({ apiId, apiName }) => (
              <PageLink to={paths.api(apiId)} quiet>
                {apiName}
              </PageLink>
            ),
          },
          {
            key: 'remove',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: (each) =>
              may('roles:update') && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  c="var(--mantine-color-error)"
                  aria-label={`${shell.remove} ${each.name}`}
                  onClick={() => remove.mutate(each)}
                >
                  {shell.remove}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconKey size={26} />} title={t.permissions.empty} action={add}>
            {t.permissions.emptyText}
          </Empty>
        }
      />
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        size="lg"
        title={<Text fw={600}>{t.permissions.addTitle(role.name)}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <AddPermissions role={role} carried={found.data?.items ?? []} onClose={() => setAdding(false)} />
      </Modal>
    </Section>
  )
}

const AddPermissions = ({
  role,
  carried,
  onClose,
}: {
  role: Role
  carried: readonly Carried[]
  onClose: () => void
}) => {
  const t = useText(rolesText).permissions
  const format = useFormat()
  const [apiId, setApiId] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const apis = useQuery(read('/apis', { params: { query: { limit: 200, order: 'name' } } }))
  const has = new Set(carried.filter((each) => each.apiId === apiId).map(({ name }) => name))
  const left = apis.data?.items
    .find(({ id }) => id === apiId)
    ?.permissions.filter(({ name }) => !has.has(name))
  return (
    <QuickForm
      action={t.add}
      onCancel={onClose}
      save={() =>
        answered(
          server.POST('/roles/{id}/permissions', {
            params: { path: { id: role.id } },
            body: { permissions: chosen.map((name) => ({ apiId, name })) },
          }),
        )
      }
      done={() => t.added(format.number(chosen.length))}
    >
      <NativeSelect
        label={t.api}
        value={apiId}
        required
        withAsterisk={false}
        data-autofocus
        onChange={(event) => {
          setApiId(event.currentTarget.value)
          setChosen([])
        }}
        data={[
          { value: '', label: '' },
          ...(apis.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      {left && (
        <PermissionChoice
          label={t.permission}
          permissions={left}
          chosen={chosen}
          onChange={setChosen}
          none={t.none}
        />
      )}
    </QuickForm>
  )
}
