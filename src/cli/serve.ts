import type { Command } from 'commander'
import { composeServer, realWorld } from '../compose.ts'
import { readConfig } from '../config.ts'
import { reporting } from './command.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('start the server')
    .action(async () => {
      await reporting({}, serve)
      // What was opened before it failed must not keep the process.
      if (process.exitCode) process.exit()
    })
}

/** Runs until it is told to end, then drains. */
const serve = async (): Promise<void> => {
  const config = readConfig(process.env)
  const world = realWorld(config.logLevel)
  for (const warning of config.warnings) world.logger.warn(warning)
  const server = await composeServer(config, world)
  const urls = await server.listen().catch(async (error: unknown) => {
    await server.close()
    throw error
  })
  const setUpLink = await server.offerSetUp()
  if (setUpLink !== undefined)
    world.logger.warn({ setUpLink }, 'nobody can administer this workspace: open the link once')
  // Told at every log level: whatever starts the server waits for this line.
  world.logger.child({}, { level: 'info' }).info({ urls }, 'ready')

  const end = async (signal: string) => {
    process.off('SIGTERM', end)
    process.off('SIGINT', end)
    await server.close()
    world.logger.info({ signal }, 'ended')
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}
