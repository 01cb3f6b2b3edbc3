import { Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { UserSelect } from '../../forms/user-select.tsx'
import { useText } from '../../text/language.tsx'
import { placesText } from '../../text/places.ts'
import { shellText } from '../../text/shell.ts'
import { useFocusBack } from '../../ui/focus.ts'
import { QuickForm } from '../entity-list.tsx'

type AddMemberProps = { add: (userId: string) => Promise<unknown>; onClose: () => void }

/** Takes somebody who has an account into an organization or a room. */
export const AddMember = ({ add, onClose }: AddMemberProps) => {
  const t = useText(placesText)
  const [userId, setUserId] = useState<string>()
  useFocusBack()
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{t.addMember}</Text>}
      closeButtonProps={{ 'aria-label': useText(shellText).close }}
    >
      <QuickForm
        action={t.addMember}
        onCancel={onClose}
        save={async () => {
          if (userId !== undefined) await add(userId)
        }}
        done={() => t.added}
      >
        <UserSelect label={t.who} value={userId} onChange={setUserId} />
      </QuickForm>
    </Modal>
  )
}
