import type { PackageFault } from './install-result.ts'

/** A build that has to be given up, with the reasons. */
export class PackageError extends Error {
  override readonly name = 'PackageError'
  readonly faults: readonly PackageFault[]
  constructor(faults: readonly PackageFault[], options?: ErrorOptions) {
    super(faults.map(({ message }) => message).join('; '), options)
    this.faults = faults
  }
}
