import { ActionIcon } from '@mantine/core'
import { lazy } from 'react'
import { nameOf } from '../names.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { MenuButton } from '../ui/menu-button.tsx'
import { Portrait } from '../ui/person.tsx'

const Items = lazy(() => import('./user-menu-items.tsx').then((m) => ({ default: m.UserMenuItems })))

/** Who is signed in; colours, language, and the way out. */
export const UserMenu = () => {
  const t = useText(shellText)
  const { user } = useSession()
  return (
    <MenuButton
      button={(opening) => (
        <ActionIcon variant="transparent" size={36} radius="xl" aria-label={t.menu} {...opening}>
          <Portrait name={nameOf(user)} size={34} />
        </ActionIcon>
      )}
      menu={(button) => <Items button={button} />}
    />
  )
}
