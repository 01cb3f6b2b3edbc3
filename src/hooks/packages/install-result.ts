/** A package as a script's author asks for it; without a version, or with `latest`, the newest there is. */
export type AskedPackage = { name: string; version?: string }

/** What was taken for it. `asked` is empty where no version was named. */
export type ResolvedPackage = { name: string; asked: string; version: string; integrity: string }

/** One package of a bundle, whoever asked for it. */
export type LockedPackage = {
  /** Its folder in the bundle: `node_modules/a`, `node_modules/a/node_modules/b`. */
  location: string
  name: string
  version: string
  /** Where it was taken from. */
  resolved: string
  integrity: string
  /** One that this machine may not need. */
  optional?: true
}

export type PackageFaultCode =
  | 'invalid_name'
  | 'invalid_version'
  | 'too_many'
  | 'unknown_package'
  | 'unknown_version'
  /** It comes from elsewhere than a registry, or brings entries that no package may have. */
  | 'not_allowed'
  | 'too_large'
  /** Other bytes than those that were pinned, or none that can be read. */
  | 'broken'
  | 'unreachable'

export type PackageFault = { code: PackageFaultCode; message: string; name?: string }

/** How far it has come; `done` of `total` packages. */
export type Progress = (step: {
  phase: 'resolving' | 'fetching' | 'done'
  done: number
  total: number
  name?: string
}) => void

/** A failed build is an answer, not an exception. */
export type InstallResult =
  | {
      ok: true
      /** A folder with `package.json` and `node_modules`, which nobody writes to. */
      bundle: string
      resolved: ResolvedPackage[]
      /** With it the same bundle can be made again, byte by byte. */
      lock: LockedPackage[]
      warnings: string[]
    }
  | { ok: false; faults: PackageFault[] }
