import { Box, Button, Group, Modal, NativeSelect, Text } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { PageLink, useSearch } from '../../link.tsx'
import { usePage } from '../../paging.ts'
import { paths } from '../../paths.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Empty } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { NewHook } from './new-hook.tsx'
import { HookState } from './state.tsx'

export const triggerTitle = (titles: Record<string, string>, name: string): string => titles[name] ?? name

/** All hooks, of both kinds. */
export const Library = () => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [search, change] = useSearch()
  const [isMaking, setMaking] = useState(false)
  const order = search.order ?? 'name'
  const { flavour } = search
  const list = usePage('/hooks', { order, ...(flavour && { flavour }) })
  const create = may('hooks:create') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t.create}
    </Button>
  )
  return (
    <section className="card table-frame" aria-label={t.tabs.library}>
      <Group p="md" justify="space-between">
        <NativeSelect
          aria-label={t.kind}
          value={flavour ?? ''}
          onChange={(event) => change({ flavour: event.currentTarget.value, after: undefined })}
          data={[
            { value: '', label: t.anyFlavour },
            ...Object.entries(t.flavours).map(([value, label]) => ({ value, label })),
          ]}
        />
        {create}
      </Group>
      {list.error ? (
        <Box p="md">
          <Fault error={list.error} onRetry={list.refetch} />
        </Box>
      ) : (
        <DataTable
          label={t.title}
          rows={list.rows}
          idOf={({ id }) => id}
          order={order}
          onOrder={(field) => change({ order: field, after: undefined })}
          labelOrder={shell.orderBy}
          columns={[
            {
              key: 'name',
              title: t.name,
              orderBy: 'name',
              cell: ({ id, name }) => (
                <PageLink to={paths.hook(id)} quiet>
                  {name}
                </PageLink>
              ),
            },
            { key: 'kind', title: t.kind, wide: true, cell: ({ flavour: kind }) => t.flavours[kind] },
            {
              key: 'trigger',
              title: t.trigger,
              wide: true,
              cell: ({ triggers }) => (
                <Text size="sm">
                  {triggers.map(({ name }) => triggerTitle(t.triggers, name)).join(', ') || '–'}
                </Text>
              ),
            },
            { key: 'status', title: t.status, cell: (hook) => <HookState hook={hook} /> },
            {
              key: 'updated',
              title: t.updated,
              orderBy: 'updatedAt',
              wide: true,
              cell: ({ updatedAt }) => <Time at={updatedAt} />,
            },
          ]}
          empty={
            <Empty
              icon={<IconWebhook size={26} />}
              title={flavour ? t.noMatch : t.empty}
              action={!flavour && create}
            >
              {flavour ? t.noMatchText : t.emptyText}
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
      <Modal
        opened={isMaking}
        onClose={() => setMaking(false)}
        title={<Text fw={600}>{t.create}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <NewHook onClose={() => setMaking(false)} />
      </Modal>
    </section>
  )
}
