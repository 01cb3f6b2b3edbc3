import { Button, Group, Modal, Progress as ProgressBar, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { AssignForm, type Assignment } from '../../forms/assign-roles.tsx'
import { answered, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { assignText } from '../../text/assign.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { usersText } from '../../text/users.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { everybody, isFinal, useBulk, type Work } from './bulk.ts'
import { exportUsers } from './export-users.ts'

type BulkBarProps = {
  chosen: readonly string[]
  total: number | undefined
  filters: object
  /** Whoever fits the filters, on every page. */
  isEverybody: boolean
  onEverybody: () => void
  onClear: () => void
}

/** What can be done to everybody who was selected. */
export const BulkBar = ({ chosen, total = 0, filters, isEverybody, onEverybody, onClear }: BulkBarProps) => {
  const t = useText(usersText)
  const shell = useText(shellText)
  const assign = useText(assignText)
  const format = useFormat()
  const { may } = useSession()
  const bulk = useBulk()
  const [asks, setAsks] = useState<'assign' | 'remove' | 'block'>()
  const count = format.number(isEverybody ? total : chosen.length)
  const start = (work: Work) => {
    setAsks(undefined)
    void bulk.start(work, isEverybody ? { filters } : chosen)
  }
  const give = ({ roles, ...rest }: Assignment) =>
    start({
      batchSize: 200,
      perform: (userIds) =>
        answered(
          server.POST('/assignments', {
            body: { userIds: [...userIds], roleIds: roles.map(({ id }) => id), ...rest },
          }),
        ),
    })
  const take = ({ roles, scope }: Assignment) =>
    start({
      batchSize: 200,
      perform: (userIds) =>
        answered(
          server.DELETE('/assignments', {
            body: { userIds: [...userIds], roleIds: roles.map(({ id }) => id), scope },
          }),
        ),
    })
  const block = (isBlocked: boolean) =>
    start({
      batchSize: 1,
      perform: ([id]) =>
        answered(server.PATCH('/users/{id}', { params: { path: { id: id! } }, body: { isBlocked } })),
    })
  return (
    <Group px="md" pb="sm" gap="xs" role="toolbar" aria-label={shell.selected(count)}>
      <Text size="sm" fw={550} aria-live="polite">
        {isEverybody ? t.matchingSelected : shell.selected(count)}
      </Text>
      {!isEverybody && total > chosen.length && (
        <Button size="compact-sm" variant="subtle" onClick={onEverybody}>
          {t.selectMatching} ({format.number(total)})
        </Button>
      )}
      {may('roles:assign') && (
        <Button size="compact-sm" variant="light" onClick={() => setAsks('assign')}>
          {t.bulk.assign}
        </Button>
      )}
      {may('roles:remove') && (
        <Button size="compact-sm" variant="light" onClick={() => setAsks('remove')}>
          {t.bulk.remove}
        </Button>
      )}
      {may('users:update') && (
        <>
          <Button size="compact-sm" variant="light" color="red" onClick={() => setAsks('block')}>
            {t.bulk.block}
          </Button>
          <Button size="compact-sm" variant="light" onClick={() => block(false)}>
            {t.bulk.unblock}
          </Button>
        </>
      )}
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => void exportUsers(everybody(filters), isEverybody ? undefined : new Set(chosen))}
      >
        {t.bulk.export}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        {shell.clearSelection}
      </Button>
      {(['assign', 'remove'] as const).map((what) => (
        <Modal
          key={what}
          opened={asks === what}
          onClose={() => setAsks(undefined)}
          size="lg"
          title={
            <Text fw={600}>{what === 'assign' ? assign.titleForMany(count) : t.bulk.removeTitle(count)}</Text>
          }
          closeButtonProps={{ 'aria-label': shell.close }}
        >
          {what === 'remove' && (
            <Text size="sm" c="dimmed" mb="md">
              {t.bulk.removeText}
            </Text>
          )}
          <AssignForm
            isRemoval={what === 'remove'}
            onSubmit={what === 'assign' ? give : take}
            onCancel={() => setAsks(undefined)}
          />
        </Modal>
      ))}
      <Confirm
        isOpen={asks === 'block'}
        title={t.bulk.blockTitle(count)}
        action={t.bulk.block}
        cancel={shell.cancel}
        isDangerous
        onConfirm={() => block(true)}
        onClose={() => setAsks(undefined)}
      >
        {t.bulk.blockText}
      </Confirm>
      <BulkProgress bulk={bulk} onFinished={onClear} />
    </Group>
  )
}

const BulkProgress = ({ bulk, onFinished }: { bulk: ReturnType<typeof useBulk>; onFinished: () => void }) => {
  const t = useText(usersText).bulk
  const shell = useText(shellText)
  const format = useFormat()
  const { progress } = bulk
  if (progress.phase === 'idle') return null
  const isOver = progress.phase === 'finished' || progress.phase === 'stopped'
  const close = () => {
    bulk.reset()
    if (progress.phase === 'finished') onFinished()
  }
  const faults = 'faults' in progress ? progress.faults : []
  const refused = faults
    .filter(({ error }) => isFinal(error))
    .reduce((sum, { userIds }) => sum + userIds.length, 0)
  return (
    <Modal
      opened
      onClose={isOver ? close : () => bulk.stop()}
      withCloseButton={isOver}
      closeOnClickOutside={isOver}
      title={<Text fw={600}>{titleOf(progress, refused, t, format.number)}</Text>}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <Stack>
        <ProgressBar
          aria-label={titleOf(progress, refused, t, format.number)}
          value={'total' in progress && progress.total > 0 ? (progress.done / progress.total) * 100 : 0}
          animated={progress.phase === 'running'}
          size="lg"
        />
        {refused > 0 && <Text size="sm">{t.failed(format.number(refused))}</Text>}
        <Fault error={faults.at(-1)?.error} />
        <Group justify="flex-end">
          {progress.phase === 'stopped' && progress.total > 0 && (
            <Button onClick={bulk.resume}>{t.resume}</Button>
          )}
          {isOver ? (
            <Button variant="default" onClick={close}>
              {shell.close}
            </Button>
          ) : (
            <Button variant="default" onClick={bulk.stop}>
              {t.stop}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

const titleOf = (
  progress: ReturnType<typeof useBulk>['progress'],
  refused: number,
  t: (typeof usersText)['en']['bulk'],
  number: (value: number) => string,
): string => {
  if (progress.phase === 'idle' || progress.phase === 'gathering') return t.gathering
  const [done, total] = [number(progress.done), number(progress.total)]
  if (progress.phase === 'running') return t.running(done, total)
  return progress.phase === 'finished' ? t.finished(number(progress.done - refused)) : t.stopped(done, total)
}
