import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pacote from 'pacote'
import { extract } from 'tar'
import type { LockedPackage } from './install-result.ts'
import type { PackageLimits } from './limits.ts'
import type { NpmOptions } from './npm-options.ts'
import { PackageError } from './package-error.ts'

/** What is left of the limits; shared by all packages of a bundle. */
export type Allowance = { bytes: number; files: number }

export const allowanceOf = ({ bytes, files }: PackageLimits): Allowance => ({ bytes, files })

/** Nothing reads them when a script runs, and in some packages they are most of the files. */
const isForEditors = /\.(?:d\.[cm]?ts|map)$/u

/**
 * Fetches one package, compares it with what was pinned, and unpacks its plain files. Links, devices and paths that
 * lead out of the folder are no part of a package; the archive's own modes and owners don't count.
 *
 * @throws PackageError, and what npm throws
 */
export const unpackPackage = async (
  locked: LockedPackage,
  bundle: string,
  options: NpmOptions,
  left: Allowance,
): Promise<void> => {
  const { name, version, location, resolved, integrity } = locked
  const cwd = join(bundle, ...location.split('/'))
  await mkdir(cwd, { recursive: true })
  let refusal: PackageError | undefined
  const ended = new AbortController()
  // Nothing may be thrown among tar's events; nobody would catch it.
  const refuse = (code: 'not_allowed' | 'too_large', message: string) => {
    refusal ??= new PackageError([{ code, name, message: `${name}@${version} ${message}` }])
    ended.abort()
    return false
  }
  const unpacked = () =>
    extract({
      cwd,
      strip: 1,
      strict: true,
      preserveOwner: false,
      noMtime: true,
      fmode: 0o444,
      dmode: 0o755,
      umask: 0,
      filter: (path, entry) => {
        if (refusal || !('type' in entry)) return false
        if (path.split(/[/\\]/u).includes('..') || /^[/\\]/u.test(path))
          return refuse('not_allowed', `holds the path ${path}`)
        if (entry.type === 'Directory' || entry.type === 'GNUDumpDir') return true
        if (!['File', 'OldFile', 'ContiguousFile'].includes(entry.type))
          return refuse('not_allowed', `holds a ${entry.type}`)
        left.bytes -= entry.size
        left.files--
        if (left.bytes < 0 || left.files < 0)
          return refuse('too_large', 'makes the packages larger than they may be together')
        return !isForEditors.test(path)
      },
    })
  try {
    await pacote.tarball.stream(
      // By its address: what was pinned is not to be looked up again.
      `${name}@${resolved}`,
      async (tarball) => {
        await pipeline(tarball as NodeJS.ReadableStream, unpacked(), { signal: ended.signal })
      },
      { ...options, resolved, integrity, allowRemote: 'all' },
    )
  } catch (error) {
    throw refusal ?? Object.assign(error as Error, { pkgid: `${name}@${version}` })
  }
}
