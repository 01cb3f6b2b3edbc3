import { Badge, Box, Group, NativeSelect } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink, useSearch } from '../../link.tsx'
import { usePage } from '../../paging.ts'
import { paths } from '../../paths.ts'
import { read } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Empty } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export const executionColors: Readonly<Record<string, string>> = {
  done: 'teal',
  running: 'iris',
  failed: 'red',
}

/** What hooks did, the newest first. */
export const Executions = ({ hookId }: { hookId?: string }) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const format = useFormat()
  const [search, change] = useSearch()
  const { status, trigger } = search
  const triggers = useQuery(read('/triggers'))
  const list = usePage('/executions', {
    ...(status && { status }),
    ...(trigger && { trigger }),
    ...((hookId ?? search.hookId) && { hookId: hookId ?? search.hookId }),
  })
  return (
    <section className="card table-frame" aria-label={t.executions}>
      <Group p="md">
        <NativeSelect
          aria-label={t.status}
          value={status ?? ''}
          onChange={(event) => change({ status: event.currentTarget.value, after: undefined })}
          data={[
            { value: '', label: t.anyStatus },
            ...Object.entries(t.executionStatuses).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          aria-label={t.trigger}
          value={trigger ?? ''}
          onChange={(event) => change({ trigger: event.currentTarget.value, after: undefined })}
          data={[
            { value: '', label: t.anyTrigger },
            ...(triggers.data?.items ?? []).map(({ name }) => ({
              value: name,
              label: t.triggers[name] ?? name,
            })),
          ]}
        />
      </Group>
      {list.error ? (
        <Box p="md">
          <Fault error={list.error} onRetry={list.refetch} />
        </Box>
      ) : (
        <DataTable
          label={t.executions}
          rows={list.rows}
          idOf={({ id }) => id}
          columns={[
            {
              key: 'number',
              title: '#',
              width: 90,
              cell: ({ id, number }) => (
                <PageLink to={paths.execution(id)} quiet aria-label={t.openExecution(number)}>
                  {number}
                </PageLink>
              ),
            },
            { key: 'hook', title: t.hook, cell: ({ hookName }) => hookName },
            {
              key: 'trigger',
              title: t.trigger,
              wide: true,
              cell: (each) => t.triggers[each.trigger] ?? each.trigger,
            },
            {
              key: 'status',
              title: t.status,
              cell: (each) => (
                <Badge color={executionColors[each.status]}>{t.executionStatuses[each.status]}</Badge>
              ),
            },
            {
              key: 'took',
              title: t.took,
              wide: true,
              cell: ({ durationMs }) => (durationMs === undefined ? '–' : `${format.number(durationMs)} ms`),
            },
            { key: 'when', title: t.when, cell: ({ startedAt }) => <Time at={startedAt} /> },
          ]}
          empty={
            <Empty icon={<IconTerminal2 size={26} />} title={t.noExecutions}>
              {t.noExecutionsText}
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
  )
}
