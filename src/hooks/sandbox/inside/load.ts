import { readFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'

export type ScriptRequire = {
  (name: string): unknown
  /** The URL of what `import()` of this name means. */
  resolve(name: string): string
}

/** Threads would need more memory than the process may have: one that starts there ends the process. */
const withheld = new Set(['worker_threads', 'cluster'])

/** A script's `require`: the packages it declared and what they export beneath, Node's own modules, nothing else. */
export const createScriptRequire = (
  bundle: string | undefined,
  shims: Readonly<Record<string, (module: object) => object>> = {},
): ScriptRequire => {
  const requireAny = createRequire(`${bundle ?? ''}/hook.js`)
  const declared = new Set(bundle === undefined ? [] : declaredIn(bundle))
  const shimmed = new Map<string, object>()
  const isBuiltin = (name: string) => {
    const bare = name.replace(/^node:/u, '')
    return !withheld.has(bare) && (bare !== name || builtinModules.includes(name))
  }
  const check = (name: string): void => {
    if (isBuiltin(name) || declared.has(packageOf(name))) return
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
  }
  const require = (name: string): unknown => {
    check(name)
    const shim = shims[name]
    if (!shim || isBuiltin(name)) return requireAny(name)
    const module = shimmed.get(name) ?? shim(requireAny(name) as object)
    shimmed.set(name, module)
    return module
  }
  const resolve = (name: string): string => {
    check(name)
    return isBuiltin(name)
      ? `node:${name.replace(/^node:/u, '')}`
      : pathToFileURL(requireAny.resolve(name)).href
  }
  return Object.assign(require, { resolve })
}

const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

const declaredIn = (bundle: string): string[] =>
  Object.keys(JSON.parse(readFileSync(`${bundle}/package.json`, 'utf8')).dependencies ?? {})

export type Compiled = (this: unknown, ...args: unknown[]) => unknown

/**
 * Compiles code as the body of a function with these parameters. Its first line stays the first.
 *
 * @param resolve where an `import()` within leads
 */
export const compileFunction = (
  code: string,
  parameters: readonly string[],
  resolve: (name: string) => string,
): Compiled => {
  const head = `(function (${parameters.join(', ')}) {`
  const script = new vm.Script(`${head}${code}\n})`, {
    filename: 'hook.js',
    columnOffset: -head.length,
    importModuleDynamically: (async (name: string) => import(resolve(name))) as never,
  })
  return script.runInThisContext() as Compiled
}
