import { IconBook2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { useSession } from '../session.tsx'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { sections } from './sections.ts'

/** Everything its reader has a use for. */
export const Navigation = () => {
  const t = useText(shellText)
  const { may } = useSession()
  return (
    <>
      {sections.map(({ name, entries }) => {
        const useful = entries.filter(({ needs }) => needs.length === 0 || may(...needs))
        if (useful.length === 0) return null
        return (
          <div key={name ?? 'top'}>
            {name && <div className="nav-section">{t.sections[name]}</div>}
            {useful.map(({ name: entry, to, icon: Icon }) => (
              <Link
                key={entry}
                to={to}
                className="nav-link"
                activeOptions={{ exact: to === paths.home, includeSearch: false }}
              >
                <Icon size={18} stroke={1.7} aria-hidden />
                {t.nav[entry]}
              </Link>
            ))}
          </div>
        )
      })}
      <a className="nav-link" href={paths.reference}>
        <IconBook2 size={18} stroke={1.7} aria-hidden />
        {t.nav.reference}
      </a>
    </>
  )
}
