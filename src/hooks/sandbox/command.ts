import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Egress, networkFlags } from './egress.ts'
import type { Flavour } from './run-result.ts'

const require = createRequire(import.meta.url)

/**
 * The binary that the npm package `deno` brings along. Nothing is downloaded or copied.
 *
 * @throws Error on a platform that the package has none for: scripts don't run there
 */
export const findDeno = (): string => {
  const { platform, arch } = process
  const target = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`
  const name = platform === 'win32' ? 'deno.exe' : 'deno'
  const beside = dirname(require.resolve('deno/package.json'))
  const fromDeno = createRequire(join(beside, 'package.json'))
  try {
    return join(dirname(fromDeno.resolve(`@deno/${target}/package.json`)), name)
  } catch (cause) {
    const copied = join(beside, name)
    if (existsSync(copied)) return copied
    throw new Error(`Scripts can't run here: the package deno has no binary for ${target}`, { cause })
  }
}

const flavourFile = (flavour: Flavour) => join(import.meta.dirname, '..', 'flavours', `${flavour}.ts`)

/**
 * A folder for what deno itself keeps: compiled code of ours and of packages. Web storage would lie there too, in one
 * place for all scripts; a file where its folder belongs keeps it from being made.
 */
export const prepareDenoFolder = async (folder: string): Promise<string> => {
  const denoFolder = join(folder, 'deno')
  await mkdir(denoFolder, { recursive: true, mode: 0o700 })
  await writeFile(join(denoFolder, 'location_data'), '')
  return denoFolder
}

export type Command = { command: string; args: string[]; env: Record<string, string> }

export type CommandParts = {
  deno: string
  denoFolder: string
  /** Where there is one: it bounds what V8's own limit does not. */
  prlimit: boolean
  /** A file of authorities to trust, besides the well-known ones. */
  trustFile: string | undefined
  bundle: string | undefined
  flavour: Flavour
  memoryMb: number
  egress: Egress
}

/**
 * V8 reserves some 580 MB of data before a script has any, and as much again for a worker, in which an event script's
 * calls to other servers are made.
 */
const reservedMb: Readonly<Record<Flavour, number>> = { action: 580, 'event-script': 1200 }

/** How a script's process is started: with nothing granted but its own packages and the network it lists. */
export const sandboxCommand = (parts: CommandParts): Command => {
  const heapMb = Math.max(64, parts.memoryMb - 64)
  const args = [
    'run',
    '--quiet',
    '--no-prompt',
    '--no-remote',
    '--cached-only',
    '--no-config',
    '--no-lock',
    // NOTE: `manual` would let any file in any folder of node_modules be required, whatever may be read (deno 2.9.6).
    '--node-modules-dir=none',
    // Without that mode, packages whose manifest names no type are taken for CommonJS by looking at them.
    '--unstable-detect-cjs',
    // Reading the environment answers as if it were empty, which packages expect; and it is.
    '--ignore-env',
    '--deny-run',
    '--deny-ffi',
    '--deny-sys',
    '--deny-write',
    '--deny-import',
    ...(parts.bundle === undefined ? ['--deny-read'] : [`--allow-read=${parts.bundle}`]),
    ...networkFlags(parts.egress),
    ...(parts.trustFile === undefined ? [] : [`--cert=${parts.trustFile}`]),
    `--v8-flags=--max-old-space-size=${heapMb}`,
    flavourFile(parts.flavour),
  ]
  const env = {
    DENO_DIR: parts.denoFolder,
    DENO_NO_UPDATE_CHECK: '1',
    DENO_NO_PACKAGE_JSON: '1',
    NO_COLOR: '1',
    // See `deniedAddresses`: deno can't be told ranges of version 6.
    RES_OPTIONS: 'no-aaaa',
  }
  if (!parts.prlimit) return { command: parts.deno, args, env }
  const dataBytes = (reservedMb[parts.flavour] + parts.memoryMb) * 1024 * 1024
  return {
    command: 'prlimit',
    args: [`--data=${dataBytes}`, '--core=0', '--', parts.deno, ...args],
    env: { ...env, PATH: '/usr/bin:/bin:/usr/local/bin' },
  }
}
