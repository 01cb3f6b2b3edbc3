import { Badge, Group, Text, TextInput } from '@mantine/core'
import { IconTicket } from '@tabler/icons-react'
import { useState } from 'react'
import { PageLink, useGo } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { apisText } from '../text/apis.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { EntityList, QuickForm } from './entity-list.tsx'

export const Apis = () => {
  const t = useText(apisText)
  const format = useFormat()
  const { may } = useSession()
  return (
    <EntityList
      path="/apis"
      texts={t}
      icon={<IconTicket size={26} />}
      createForm={may('apis:create') ? (close) => <NewApi onClose={close} /> : undefined}
      columns={[
        {
          key: 'name',
          title: t.name,
          orderBy: 'name',
          cell: ({ id, name, isBuiltIn }) => (
            <Group gap={6} wrap="nowrap">
              <PageLink to={paths.api(id)} quiet>
                {name}
              </PageLink>
              {isBuiltIn && <Badge color="gray">{t.builtIn}</Badge>}
            </Group>
          ),
        },
        {
          key: 'identifier',
          title: t.identifier,
          cell: ({ identifier }) => (
            <Text size="sm" ff="monospace" fz={12.5}>
              {identifier}
            </Text>
          ),
        },
        {
          key: 'permissions',
          title: t.permissionsCount,
          align: 'right',
          cell: ({ permissions }) => format.number(permissions.length),
        },
      ]}
    />
  )
}

const NewApi = ({ onClose }: { onClose: () => void }) => {
  const t = useText(apisText)
  const go = useGo()
  const [name, setName] = useState('')
  const [identifier, setIdentifier] = useState('')
  return (
    <QuickForm
      action={t.create}
      onCancel={onClose}
      save={() =>
        answered(server.POST('/apis', { body: { name: name.trim(), identifier: identifier.trim() } }))
      }
      done={(api) => t.created(api.name)}
      afterwards={({ id }) => go(paths.api(id, 'permissions'))}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t.identifier}
        description={t.identifierHint}
        placeholder="https://api.example.com/"
        required
        withAsterisk={false}
        value={identifier}
        onChange={(event) => setIdentifier(event.currentTarget.value)}
      />
    </QuickForm>
  )
}
