import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Links within the dashboard; addresses come from `paths.ts`. */

export const PageLink = ({
  to,
  children,
  quiet,
  ...props
}: AnchorProps & { to: string; children: ReactNode; quiet?: boolean; 'aria-label'?: string }) => (
  <Anchor
    {...props}
    {...(quiet && { className: 'quiet-link' })}
    renderRoot={({ ref: _ref, ...rest }) => <Link to={to} {...rest} />}
  >
    {children}
  </Anchor>
)

export const ButtonLink = ({ to, children, ...props }: ButtonProps & { to: string; children: ReactNode }) => (
  <Button {...props} renderRoot={({ ref: _ref, ...rest }) => <Link to={to} {...rest} />}>
    {children}
  </Button>
)

/** Tabs that are addresses, so that each can be linked and gone back to. */
export const TabLinks = ({
  label,
  tabs,
}: {
  label: string
  tabs: readonly { to: string; title: string }[]
}) => {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <nav className="tab-bar" aria-label={label}>
      {tabs.map(({ to, title }) => (
        <Link key={to} to={to} className="tab-link" aria-current={isAt(path, to) ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  )
}

/** Addresses are compared decoded: the router and the browser do not escape the same letters. */
const isAt = (path: string, to: string): boolean => {
  const [here, there] = [decodeURIComponent(path), decodeURIComponent(to)]
  return here === there || here.startsWith(`${there}/`)
}

export const useGo = (): ((to: string) => void) => {
  const navigate = useNavigate()
  return (to) => void navigate({ to })
}

/** What stands behind the `?` of the address, and a way to change parts of it; an empty value goes away. */
export const useSearch = (): [
  search: Readonly<Record<string, string | undefined>>,
  change: (changes: Record<string, string | undefined>) => void,
] => {
  const navigate = useNavigate()
  const search = useRouterState({ select: (state) => state.location.search }) as unknown as Record<
    string,
    string
  >
  const change = (changes: Record<string, string | undefined>) => {
    const next = Object.entries({ ...search, ...changes }).filter(([, value]) => value)
    void navigate({ to: '.', search: Object.fromEntries(next) as never, replace: true, resetScroll: false })
  }
  return [search, change]
}
