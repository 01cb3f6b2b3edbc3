import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Fault } from './shell/faults.tsx'
import { useText } from './text/language.tsx'
import { shellText } from './text/shell.ts'

type ChangeOptions<Input, Output> = {
  /** What to say when it is done. */
  done?: (output: Output, input: Input) => string | undefined
  /** Takes it back; offered for a while after it was done. */
  undo?: (output: Output, input: Input) => (() => Promise<unknown>) | undefined
  afterwards?: (output: Output, input: Input) => void
  /** Where a refusal is shown: beside the form that asked, or in a note that goes away by itself. */
  refusal?: 'inline' | 'note'
}

/** A write: what is on the screen is read again after it, and a refusal is shown in the server's words. */
export const useChange = <Input, Output>(
  write: (input: Input) => Promise<Output>,
  { done, undo, afterwards, refusal = 'note' }: ChangeOptions<Input, Output> = {},
) => {
  const queries = useQueryClient()
  const t = useText(shellText)
  return useMutation({
    mutationFn: write,
    onSuccess: async (output, input) => {
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== '/session' })
      afterwards?.(output, input)
      const message = done?.(output, input)
      if (message === undefined) return
      const takeBack = undo?.(output, input)
      const id = notifications.show({
        color: 'teal',
        autoClose: takeBack ? 10_000 : 4000,
        withBorder: true,
        closeButtonProps: { 'aria-label': t.close },
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{message}</Text>
            {takeBack && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={async () => {
                  notifications.hide(id)
                  try {
                    await takeBack()
                    notifications.show({ message: t.undone, color: 'teal', withBorder: true })
                  } catch (error) {
                    showFault(error)
                  }
                  await queries.invalidateQueries()
                }}
              >
                {t.undo}
              </Button>
            )}
          </Group>
        ),
      })
    },
    onError: (error) => {
      if (refusal === 'note') showFault(error)
    },
  })
}

const showFault = (error: unknown): void => {
  notifications.show({
    message: <Fault error={error} />,
    autoClose: 10_000,
    withBorder: true,
    color: 'red',
    p: 0,
    styles: { icon: { display: 'none' } },
  })
}
