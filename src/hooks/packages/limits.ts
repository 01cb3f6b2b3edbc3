export type PackageLimits = {
  /** Packages that one script may ask for. */
  asked: number
  /** All that they need, themselves included. */
  packages: number
  /** Unpacked, together. */
  bytes: number
  /** Unpacked, together. */
  files: number
}

export const defaultPackageLimits: PackageLimits = {
  asked: 10,
  packages: 500,
  bytes: 200 * 1024 * 1024,
  files: 30_000,
}
