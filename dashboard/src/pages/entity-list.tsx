import { Box, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useChange } from '../change.tsx'
import { useSearch } from '../link.tsx'
import { usePage } from '../paging.ts'
import type { Item, read } from '../server.ts'
import { Fault } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Empty, Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, DataTable } from '../ui/table.tsx'

type ListPath = Parameters<typeof read>[0]

type EntityListProps<Path extends ListPath> = {
  path: Path
  query?: object
  texts: { title: string; lead: string; create: string; search: string; empty: string; emptyText: string }
  icon: ReactNode
  columns: readonly Column<Item<Path>>[]
  usualOrder?: string
  /** The form that makes a new one; absent where the reader may not. */
  createForm?: ((close: () => void) => ReactNode) | undefined
}

/** A list of things with search and paging, and the way to make another. */
export const EntityList = <Path extends ListPath>(props: EntityListProps<Path>) => {
  const { path, query = {}, texts, icon, columns, usualOrder = 'name', createForm } = props
  const shell = useText(shellText)
  const [search, change] = useSearch()
  const order = search.order ?? usualOrder
  const list = usePage(path, { ...query, order, ...(search.search && { search: search.search }) })
  const [isCreating, setCreating] = useState(false)
  const send = useDebouncedCallback((text: string) => change({ search: text, after: undefined }), 200)
  const create = createForm && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      {texts.create}
    </Button>
  )
  return (
    <Page title={texts.title} lead={texts.lead} actions={create}>
      <section className="card table-frame" aria-label={texts.title}>
        <Box p="md">
          <TextInput
            type="search"
            aria-label={texts.search}
            placeholder={texts.search}
            leftSection={<IconSearch size={16} />}
            defaultValue={search.search ?? ''}
            maw={420}
            onChange={(event) => send(event.currentTarget.value.trim())}
          />
        </Box>
        {list.error ? (
          <Box p="md">
            <Fault error={list.error} onRetry={list.refetch} />
          </Box>
        ) : (
          <DataTable
            label={texts.title}
            columns={columns}
            rows={list.rows}
            idOf={(row) => (row as { id: string }).id}
            order={order}
            onOrder={(field) => change({ order: field, after: undefined })}
            labelOrder={shell.orderBy}
            empty={
              <Empty icon={icon} title={texts.empty} action={!search.search && create}>
                {texts.emptyText}
              </Empty>
            }
          />
        )}
        <Pager
          label={shell.pagesOf}
          previous={shell.previous}
          next={shell.next}
          onPrevious={list.onPrevious}
          onNext={list.onNext}
        />
      </section>
      <Modal
        opened={isCreating}
        onClose={() => setCreating(false)}
        title={<Text fw={600}>{texts.create}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {createForm?.(() => setCreating(false))}
      </Modal>
    </Page>
  )
}

type QuickFormProps<Output> = {
  children: ReactNode
  action: string
  onCancel: () => void
  save: () => Promise<Output>
  done: (output: Output) => string
  afterwards?: (output: Output) => void
}

/** Fields, a refusal in the server's words, and two buttons. */
export const QuickForm = <Output,>(props: QuickFormProps<Output>) => {
  const { children, action, onCancel, save, done, afterwards } = props
  const shell = useText(shellText)
  const change = useChange(save, {
    refusal: 'inline',
    done,
    afterwards: (output) => {
      onCancel()
      afterwards?.(output)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(undefined as never)
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <Fault error={change.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {shell.cancel}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
