import { Badge, Group, NativeSelect, Text, Textarea, TextInput } from '@mantine/core'
import { IconShieldLock } from '@tabler/icons-react'
import { useState } from 'react'
import { PageLink, useGo } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { rolesText } from '../text/roles.ts'
import { shellText } from '../text/shell.ts'
import { Time } from '../ui/time.tsx'
import { EntityList, QuickForm } from './entity-list.tsx'

export const Roles = () => {
  const t = useText(rolesText)
  const users = useText(shellText)
  const { may } = useSession()
  return (
    <EntityList
      path="/roles"
      texts={t}
      icon={<IconShieldLock size={26} />}
      createForm={may('roles:create') ? (close) => <NewRole onClose={close} /> : undefined}
      columns={[
        {
          key: 'name',
          title: t.name,
          orderBy: 'name',
          cell: (role) => (
            <Group gap={6} wrap="nowrap">
              <PageLink to={paths.role(role.id)} quiet>
                {role.name}
              </PageLink>
              {role.isBuiltIn && <Badge color="gray">{t.builtIn}</Badge>}
              {!role.isActive && <Badge color="orange">{t.inactive}</Badge>}
            </Group>
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
        { key: 'heldIn', title: t.heldIn, wide: true, cell: ({ heldIn }) => t.heldInKinds[heldIn] },
        {
          key: 'updated',
          title: users.nav.activity,
          orderBy: 'updatedAt',
          wide: true,
          cell: ({ updatedAt }) => <Time at={updatedAt} />,
        },
      ]}
    />
  )
}

const NewRole = ({ onClose }: { onClose: () => void }) => {
  const t = useText(rolesText)
  const go = useGo()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [heldIn, setHeldIn] = useState<'workspace' | 'room'>('workspace')
  return (
    <QuickForm
      action={t.create}
      onCancel={onClose}
      save={() => answered(server.POST('/roles', { body: { name: name.trim(), description, heldIn } }))}
      done={(role) => t.created(role.name)}
      afterwards={(role) => go(paths.role(role.id, 'permissions'))}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t.description}
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.heldIn}
        value={heldIn}
        onChange={(event) => setHeldIn(event.currentTarget.value as typeof heldIn)}
        data={Object.entries(t.heldInKinds).map(([value, label]) => ({ value, label }))}
      />
    </QuickForm>
  )
}
