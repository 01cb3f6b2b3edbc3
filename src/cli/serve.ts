import { existsSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Workspace } from '../compose/workspace.ts'
import { realWorld } from '../compose/world.ts'
import { type Config, readConfig } from '../config.ts'
import { reporting } from './command.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('start the server')
    .action(async () => {
      await reporting({}, () => serve(readConfig(process.env)))
      // What was opened before it failed must not keep the process.
      if (process.exitCode) process.exit()
    })
}

/** Undefined where nothing was built: then the server is all there is. */
const builtDashboard = (): string | undefined => {
  const directory = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
  return existsSync(join(directory, 'index.html')) ? directory : undefined
}

export type Around = {
  /** Ahead of the first request. */
  prepare?: (workspace: Workspace) => Promise<void>
  /** When all is closed. */
  afterwards?: () => Promise<void>
}

/** Runs until the process is told to end, then drains. */
export const serve = async (config: Config, { prepare, afterwards }: Around = {}): Promise<void> => {
  const world = realWorld(config.logLevel)
  for (const warning of config.warnings) world.logger.warn(warning)
  // Every door there is comes with it: no other command waits for that.
  const { composeServer } = await import('../compose.ts')
  const server = await composeServer(config, world, { dashboardDirectory: builtDashboard() })
  try {
    await prepare?.(server.workspace)
    const urls = await server.listen()
    const setUpLink = await server.offerSetUp()
    // Told at every log level: somebody needs the link, and whatever starts the server waits for the second line.
    const told = world.logger.child({}, { level: 'info' })
    if (setUpLink !== undefined)
      told.warn({ setUpLink }, 'nobody can administer this workspace: open the link once')
    told.info({ urls }, 'ready')
    // Kept for the next start now: this process may never end in an orderly way.
    flushCompileCache()
  } catch (error) {
    await server.close()
    throw error
  }

  const end = async (signal: string) => {
    process.off('SIGTERM', end)
    process.off('SIGINT', end)
    await server.close()
    await afterwards?.()
    world.logger.info({ signal }, 'ended')
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}
