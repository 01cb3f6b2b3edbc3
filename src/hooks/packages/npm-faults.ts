import type { PackageFault } from './install-result.ts'

/** The words of npm's errors, for people. */
export const toFault = (error: unknown): PackageFault => {
  const {
    code = '',
    message,
    spec,
    pkgid,
    type,
  } = error as Error & {
    code?: string
    spec?: unknown
    pkgid?: string
    type?: string
  }
  const what = String(pkgid ?? spec ?? /\S+@\S*[^\s.]/u.exec(message)?.[0] ?? '').replace(
    /^.*?([^/\s]+@[^\s]+)$/u,
    '$1',
  )
  const named = what === '' ? 'A package' : what
  if (code === 'E404') return { code: 'unknown_package', message: `The registry has no ${named}` }
  if (code === 'ETARGET' || type === 'versions')
    return { code: 'unknown_version', message: `There is no version ${named}` }
  if (code.startsWith('EALLOW')) return { code: 'not_allowed', message: `${named} comes from no registry` }
  if (code === 'EINTEGRITY') return { code: 'broken', message: `${named} has other bytes than were pinned` }
  if (code === 'ERESOLVE')
    return { code: 'not_allowed', message: `These packages can't be used together: ${firstLine(message)}` }
  if (code === 'EINVALIDPACKAGENAME' || code === 'EINVALIDTAGNAME')
    return { code: 'invalid_name', message: firstLine(message) }
  if (/^(?:TAR_|Z_|EBADPACKAGE)/u.test(code))
    return { code: 'broken', message: `${named} can't be unpacked: ${firstLine(message)}` }
  return { code: 'unreachable', message: `The registry did not answer as it should: ${firstLine(message)}` }
}

const firstLine = (text: string) => text.split('\n', 1)[0]!
