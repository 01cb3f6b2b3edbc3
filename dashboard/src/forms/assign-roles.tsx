import { Button, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../change.tsx'
import { placeOf } from '../names.ts'
import { answered, server } from '../server.ts'
import { Fault } from '../shell/faults.tsx'
import { assignText } from '../text/assign.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { useFocusBack } from '../ui/focus.ts'
import { type ChosenRole, RoleChoice } from './role-choice.tsx'
import { isComplete, ScopePicker } from './scope-picker.tsx'

export type Assignment = {
  roles: readonly ChosenRole[]
  scope: string
  expiresAt?: string
  reason?: string
}

type AssignRolesProps = {
  /** Who gets them. */
  user: { id: string; name: string }
  /** Where, unless somebody chooses another place. */
  scope?: string
  onClose: () => void
}

/** Gives one person roles, in one call: all of them or none. */
export const AssignRoles = ({ user, scope = 'workspace', onClose }: AssignRolesProps) => {
  const t = useText(assignText)
  useFocusBack()
  const assign = useChange(
    ({ roles, ...rest }: Assignment) =>
      answered(
        server.POST('/assignments', {
          body: { userIds: [user.id], roleIds: roles.map(({ id }) => id), ...rest },
        }),
      ),
    {
      refusal: 'inline',
      afterwards: onClose,
      done: ({ added }, { roles }) =>
        added === 0 ? t.nothingNew : t.done(roles.map(({ name }) => name).join(', '), user.name),
      undo: ({ added }, { roles, scope: where }) =>
        added === roles.length
          ? () =>
              answered(
                server.DELETE('/assignments', {
                  body: { userIds: [user.id], roleIds: roles.map(({ id }) => id), scope: where },
                }),
              )
          : undefined,
    },
  )
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={600}>{t.titleFor(user.name)}</Text>}
      closeButtonProps={{ 'aria-label': useText(shellText).close }}
    >
      <AssignForm
        scope={scope}
        onSubmit={(assignment) => assign.mutate(assignment)}
        onCancel={onClose}
        error={assign.error}
        isBusy={assign.isPending}
      />
    </Modal>
  )
}

type AssignFormProps = {
  scope?: string
  onSubmit: (assignment: Assignment) => void
  onCancel: () => void
  error?: unknown
  isBusy?: boolean
  /** Takes roles instead of giving them: nothing is asked but which and where. */
  isRemoval?: boolean
}

/** Which roles, where, until when and why. */
export const AssignForm = ({ scope: preset = 'workspace', onSubmit, onCancel, ...rest }: AssignFormProps) => {
  const { error, isBusy, isRemoval } = rest
  const t = useText(assignText)
  const shell = useText(shellText)
  const [roles, setRoles] = useState<ChosenRole[]>([])
  const [scope, setScope] = useState(preset)
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const lack = roles.length === 0 ? t.pickRole : isComplete(scope) ? undefined : t.pickPlace
    setMissing(lack)
    if (lack) return
    onSubmit({
      roles,
      scope,
      ...(until !== '' && { expiresAt: new Date(until).toISOString() }),
      ...(reason.trim() !== '' && { reason: reason.trim() }),
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <RoleChoice
          chosen={roles}
          onChange={setRoles}
          heldIn={placeOf(scope).kind === 'room' ? 'room' : 'workspace'}
        />
        <ScopePicker value={scope} onChange={setScope} label={t.where} />
        {!isRemoval && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              type="datetime-local"
              label={`${t.until} (${shell.optional})`}
              description={t.untilHint}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
            <TextInput
              label={`${t.reason} (${shell.optional})`}
              description={t.reasonHint}
              value={reason}
              maxLength={1000}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </SimpleGrid>
        )}
        {missing && (
          <Text c="var(--mantine-color-error)" size="sm" role="alert">
            {missing}
          </Text>
        )}
        <Fault error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {shell.cancel}
          </Button>
          <Button type="submit" loading={isBusy ?? false}>
            {isRemoval ? t.remove : t.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
