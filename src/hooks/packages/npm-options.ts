import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export type NpmOptions = Readonly<Record<string, unknown>>

type Env = Readonly<Record<string, string | undefined>>

/**
 * Registry, proxies, authorities and credentials as npm on this machine has them: its configuration files and
 * variables, read by npm's own code.
 *
 * @param env the variables of this process; among them `PATH`, `HOME` and npm's own
 */
export const readNpmOptions = async (env: Env, cwd: string = process.cwd()): Promise<NpmOptions> => {
  // Only where a script has dependencies: it takes a tenth of a second to load.
  const [{ default: Config }, { default: npm }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const config = new Config({
    ...npm,
    npmPath: import.meta.dirname,
    argv: [],
    env,
    // The global file lies beside the machine's npm, not beside the Node that this project brings along.
    execPath: findNpm(env) ?? process.execPath,
    cwd,
    warn: false,
  })
  await config.load()
  return config.flat
}

const findNpm = ({ PATH = '' }: Env): string | undefined =>
  PATH.split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .map((folder) => join(folder, process.platform === 'win32' ? 'npm.cmd' : 'npm'))
    .find((path) => existsSync(path))
