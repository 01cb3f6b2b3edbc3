import { TextInput } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useState } from 'react'
import { PageLink, useGo } from '../link.tsx'
import { paths } from '../paths.ts'
import { answered, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { placesText } from '../text/places.ts'
import { usersText } from '../text/users.ts'
import { Time } from '../ui/time.tsx'
import { EntityList, QuickForm } from './entity-list.tsx'

export const Organizations = () => {
  const t = useText(placesText)
  const users = useText(usersText)
  const { may } = useSession()
  return (
    <EntityList
      path="/organizations"
      texts={t.organizations}
      icon={<IconBuilding size={26} />}
      createForm={may('organizations:create') ? (close) => <NewOrganization onClose={close} /> : undefined}
      columns={[
        {
          key: 'name',
          title: t.displayName,
          orderBy: 'name',
          cell: ({ id, name, displayName }) => (
            <PageLink to={paths.organization(id)} quiet>
              {displayName || name}
            </PageLink>
          ),
        },
        { key: 'slug', title: t.name, cell: ({ name }) => name },
        {
          key: 'created',
          title: users.columns.created,
          wide: true,
          cell: ({ createdAt }) => <Time at={createdAt} />,
        },
      ]}
    />
  )
}

const NewOrganization = ({ onClose }: { onClose: () => void }) => {
  const t = useText(placesText)
  const go = useGo()
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  return (
    <QuickForm
      action={t.organizations.create}
      onCancel={onClose}
      save={() =>
        answered(
          server.POST('/organizations', {
            body: { name: name.trim(), displayName: displayName.trim() || name.trim() },
          }),
        )
      }
      done={(organization) => t.created(organization.displayName || organization.name)}
      afterwards={({ id }) => go(paths.organization(id))}
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
        label={t.displayName}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
    </QuickForm>
  )
}
