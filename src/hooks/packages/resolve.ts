import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Arborist, { type Node } from '@npmcli/arborist'
import npa from 'npm-package-arg'
import type { AskedPackage, LockedPackage, PackageFault } from './install-result.ts'
import type { PackageLimits } from './limits.ts'
import type { NpmOptions } from './npm-options.ts'
import { PackageError } from './package-error.ts'

export type ResolveParts = {
  /** Where a folder may be made for the while. */
  folder: string
  options: NpmOptions
  limits: PackageLimits
}

/**
 * Which packages these mean together: the ones asked for and all that they need, laid out as npm would.
 *
 * @throws PackageError, and what npm throws
 */
export const resolvePackages = async (
  asked: readonly AskedPackage[],
  { folder, options, limits }: ResolveParts,
): Promise<{ lock: LockedPackage[]; warnings: string[] }> => {
  const faults = findFaults(asked, limits)
  if (faults.length > 0) throw new PackageError(faults)
  const path = await mkdtemp(join(folder, 'resolving-'))
  try {
    await writeFile(join(path, 'package.json'), '{}')
    const arborist = new Arborist({ ...options, ...registryOnly, path })
    const tree = await arborist.buildIdealTree({ add: asked.map(specOf) })
    return readTree(tree, limits)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/** Nothing runs, and nothing comes from elsewhere than a registry: neither from git, nor from a URL or a file. */
const registryOnly = {
  ignoreScripts: true,
  allowGit: 'none',
  allowRemote: 'none',
  allowFile: 'none',
  allowDirectory: 'none',
  audit: false,
  fund: false,
  global: false,
  saveType: 'prod',
  installLinks: true,
  legacyPeerDeps: false,
  progress: false,
}

const specOf = ({ name, version }: AskedPackage): string => `${name}@${version?.trim() || 'latest'}`

const findFaults = (asked: readonly AskedPackage[], { asked: limit }: PackageLimits): PackageFault[] => {
  if (asked.length > limit)
    return [{ code: 'too_many', message: `At most ${limit} packages can be asked for, not ${asked.length}` }]
  const twice = asked.filter(({ name }, index) => asked.findIndex((other) => other.name === name) < index)
  return [
    ...twice.map(
      ({ name }): PackageFault => ({ code: 'invalid_name', name, message: `${name} is asked for twice` }),
    ),
    ...asked.flatMap((each) => findFault(each) ?? []),
  ]
}

const findFault = (asked: AskedPackage): PackageFault | undefined => {
  const { name, version = '' } = asked
  try {
    if (npa(name).name !== name) throw new Error()
  } catch {
    return { code: 'invalid_name', name, message: `${JSON.stringify(name)} is no name of a package` }
  }
  try {
    if (['version', 'range', 'tag'].includes(npa(specOf(asked)).type)) return undefined
  } catch {
    // Told below.
  }
  return { code: 'invalid_version', name, message: `${JSON.stringify(version)} is no version of ${name}` }
}

const readTree = (tree: Node, limits: PackageLimits): { lock: LockedPackage[]; warnings: string[] } => {
  const nodes = [...tree.inventory.values()].filter((node) => !node.isProjectRoot)
  const lock: LockedPackage[] = []
  const warnings: string[] = []
  const faults: PackageFault[] = []
  if (nodes.length > limits.packages)
    throw new PackageError([
      {
        code: 'too_large',
        message: `These are ${nodes.length} packages together; ${limits.packages} are allowed`,
      },
    ])
  for (const node of nodes) {
    // It lies in its parent's archive, or holds a program of some platform, which could not be run.
    if (node.inBundle || (node.optional && (node.package.os || node.package.cpu))) continue
    const { name, version, location, resolved, integrity } = node
    if (node.isLink || !resolved || !/^https?:/u.test(resolved) || !integrity) {
      faults.push({ code: 'not_allowed', name, message: `${name}@${version} comes from no registry` })
      continue
    }
    if (node.hasInstallScript) warnings.push(`${name}@${version} has install scripts; they are not run`)
    lock.push({
      location,
      name: node.package.name ?? name,
      version,
      resolved,
      integrity,
      ...(node.optional && { optional: true }),
    })
  }
  if (faults.length > 0) throw new PackageError(faults)
  return {
    lock: lock.sort((a, b) => (a.location < b.location ? -1 : 1)),
    warnings: [...new Set(warnings)].sort(),
  }
}
