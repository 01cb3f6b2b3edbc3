import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconApps, IconSearch, IconShieldLock, IconUser } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useGo } from '../link.tsx'
import { detailOf, nameOf } from '../names.ts'
import { paths } from '../paths.ts'
import { read } from '../server.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { sections } from './sections.ts'

const [store, palette] = createSpotlight()

/** Jumps to anything by a few letters of its name. */
const Palette = ({ onClose }: { onClose: () => void }) => {
  const t = useText(shellText)
  const go = useGo()
  const { may } = useSession()
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 150)
  useEffect(() => palette.open(), [])
  const found = { params: { query: { search, limit: 6 } } }
  const asks = (permission: string) => search !== '' && may(permission)
  const users = useQuery({
    ...read('/users', found),
    enabled: asks('users:read'),
    placeholderData: keepPreviousData,
  })
  const roles = useQuery({
    ...read('/roles', found),
    enabled: asks('roles:read'),
    placeholderData: keepPreviousData,
  })
  const applications = useQuery({
    ...read('/applications', found),
    enabled: asks('applications:read'),
    placeholderData: keepPreviousData,
  })
  const pages = sections
    .flatMap(({ entries }) => entries)
    .filter(({ needs, name }) => (needs.length === 0 || may(...needs)) && fits(t.nav[name], text))
  const icon = { size: 18, stroke: 1.6 } as const
  const groups: SpotlightActionGroupData[] = [
    {
      group: t.pages,
      actions: pages.map(({ name, to, icon: Icon }) => ({
        id: `page ${name}`,
        label: t.nav[name],
        leftSection: <Icon {...icon} />,
        onClick: () => go(to),
      })),
    },
    {
      group: t.nav.users,
      actions: (search === '' ? [] : (users.data?.items ?? [])).map((user) => ({
        id: `user ${user.id}`,
        label: nameOf(user),
        description: detailOf(user),
        leftSection: <IconUser {...icon} />,
        onClick: () => go(paths.user(user.id)),
      })),
    },
    {
      group: t.nav.roles,
      actions: (search === '' ? [] : (roles.data?.items ?? [])).map(({ id, name, description }) => ({
        id: `role ${id}`,
        label: name,
        description,
        leftSection: <IconShieldLock {...icon} />,
        onClick: () => go(paths.role(id)),
      })),
    },
    {
      group: t.nav.applications,
      actions: (search === '' ? [] : (applications.data?.items ?? [])).map(({ id, name }) => ({
        id: `application ${id}`,
        label: name,
        leftSection: <IconApps {...icon} />,
        onClick: () => go(paths.application(id)),
      })),
    },
  ].filter(({ actions }) => actions.length > 0)
  return (
    <Spotlight
      store={store}
      actions={groups}
      filter={(_query, actions) => actions}
      query={text}
      onQueryChange={setText}
      onSpotlightClose={onClose}
      nothingFound={t.searchNothing}
      shortcut={null}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t.searchHint,
        'aria-label': t.search,
      }}
    />
  )
}

export default Palette

const fits = (name: string, text: string): boolean => name.toLowerCase().includes(text.trim().toLowerCase())
