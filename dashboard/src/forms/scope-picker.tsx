import { Group, NativeSelect, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Place, placeOf } from '../names.ts'
import { read } from '../server.ts'
import { useSession } from '../session.tsx'
import { assignText } from '../text/assign.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

type Kind = Place['kind']

/** `workspace`, or the kind alone while the place is still to be chosen. */
export const isComplete = (scope: string): boolean => scope === 'workspace' || /^\w+:./u.test(scope)

/** Where a role holds: everywhere, or in one place that is searched for by name. */
export const ScopePicker = ({
  value,
  onChange,
  label,
  description,
}: {
  value: string
  onChange: (scope: string) => void
  label: string
  description?: string
}) => {
  const t = useText(assignText)
  const { may } = useSession()
  const place = placeOf(value)
  const kinds: Kind[] = [
    'workspace',
    ...(may('applications:read') ? (['application'] as const) : []),
    ...(may('organizations:read') ? (['organization'] as const) : []),
    ...(may('rooms:read') ? (['room'] as const) : []),
  ]
  return (
    <Group align="flex-end" grow preventGrowOverflow={false}>
      <NativeSelect
        label={label}
        description={description}
        value={place.kind}
        onChange={(event) => {
          const kind = event.currentTarget.value
          onChange(kind === 'workspace' ? kind : `${kind}:`)
        }}
        data={kinds.map((kind) => ({ value: kind, label: t.kinds[kind] }))}
      />
      {place.kind !== 'workspace' && (
        <PlaceSelect
          key={place.kind}
          kind={place.kind}
          value={place.id}
          onChange={(id) => onChange(`${place.kind}:${id}`)}
        />
      )}
    </Group>
  )
}

const lists = { application: '/applications', organization: '/organizations', room: '/rooms' } as const

const PlaceSelect = ({
  kind,
  value,
  onChange,
}: {
  kind: Exclude<Kind, 'workspace'>
  value: string
  onChange: (id: string) => void
}) => {
  const t = useText(assignText)
  const shell = useText(shellText)
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text, 200)
  const found = useQuery({
    ...read(lists[kind], { params: { query: { search, limit: 50 } } }),
    placeholderData: keepPreviousData,
  })
  const items: readonly { id: string; name?: string; displayName?: string }[] = found.data?.items ?? []
  return (
    <Select
      label={t.which(shell.scopeKinds[kind])}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      onSearchChange={setText}
      searchable
      required
      withAsterisk={false}
      filter={({ options }) => options}
      data={items.map(({ id, name, displayName }) => ({ value: id, label: displayName || name || id }))}
      nothingFoundMessage={shell.searchNothing}
      comboboxProps={{ withinPortal: true }}
    />
  )
}
