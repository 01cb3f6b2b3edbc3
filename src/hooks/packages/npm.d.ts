// What is used of npm's own packages that bring no types.

declare module '@npmcli/config' {
  export default class Config {
    constructor(parts: {
      npmPath: string
      definitions: object
      shorthands: object
      flatten: unknown
      argv: string[]
      env: Readonly<Record<string, string | undefined>>
      execPath: string
      cwd: string
      warn?: boolean
    })
    load(): Promise<void>
    readonly flat: Record<string, unknown>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const exported: { definitions: object; shorthands: object; flatten: unknown }
  export default exported
}

declare module '@npmcli/arborist' {
  export type Node = {
    name: string
    version: string
    /** The folder beneath the root: `node_modules/a/node_modules/b`. */
    location: string
    isProjectRoot: boolean
    isLink: boolean
    inBundle: boolean
    optional: boolean
    resolved: string | null
    integrity: string | null
    package: {
      name?: string
      version?: string
      os?: string[]
      cpu?: string[]
      hasInstallScript?: boolean
      _hasShrinkwrap?: boolean
    }
    hasInstallScript: boolean
    inventory: { values(): Iterable<Node> }
    edgesOut: Map<string, { to: Node | null; spec: string; error: string | null }>
  }
  export class Arborist {
    constructor(options: Record<string, unknown>)
    buildIdealTree(options?: { add?: string[] }): Promise<Node>
    loadActual(): Promise<Node>
  }
  const exported: typeof Arborist
  export default exported
}
