import { ActionIcon, AppShell, Box, Burger, Group, Kbd, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import icon from '../icon.svg'
import { PageLink } from '../link.tsx'
import { paths } from '../paths.ts'
import { SessionProvider, useSession, useSessionQuery, useSignInReason } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Fault, NotAllowed, PageLoading } from './faults.tsx'
import { Navigation } from './navigation.tsx'
import { entryAt } from './sections.ts'
import { UserMenu } from './user-menu.tsx'

const Palette = lazy(() => import('./palette.tsx'))
const SessionEnded = lazy(() => import('./session-ended.tsx'))

/** The frame of every page for people who are signed in; others are led to the sign-in page and back. */
export const Shell = () => {
  const session = useSessionQuery()
  if (session.isPending) return <PageLoading />
  if (session.isError) {
    return (
      <Box maw={560} mx="auto" mt={80} px="md">
        <Fault error={session.error} onRetry={() => void session.refetch()} />
      </Box>
    )
  }
  if (session.data === null) return <ToSignIn />
  return (
    <SessionProvider session={session.data}>
      <Frame />
    </SessionProvider>
  )
}

/** Remembers where somebody wanted to go, as it was when this was first drawn: the address changes on the way. */
const ToSignIn = () => {
  const here = useRouterState({ select: (state) => state.location.href })
  const [wanted] = useState(here)
  const search = wanted === paths.home ? {} : { next: wanted }
  return <Navigate to={paths.signIn} search={search as never} replace />
}

const Frame = () => {
  const t = useText(shellText)
  const [isOpen, { toggle, close }] = useDisclosure()
  const [isSearching, setSearching] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const signInReason = useSignInReason()
  const { may } = useSession()
  const needs = entryAt(path)?.needs ?? []
  const isAllowed = path === paths.home || needs.length === 0 || may(...needs)
  const main = useRef<HTMLElement>(null)
  useHotkeys([
    ['mod+K', () => setSearching(true)],
    ['/', () => setSearching(true)],
  ])
  const isFirst = useRef(true)
  useEffect(() => {
    void path
    close()
    // Whoever reads by ear hears the new page, and not the link that led there once more.
    if (isFirst.current) isFirst.current = false
    else if (!document.activeElement?.closest('.tab-bar')) main.current?.focus({ preventScroll: true })
  }, [path, close])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={0}
    >
      <a className="skip-link" href="#content">
        {t.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={t.openNavigation}
            />
            <PageLink to={paths.home} quiet aria-label="Rolecall">
              <Group gap={10} wrap="nowrap">
                <img src={icon} width={28} height={28} alt="" />
                <Text fw={700} fz={17} visibleFrom="xs" style={{ letterSpacing: '-0.01em' }}>
                  Rolecall
                </Text>
              </Group>
            </PageLink>
          </Group>
          <SearchButton label={t.search} onOpen={() => setSearching(true)} />
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label={t.navigation} style={{ overflowY: 'auto' }}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" ref={main} tabIndex={-1} style={{ outline: 'none' }}>
        <Suspense fallback={<PageLoading />}>{isAllowed ? <Outlet /> : <NotAllowed />}</Suspense>
      </AppShell.Main>
      {signInReason && (
        <Suspense>
          <SessionEnded reason={signInReason} />
        </Suspense>
      )}
      {isSearching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </AppShell>
  )
}

const SearchButton = ({ label, onOpen }: { label: string; onOpen: () => void }) => (
  <>
    <UnstyledButton
      visibleFrom="sm"
      onClick={onOpen}
      px="sm"
      h={36}
      w={{ sm: 300, lg: 420 }}
      className="card"
      style={{ borderRadius: 9 }}
    >
      <Group justify="space-between" wrap="nowrap">
        <Group gap={8} wrap="nowrap">
          <IconSearch size={16} aria-hidden />
          <Text size="sm" c="dimmed">
            {label}
          </Text>
        </Group>
        <Kbd size="xs" aria-hidden>
          {/Mac|iPhone|iPad/u.test(navigator.userAgent) ? '⌘' : 'Ctrl'} K
        </Kbd>
      </Group>
    </UnstyledButton>
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      hiddenFrom="sm"
      onClick={onOpen}
      aria-label={label}
      ml="auto"
    >
      <IconSearch size={18} />
    </ActionIcon>
  </>
)
