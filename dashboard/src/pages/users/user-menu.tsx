import { ActionIcon } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { lazy } from 'react'
import { nameOf } from '../../names.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { MenuButton } from '../../ui/menu-button.tsx'
import type { UserActionsProps } from './user-actions.tsx'

const Actions = lazy(() => import('./user-actions.tsx').then((m) => ({ default: m.UserActions })))

/** Everything that can be done to one user. */
export const UserMenu = (props: UserActionsProps) => {
  const shell = useText(shellText)
  return (
    <MenuButton
      button={(opening) => (
        <ActionIcon variant="subtle" color="gray" aria-label={shell.more(nameOf(props.user))} {...opening}>
          <IconDots size={18} />
        </ActionIcon>
      )}
      menu={(button) => <Actions {...props} button={button} />}
    />
  )
}
