import { Badge, Group, NativeSelect, Radio, Stack, TextInput } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PermissionChoice } from '../forms/permission-choice.tsx'
import { PageLink, useGo } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { applicationsText } from '../text/applications.ts'
import { useText } from '../text/language.tsx'
import { rolesText } from '../text/roles.ts'
import { shellText } from '../text/shell.ts'
import { CopyText } from '../ui/copy.tsx'
import { EntityList, QuickForm } from './entity-list.tsx'

export const Applications = () => {
  const t = useText(applicationsText)
  const roles = useText(rolesText)
  const shell = useText(shellText)
  const { may } = useSession()
  return (
    <EntityList
      path="/applications"
      texts={t}
      icon={<IconApps size={26} />}
      createForm={may('applications:create') ? (close) => <NewApplication onClose={close} /> : undefined}
      columns={[
        {
          key: 'name',
          title: t.name,
          orderBy: 'name',
          cell: ({ id, name, isActive }) => (
            <Group gap={6} wrap="nowrap">
              <PageLink to={paths.application(id)} quiet>
                {name}
              </PageLink>
              {!isActive && <Badge color="orange">{roles.inactive}</Badge>}
            </Group>
          ),
        },
        { key: 'kind', title: t.kind, cell: ({ kind }) => t.kinds[kind] ?? kind },
        {
          key: 'client',
          title: t.clientId,
          wide: true,
          cell: ({ id }) => <CopyText value={id} label={shell.copy} done={shell.copied} />,
        },
      ]}
    />
  )
}

const NewApplication = ({ onClose }: { onClose: () => void }) => {
  const t = useText(applicationsText)
  const go = useGo()
  const [name, setName] = useState('')
  const [kind, setKind] = useState('regular_web')
  const [apiId, setApiId] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const isMachine = kind === 'non_interactive'
  const apis = useQuery({
    ...read('/apis', { params: { query: { limit: 200, order: 'name' } } }),
    enabled: isMachine,
  })
  const api = apis.data?.items.find(({ id }) => id === apiId)
  const save = async () => {
    const application = await answered(server.POST('/applications', { body: { name: name.trim(), kind } }))
    if (isMachine && apiId !== '') {
      const body = { applicationId: application.id, api: apiId, permissions: chosen }
      await answered(server.POST('/client-grants', { body }))
    }
    return application
  }
  return (
    <QuickForm
      action={t.create}
      onCancel={onClose}
      save={save}
      done={(application) => t.created(application.name)}
      afterwards={({ id }) => go(paths.application(id, 'quickstart'))}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group label={t.kind} value={kind} onChange={setKind}>
        <Stack gap="xs" mt="xs">
          {Object.entries(t.kinds).map(([value, label]) => (
            <Radio key={value} value={value} label={label} description={t.kindHints[value]} />
          ))}
        </Stack>
      </Radio.Group>
      {isMachine && (
        <>
          <NativeSelect
            label={t.machineApi}
            value={apiId}
            onChange={(event) => {
              setApiId(event.currentTarget.value)
              setChosen([])
            }}
            data={[
              { value: '', label: '' },
              ...(apis.data?.items ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
          {api && (
            <PermissionChoice
              label={t.permissions}
              permissions={api.permissions}
              chosen={chosen}
              onChange={setChosen}
              none="–"
            />
          )}
        </>
      )}
    </QuickForm>
  )
}
