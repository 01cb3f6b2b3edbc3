import { Badge, Group, NativeSelect, TextInput } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { useState } from 'react'
import { UserSelect } from '../forms/user-select.tsx'
import { PageLink, useGo } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { placesText } from '../text/places.ts'
import { EntityList, QuickForm } from './entity-list.tsx'

export const Rooms = () => {
  const t = useText(placesText)
  const format = useFormat()
  const { may } = useSession()
  return (
    <EntityList
      path="/rooms"
      query={{ withMembersCount: true }}
      texts={t.rooms}
      icon={<IconMessages size={26} />}
      createForm={may('rooms:create') ? (close) => <NewRoom onClose={close} /> : undefined}
      columns={[
        {
          key: 'name',
          title: t.name,
          orderBy: 'name',
          cell: ({ id, name, isArchived }) => (
            <Group gap={6} wrap="nowrap">
              <PageLink to={paths.room(id)} quiet>
                {name}
              </PageLink>
              {isArchived && <Badge color="gray">{t.archived}</Badge>}
            </Group>
          ),
        },
        { key: 'kind', title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { key: 'topic', title: t.topic, wide: true, cell: ({ topic }) => topic },
        {
          key: 'members',
          title: t.members,
          align: 'right',
          cell: ({ membersCount = 0 }) => format.number(membersCount),
        },
      ]}
    />
  )
}

const NewRoom = ({ onClose }: { onClose: () => void }) => {
  const t = useText(placesText)
  const go = useGo()
  const { user } = useSession()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<'channel' | 'group' | 'team'>('channel')
  const [ownerId, setOwnerId] = useState<string | undefined>(user.id)
  return (
    <QuickForm
      action={t.rooms.create}
      onCancel={onClose}
      save={() =>
        answered(
          server.POST('/rooms', {
            body: { name: name.trim(), kind, ...(ownerId !== undefined && { ownerId }) },
          }),
        )
      }
      done={(room) => t.created(room.name)}
      afterwards={({ id }) => go(paths.room(id))}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.kind}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
        data={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))}
      />
      <UserSelect label={t.owner} value={ownerId} onChange={setOwnerId} />
    </QuickForm>
  )
}
