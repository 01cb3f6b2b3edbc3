import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { detailOf, nameOf } from '../names.ts'
import { read } from '../server.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

/** Picks somebody by part of his name. */
export const UserSelect = ({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string
  placeholder?: string
  value: string | undefined
  onChange: (userId: string | undefined) => void
}) => {
  const shell = useText(shellText)
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text, 200)
  const found = useQuery({
    ...read('/users', { params: { query: { limit: 20, ...(search !== '' && { search }) } } }),
    placeholderData: keepPreviousData,
  })
  const chosen = useQuery({
    ...read('/users/{id}', { params: { path: { id: value ?? '' } } }),
    enabled: value !== undefined && value !== '',
    retry: false,
  })
  const items = found.data?.items ?? []
  const listed = items.some(({ id }) => id === value) || !chosen.data ? items : [chosen.data, ...items]
  return (
    <Select
      label={label}
      placeholder={placeholder}
      searchable
      clearable
      value={value || null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearchChange={(next) => setText(listed.some((user) => labelOf(user) === next) ? '' : next)}
      filter={({ options }) => options}
      data={listed.map((user) => ({ value: user.id, label: labelOf(user) }))}
      nothingFoundMessage={shell.searchNothing}
      clearButtonProps={{ 'aria-label': shell.clearSelection }}
    />
  )
}

const labelOf = (user: Parameters<typeof nameOf>[0]): string =>
  [nameOf(user), detailOf(user)].filter(Boolean).join(' – ')
