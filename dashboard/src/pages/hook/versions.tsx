import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { usePage } from '../../paging.ts'
import { answered, type Data, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault, PageLoading } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { HookTabProps } from '../hook.tsx'

type Version = Pick<Data<'/hooks/{id}/versions/{versionId}'>, 'id' | 'versionNumber'>

/** What was deployed, the newest first. */
export const Versions = ({ hook }: HookTabProps) => {
  const t = useText(hooksText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [compared, setCompared] = useState<Version>()
  const [target, setTarget] = useState<Version>()
  const list = usePage('/hooks/{id}/versions', {}, { pathParameters: { id: hook.id } })
  const deploy = (versionId: string) =>
    answered(
      server.POST('/hooks/{id}/versions/{versionId}/deploy', {
        params: { path: { id: hook.id, versionId }, query: { updateDraft: true } },
      }),
    )
  const running = hook.deployedVersion
  const revert = useChange(({ id }: Version) => deploy(id), {
    done: ({ versionNumber }) => t.reverted(versionNumber),
    undo: () => (running ? () => deploy(running.id) : undefined),
  })
  return (
    <section className="card table-frame" aria-label={t.versions}>
      <Fault error={list.error} onRetry={list.refetch} />
      <DataTable
        label={t.versions}
        rows={list.rows}
        idOf={({ id }) => id}
        columns={[
          {
            key: 'version',
            title: t.version,
            cell: ({ id, versionNumber }) => (
              <Group gap="xs">
                {versionNumber}
                {id === running?.id && <Badge color="teal">{t.current}</Badge>}
              </Group>
            ),
          },
          {
            key: 'modules',
            title: t.modules,
            wide: true,
            cell: ({ resolved }) =>
              resolved.map(({ name, version }) => `${name}@${version}`).join(', ') || '–',
          },
          { key: 'when', title: t.when, cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            key: 'actions',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: (version) => (
              <Group gap={4} justify="flex-end">
                <Button
                  size="compact-sm"
                  variant="light"
                  aria-label={t.compareOf(version.versionNumber)}
                  onClick={() => setCompared(version)}
                >
                  {t.compare}
                </Button>
                {may('hooks:deploy') && version.id !== running?.id && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={t.revertOf(version.versionNumber)}
                    onClick={() => setTarget(version)}
                  >
                    {t.revert}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
        empty={
          <Empty icon={<IconHistory size={26} />} title={t.noVersions}>
            {t.noVersionsText}
          </Empty>
        }
      />
      <Pager
        label={shell.pagesOf}
        previous={shell.previous}
        next={shell.next}
        onPrevious={list.onPrevious}
        onNext={list.onNext}
      />
      <Modal
        opened={compared !== undefined}
        onClose={() => setCompared(undefined)}
        size="xl"
        title={<Text fw={600}>{compared && t.compareTitle(compared.versionNumber)}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {compared && <Difference hookId={hook.id} versionId={compared.id} />}
      </Modal>
      <Confirm
        isOpen={target !== undefined}
        title={t.revertTitle(target?.versionNumber ?? 0)}
        action={t.revert}
        cancel={shell.cancel}
        onClose={() => setTarget(undefined)}
        onConfirm={() => {
          revert.mutate(target!)
          setTarget(undefined)
        }}
      >
        {t.revertText}
      </Confirm>
    </section>
  )
}

const marks = { same: ' ', removed: '−', added: '+' } as const

const Difference = ({ hookId, versionId }: { hookId: string; versionId: string }) => {
  const t = useText(hooksText)
  const found = useQuery(
    read('/hooks/{id}/versions/{versionId}/diff', { params: { path: { id: hookId, versionId } } }),
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <PageLoading />
  const { changes, lines } = found.data
  return (
    <Stack>
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <Text size="sm" fw={600}>
            {field}
          </Text>
          <pre className="code">
            <span className="diff-removed">− {JSON.stringify(before)}</span>
            <span className="diff-added">+ {JSON.stringify(after)}</span>
          </pre>
        </div>
      ))}
      {lines.every(({ kind }) => kind === 'same') ? (
        <Text size="sm">{t.sameCode}</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by the keyboard too
        <pre className="code" tabIndex={0}>
          {lines.map(({ kind, text }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else, and do not move
            <span key={place} className={`diff-${kind}`}>
              {marks[kind]} {text}
            </span>
          ))}
        </pre>
      )}
    </Stack>
  )
}
