/**
 * Runs one command of the unmodified deploy CLI, in a process of its own: Node reads the authorities it trusts only at
 * its start, and the CLI keeps its configuration in a global.
 */
import { createRequire } from 'node:module'
import net from 'node:net'

type Settings = {
  command: 'dump' | 'deploy'
  folder: string
  config: Record<string, unknown>
}
type Commands = {
  dump(parameters: { output_folder: string; format: string; config: object }): Promise<void>
  deploy(parameters: { input_file: string; config: object }): Promise<void>
}

const loopback = new Set(['localhost', '127.0.0.1', '::1'])

/** Nothing the CLI does may leave this machine: a connection to anywhere else throws. */
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
  // Node's own callers pass `[options, callback]` as one argument.
  const [options] = given.flat() as [{ host?: string } | undefined]
  const host = options?.host ?? 'localhost'
  if (!loopback.has(host)) throw new Error(`A connection to ${host} was tried.`)
  return Reflect.apply(connect, this, given)
} as typeof connect

const { command, folder, config } = JSON.parse(process.argv[2]!) as Settings
const { dump, deploy } = createRequire(import.meta.url)('auth0-deploy-cli') as Commands
if (command === 'dump') await dump({ output_folder: folder, format: 'directory', config })
else await deploy({ input_file: folder, config })
