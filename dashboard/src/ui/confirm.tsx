import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'

export type ConfirmProps = {
  isOpen: boolean
  title: string
  /** Names what will happen, to whom, and what of it can't be undone. */
  children: ReactNode
  action: string
  cancel: string
  /** A word that must be typed first, for what can't be undone and hits many. */
  word?: { word: string; label: string } | undefined
  isDangerous?: boolean
  isBusy?: boolean
  note?: ReactNode
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something is done that somebody could regret. */
export const Confirm = (props: ConfirmProps) => {
  const { isOpen, title, children, action, cancel, word, isDangerous, isBusy, note, onConfirm, onClose } =
    props
  const [typed, setTyped] = useState('')
  const isReady = word === undefined || typed.trim() === word.word
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={<Text fw={600}>{title}</Text>}
      closeButtonProps={{ 'aria-label': cancel }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) onConfirm()
        }}
      >
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          {word && (
            <TextInput
              label={word.label}
              value={typed}
              data-autofocus
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {note}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus={word === undefined || undefined}>
              {cancel}
            </Button>
            <Button
              type="submit"
              color={isDangerous ? 'red.8' : undefined}
              loading={isBusy}
              disabled={!isReady}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
