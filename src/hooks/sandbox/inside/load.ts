import { readFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import vm from 'node:vm'

export type Require = (name: string) => unknown

/** A script's `require`: the packages it declared and what they export beneath, Node's own modules, nothing else. */
export const createScriptRequire = (
  bundle: string | undefined,
  shims: Readonly<Record<string, (module: object) => object>> = {},
): Require => {
  const file = `${bundle ?? ''}/hook.js`
  const requireAny = createRequire(file)
  const declared = new Set(bundle === undefined ? [] : declaredIn(bundle))
  const shimmed = new Map<string, object>()
  return (name: string) => {
    const isBuiltin = name.startsWith('node:') || builtinModules.includes(name)
    if (!isBuiltin && !declared.has(packageOf(name))) {
      throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
    }
    const shim = shims[name]
    if (!shim || isBuiltin) return requireAny(name)
    const module = shimmed.get(name) ?? shim(requireAny(name))
    shimmed.set(name, module)
    return module
  }
}

const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

const declaredIn = (bundle: string): string[] =>
  Object.keys(JSON.parse(readFileSync(`${bundle}/package.json`, 'utf8')).dependencies ?? {})

/** Compiles code as the body of a function with these parameters. Its first line stays the first. */
export const compileFunction = (
  code: string,
  parameters: readonly string[],
): ((...args: unknown[]) => unknown) => {
  const head = `(function (${parameters.join(', ')}) {`
  const script = new vm.Script(`${head}${code}\n})`, { filename: 'hook.js', columnOffset: -head.length })
  return script.runInThisContext() as (...args: unknown[]) => unknown
}
