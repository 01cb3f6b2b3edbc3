import { Modal, Stack, Text } from '@mantine/core'
import { SignInForm } from '../forms/sign-in-form.tsx'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

/** Over the page, which keeps whatever was begun on it: who signs in again goes on. */
const SessionEnded = () => {
  const t = useText(shellText)
  const { user } = useSession()
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      zIndex={1000}
      title={<Text fw={600}>{t.sessionEnded}</Text>}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t.sessionEndedWhy}
        </Text>
        <SignInForm known={user.email ?? user.username ?? ''} />
      </Stack>
    </Modal>
  )
}

export default SessionEnded
