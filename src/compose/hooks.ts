import type { Logger } from 'pino'
import type { Run } from '#core/operation.ts'
import { type BuildScript, createBuilds } from '#hooks/builds.ts'

export type HookParts = { run: Run; logger: Logger }

/** Everything that runs scripts, constructed and connected. */
export const startHooks = async ({ run, logger }: HookParts) => {
  const onError = (error: unknown) => logger.error({ err: error }, 'hooks went wrong')
  const builds = createBuilds({ run, build, onError })
  await builds.resume()
  return {
    consumers: [builds.consumer],
    stop: () => builds.stop(),
  }
}

/** TODO(#4): installs packages, once the installer is here. */
const build: BuildScript = async ({ dependencies }) =>
  dependencies.length === 0
    ? { ok: true, resolved: [], lock: [] }
    : { ok: false, errors: [{ code: 'unsupported', message: 'Dependencies can not be installed yet.' }] }
