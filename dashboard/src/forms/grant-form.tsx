import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { QuickForm } from '../pages/entity-list.tsx'
import { answered, read, server } from '../server.ts'
import { applicationsText } from '../text/applications.ts'
import { useText } from '../text/language.tsx'
import { PermissionChoice } from './permission-choice.tsx'

/** Lets an application call an API: either of the two is known already, the other is chosen. */
export const GrantForm = ({
  applicationId: givenApplication,
  apiId: givenApi,
  onClose,
}: {
  applicationId?: string
  apiId?: string
  onClose: () => void
}) => {
  const t = useText(applicationsText)
  const [applicationId, setApplicationId] = useState(givenApplication ?? '')
  const [apiId, setApiId] = useState(givenApi ?? '')
  const [chosen, setChosen] = useState<string[]>([])
  const apis = useQuery(read('/apis', { params: { query: { limit: 200, order: 'name' } } }))
  const applications = useQuery({
    ...read('/applications', { params: { query: { limit: 200, order: 'name' } } }),
    enabled: givenApplication === undefined,
  })
  const api = apis.data?.items.find(({ id }) => id === apiId)
  const options = (items: readonly { id: string; name: string }[] = []) => [
    { value: '', label: '' },
    ...items.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <QuickForm
      action={t.authorize}
      onCancel={onClose}
      save={() =>
        answered(server.POST('/client-grants', { body: { applicationId, api: apiId, permissions: chosen } }))
      }
      done={() => t.authorized}
    >
      {givenApplication === undefined && (
        <NativeSelect
          label={t.name}
          required
          withAsterisk={false}
          value={applicationId}
          onChange={(event) => setApplicationId(event.currentTarget.value)}
          data={options(applications.data?.items)}
        />
      )}
      {givenApi === undefined && (
        <NativeSelect
          label="API"
          required
          withAsterisk={false}
          value={apiId}
          onChange={(event) => {
            setApiId(event.currentTarget.value)
            setChosen([])
          }}
          data={options(apis.data?.items)}
        />
      )}
      {api && (
        <PermissionChoice
          label={t.permissions}
          permissions={api.permissions}
          chosen={chosen}
          onChange={setChosen}
          none="–"
        />
      )}
    </QuickForm>
  )
}
