import { copyFile, link, mkdir, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * A bundle as the server builds it, of a package that is installed here under another name: `auth0-v4` becomes `auth0`.
 * What it needs comes along. No registry is asked.
 */
export const bundleOf = async (installed: string, name: string, folder: string): Promise<string> => {
  const modules = join(folder, 'node_modules')
  await mkdir(modules, { recursive: true })
  const seen = new Set<string>()
  const add = async (from: string, as: string, into: string): Promise<void> => {
    if (seen.has(`${into} ${as}`)) return
    seen.add(`${into} ${as}`)
    const target = join(into, as)
    await linkFolder(from, target)
    const { dependencies = {} } = createRequire(join(from, 'package.json'))('./package.json') as {
      dependencies?: object
    }
    await Promise.all(Object.keys(dependencies).map((needed) => addNeeded(needed, from, modules, target)))
  }
  const addNeeded = async (needed: string, from: string, hoisted: string, target: string) => {
    const path = folderOf(needed, from)
    if (path === undefined) return
    const isNested = path.startsWith(join(from, 'node_modules'))
    await add(path, needed, isNested ? join(target, 'node_modules') : hoisted)
  }
  await add(folderOf(installed, import.meta.dirname)!, name, modules)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies: { [name]: '*' } }))
  return folder
}

/** Without the packages within, and without what nothing reads when a script runs. */
const linkFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true })
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (entry.isDirectory()) {
        if (!['node_modules', 'esm'].includes(entry.name)) await linkFolder(source, target)
      } else if (!/\.(?:d\.[cm]?ts|map|md)$/u.test(entry.name)) {
        await link(source, target).catch(() => copyFile(source, target))
      }
    }),
  )
}

/** Where Node would find it, looked up by folders: not every package lets its `package.json` be resolved. */
const folderOf = (name: string, from: string): string | undefined => {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  return paths.map((path) => join(path, name)).find((path) => isFolder(path))
}

const isFolder = (path: string): boolean => {
  try {
    createRequire(import.meta.url)(join(path, 'package.json'))
    return true
  } catch {
    return false
  }
}
