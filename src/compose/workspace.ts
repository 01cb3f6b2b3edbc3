import { mkdir } from 'node:fs/promises'
import { createConditions } from '#conditions/cel.ts'
import { systemActor } from '#core/actor.ts'
import { bootstrapWorkspace } from '#core/bootstrap.ts'
import { createRun, type Services } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { createRehearsal } from '#core/rehearsal.ts'
import { isCommonPassword } from '#crypto/common-passwords.ts'
import { randomToken, sha256base64url } from '#crypto/digests.ts'
import { generateSigningKey } from '#crypto/keys.ts'
import { createPasskeys } from '#crypto/passkeys.ts'
import { createPasswordHasher, PasswordQueueFull } from '#crypto/passwords.ts'
import { createSealer, loadOrCreateKey } from '#crypto/sealing.ts'
import { createTotp } from '#crypto/totp.ts'
import { createHosts } from '#http/hosts.ts'
import { createMetrics } from '#http/operations.ts'
import { createTemplates } from '#mail/templates.ts'
import { migrate, openStore } from '#store/open.ts'
import type { Config } from '../config.ts'
import { databaseFault, openDatabase, sealingKeyPath } from './database.ts'
import { createHookPoint } from './hook-point.ts'
import type { World } from './world.ts'

/** The domain over its database, without any door: what the command line works with. */
export type Workspace = Awaited<ReturnType<typeof openWorkspace>>

/**
 * Opens the data directory and database, brings the schema up to date and the workspace to what this version expects.
 */
export const openWorkspace = async (
  config: Config,
  world: World,
  { mapsFile = true }: { /** See `openSqlite`. */ mapsFile?: boolean } = {},
) => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const sealer = createSealer(await loadOrCreateKey(sealingKeyPath(config)))
  const engine = await openDatabase(config, mapsFile)
  try {
    const migrated = await migrate(engine).catch(databaseFault)
    const store = openStore(engine, world.now)
    const metrics = createMetrics()
    const hosts = createHosts(config.publicUrls.filter((url) => !url.endsWith(':0')))
    const services = createServices(sealer, world, config, () => `${hosts.canonical}/`)
    const hookPoint = createHookPoint()
    const run = createRun({
      store,
      services,
      now: world.now,
      newId: world.newId,
      before: hookPoint.before,
      observe: metrics.observeOperation,
    })
    const { admin, client, apiKey } = config
    const { needsSetUp } = await run(bootstrapWorkspace, { admin, client, apiKey }, systemActor('system'))
    const { now, newId } = world
    return {
      run,
      /** For what is only tried: a world in which nothing stays. */
      rehearse: () => createRehearsal({ store, services, now, newId }),
      store,
      services,
      hosts,
      metrics,
      hookPoint,
      migrated,
      needsSetUp,
      close: store.close,
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}

const createServices = (
  sealer: Services['sealer'],
  world: World,
  config: Config,
  base: () => string,
): Services => {
  const hasher = createPasswordHasher()
  const busy = (error: unknown): never => {
    throw error instanceof PasswordQueueFull ? new DomainError({ code: 'busy' }) : error
  }
  return {
    passwords: {
      hash: (password) => hasher.hash(password).catch(busy),
      verify: (password, hash) => hasher.verify(password, hash).catch(busy),
      isOutdated: hasher.isOutdated,
      isCommon: isCommonPassword,
    },
    sealer,
    digest: sha256base64url,
    newSecret: randomToken,
    newSigningKey: (algorithm) => generateSigningKey(algorithm, world.now),
    firstUserIsAdministrator: config.firstUserIsAdmin,
    conditions: createConditions(),
    links: { base },
    templates: createTemplates(),
    secondFactors: { totp: createTotp(), passkeys: createPasskeys() },
  }
}
