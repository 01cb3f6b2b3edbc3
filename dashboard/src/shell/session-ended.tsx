import { Modal, Stack, Text } from '@mantine/core'
import { SignInForm } from '../forms/sign-in-form.tsx'
import type { SignInReason } from '../server.ts'
import { dismissProof, useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'

/** Over the page, which keeps whatever was begun on it: who signs in again goes on. */
const SessionEnded = ({ reason }: { reason: SignInReason }) => {
  const t = useText(shellText)
  const { user } = useSession()
  return (
    <Modal
      opened
      onClose={dismissProof}
      withCloseButton={reason === 'proof'}
      closeOnEscape={reason === 'proof'}
      closeOnClickOutside={false}
      zIndex={1000}
      title={<Text fw={600}>{reason === 'proof' ? t.proofNeeded : t.sessionEnded}</Text>}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {reason === 'proof' ? t.proofNeededWhy : t.sessionEndedWhy}
        </Text>
        <SignInForm known={user.email ?? user.username ?? ''} />
      </Stack>
    </Modal>
  )
}

export default SessionEnded
