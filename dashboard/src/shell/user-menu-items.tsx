import { Menu, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useGo } from '../link.tsx'
import { nameOf } from '../names.ts'
import { paths } from '../paths.ts'
import { signOut, useSession } from '../session.tsx'
import { type Language, languages, useLanguage, useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { useOpening } from '../ui/menu-button.tsx'

/** What opens over the button: who is signed in; colours, language, and the way out. */
export const UserMenuItems = ({ button }: { button: ReactElement }) => {
  const t = useText(shellText)
  const opening = useOpening()
  const { user } = useSession()
  const { language, choose } = useLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const go = useGo()
  const check = (isChosen: boolean) => (isChosen ? <IconCheck size={14} aria-hidden /> : undefined)
  const schemes = [
    ['light', IconSun],
    ['dark', IconMoon],
    ['auto', IconDeviceDesktop],
  ] as const
  return (
    <Menu width={230} {...opening}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.signedInAs(nameOf(user))}</Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={16} />} onClick={() => go(paths.me)}>
          {t.nav.me}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.colors}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            rightSection={check(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {t[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t.language}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((each) => (
          <Menu.Item
            key={each}
            rightSection={check(language === each)}
            onClick={() => choose(each)}
            lang={each}
          >
            {languages[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
