import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  AskedPackage,
  InstallResult,
  LockedPackage,
  Progress,
  ResolvedPackage,
} from './install-result.ts'
import { defaultPackageLimits, type PackageLimits } from './limits.ts'
import { toFault } from './npm-faults.ts'
import type { NpmOptions } from './npm-options.ts'
import { PackageError } from './package-error.ts'

export type PackagesParts = {
  /** Bundles and what was downloaded lie here. Made when it is missing. */
  folder: string
  /** As `readNpmOptions` has them; asked at each build. */
  npmOptions(): Promise<NpmOptions>
  limits?: Partial<PackageLimits>
}

/** The packages of scripts. Scripts that need the same ones share a folder; what is built once is found again. */
export type Packages = {
  /** Resolves, pins and fetches. Nothing of a package runs. */
  install(asked: readonly AskedPackage[], progress?: Progress): Promise<InstallResult>
  /** The same bundle again, from what `install` answered once: after a restore, or on another machine. */
  restore(
    asked: readonly AskedPackage[],
    lock: readonly LockedPackage[],
    progress?: Progress,
  ): Promise<InstallResult>
}

const fetchedAtOnce = 8

export const createPackages = ({ folder, npmOptions, limits: changed }: PackagesParts): Packages => {
  const limits = { ...defaultPackageLimits, ...changed }
  const building = new Map<string, Promise<string>>()

  const prepare = async (): Promise<NpmOptions> => {
    await mkdir(join(folder, 'bundles'), { recursive: true, mode: 0o700 })
    return {
      fetchTimeout: 60_000,
      ...(await npmOptions()),
      cache: join(folder, 'downloads'),
    }
  }

  /** Everything is built beside, and put in its place in one step, so that nobody sees a part. */
  const build = async (
    asked: readonly AskedPackage[],
    lock: readonly LockedPackage[],
    options: NpmOptions,
    progress: Progress,
  ): Promise<string> => {
    const bundle = join(folder, 'bundles', bundleName(asked, lock))
    if (await isThere(bundle)) return bundle
    const beside = join(folder, `building-${randomBytes(8).toString('hex')}`)
    try {
      await mkdir(join(beside, 'node_modules'), { recursive: true })
      await fetchAll(lock, beside, options, progress)
      await writeFile(join(beside, 'lock.json'), JSON.stringify(lock))
      await writeFile(join(beside, 'package.json'), manifestOf(asked, lock))
      await rename(beside, bundle).catch(async (error: unknown) => {
        // Another process was faster, with the same bytes.
        if (!(await isThere(bundle))) throw error
      })
      await chmod(bundle, 0o555)
      return bundle
    } finally {
      // Where it was given up, the last files may still be on their way.
      await rm(beside, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    }
  }

  const fetchAll = async (
    lock: readonly LockedPackage[],
    bundle: string,
    options: NpmOptions,
    progress: Progress,
  ) => {
    const { allowanceOf, unpackPackage } = await import('./unpack.ts')
    const left = allowanceOf(limits)
    const queue = [...lock]
    let done = 0
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        try {
          await unpackPackage(next, bundle, options, left)
        } catch (error) {
          queue.length = 0
          throw error
        }
        done++
        progress({ phase: 'fetching', done, total: lock.length, name: `${next.name}@${next.version}` })
      }
    }
    const ended = await Promise.allSettled(Array.from({ length: fetchedAtOnce }, work))
    const failed = ended.find((each) => each.status === 'rejected')
    if (failed) throw failed.reason
  }

  const buildOnce = (
    asked: readonly AskedPackage[],
    lock: readonly LockedPackage[],
    options: NpmOptions,
    progress: Progress,
  ): Promise<string> => {
    const key = bundleName(asked, lock)
    const under =
      building.get(key) ?? build(asked, lock, options, progress).finally(() => building.delete(key))
    building.set(key, under)
    return under
  }

  const answering = async (work: () => Promise<InstallResult>): Promise<InstallResult> => {
    try {
      return await work()
    } catch (error) {
      return { ok: false, faults: error instanceof PackageError ? [...error.faults] : [toFault(error)] }
    }
  }

  return {
    install: (asked, progress = () => {}) =>
      answering(async () => {
        const options = await prepare()
        progress({ phase: 'resolving', done: 0, total: asked.length })
        // npm's own code is loaded only where a script has dependencies.
        const { resolvePackages } = await import('./resolve.ts')
        const { lock, warnings } = await resolvePackages(asked, { folder, options, limits })
        const bundle = await buildOnce(asked, lock, options, progress)
        progress({ phase: 'done', done: lock.length, total: lock.length })
        return { ok: true, bundle, resolved: resolvedOf(asked, lock), lock, warnings }
      }),
    restore: (asked, lock, progress = () => {}) =>
      answering(async () => {
        const bundle = await buildOnce(asked, lock, await prepare(), progress)
        return { ok: true, bundle, resolved: resolvedOf(asked, lock), lock: [...lock], warnings: [] }
      }),
  }
}

/** Named by its content: the same packages in the same places, required by the same names. */
export const bundleName = (asked: readonly AskedPackage[], lock: readonly LockedPackage[]): string => {
  const names = asked.map(({ name }) => name).sort()
  const packages = lock.map(({ location, name, version, integrity }) => [location, name, version, integrity])
  return createHash('sha256')
    .update(JSON.stringify([names, packages]))
    .digest('hex')
    .slice(0, 40)
}

const isThere = async (bundle: string): Promise<boolean> =>
  (await readFile(join(bundle, 'package.json')).catch(() => undefined)) !== undefined

const resolvedOf = (asked: readonly AskedPackage[], lock: readonly LockedPackage[]): ResolvedPackage[] =>
  asked.map(({ name, version = '' }) => {
    const found = lock.find(({ location }) => location === `node_modules/${name}`)
    if (!found)
      throw new PackageError([{ code: 'broken', name, message: `${name} is not among what was pinned` }])
    return { name, asked: version, version: found.version, integrity: found.integrity }
  })

const manifestOf = (asked: readonly AskedPackage[], lock: readonly LockedPackage[]): string => {
  const dependencies = resolvedOf(asked, lock).map(({ name, version }) => [name, version])
  return JSON.stringify({ private: true, dependencies: Object.fromEntries(dependencies) })
}
