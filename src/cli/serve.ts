import { composeServer, realWorld } from '../compose.ts'
import { readConfig } from '../config.ts'

/** Runs the server until it is told to end. */
export const serve = async (): Promise<void> => {
  const config = readConfig(process.env)
  const world = realWorld(config.logLevel)
  const server = await composeServer(config, world)
  const urls = await server.listen()
  world.logger.info({ urls }, 'ready')

  let ending: Promise<void> | undefined
  const end = (signal: string) => {
    ending ??= (async () => {
      world.logger.info({ signal }, 'ending')
      await server.close()
      process.exitCode = 0
    })()
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}
