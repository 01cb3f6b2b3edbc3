import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { createConditions } from '#conditions/cel.ts'
import { systemActor } from '#core/actor.ts'
import { bootstrapWorkspace } from '#core/bootstrap.ts'
import { failAbandonedJobs } from '#core/jobs/abandon.ts'
import { createJobQueue } from '#core/jobs/queue.ts'
import { ensureSealedSecret, readSealedSecret, type SecretName } from '#core/keys/sealed-secret.ts'
import { createRun, type Run, type Services } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { offerSetUp } from '#core/set-up.ts'
import { clearOutSignIns } from '#core/sign-in/clear-out.ts'
import { ensureLocalAuthority } from '#crypto/authority.ts'
import { isCommonPassword } from '#crypto/common-passwords.ts'
import { randomToken, sha256base64url } from '#crypto/digests.ts'
import { generateSigningKey } from '#crypto/keys.ts'
import { createPasskeys } from '#crypto/passkeys.ts'
import { createPasswordHasher, PasswordQueueFull } from '#crypto/passwords.ts'
import { createSealer, loadOrCreateKey } from '#crypto/sealing.ts'
import { createTotp } from '#crypto/totp.ts'
import { createAuth0Dialect } from '#dialects/auth0/index.ts'
import { createDreamFactoryDialect } from '#dialects/dreamfactory/index.ts'
import { createNativeDialect } from '#dialects/native/index.ts'
import { setUpPage } from '#dialects/native/set-up.ts'
import { createRocketchatDialect } from '#dialects/rocketchat/index.ts'
import { auditLog } from '#hooks/audit-log.ts'
import { createFollowers } from '#hooks/followers.ts'
import { startRelay } from '#hooks/relay.ts'
import { scriptTypes } from '#hooks/types/declarations.ts'
import { type App, createApp } from '#http/app.ts'
import { avatarRoutes } from '#http/avatars.ts'
import { createDashboard } from '#http/dashboard.ts'
import { bareAddress, docsRoutes } from '#http/docs.ts'
import { createHosts, type Hosts } from '#http/hosts.ts'
import { createMetrics, operationsRoutes } from '#http/operations.ts'
import { createTemplates } from '#mail/templates.ts'
import { createMailTransport } from '#mail/transport.ts'
import { startMailWorker } from '#mail/worker.ts'
import { createOidcDoor } from '#oidc/edge.ts'
import { createKeyRing, expiringKeys } from '#oidc/key-ring.ts'
import { createTokenVerifier } from '#oidc/tokens.ts'
import { migrate, openEngine, openStore } from '#store/open.ts'
import { createHookPoint, startHooks } from './compose/hooks.ts'
import type { Config } from './config.ts'

/** What tests hold still. */
export type World = {
  now: () => number
  newId: () => string
  logger: Logger
}

export const realWorld = (logLevel: Config['logLevel']): World => ({
  now: Date.now,
  newId: () => randomBytes(12).toString('hex'),
  logger: pino({ level: logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] }),
})

/** Where the key lies that secrets in the database are sealed with. */
export const sealingKeyPath = ({ dataDir }: Config): string => join(dataDir, 'sealing.key')

/** The database can't be used. The message is one line for people, and holds no password. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
}

/** The database as it is, without bringing its rows up to date. @throws DatabaseFault */
export const openDatabase = ({ databaseUrl, dataDir }: Config) =>
  openEngine(databaseUrl ?? join(dataDir, 'rolecall.db')).catch(databaseFault)

const databaseFault = (cause: unknown): never => {
  // A host name with several addresses fails with one error for each.
  const [error] = cause instanceof AggregateError ? cause.errors : [cause]
  const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  throw new DatabaseFault(`The database can't be used: ${why}`, { cause })
}

/** The domain over its database, without any door: what the command line works with. */
export type Workspace = Awaited<ReturnType<typeof openWorkspace>>

/**
 * Opens the data directory and database, brings the schema up to date and the workspace to what this version expects.
 */
export const openWorkspace = async (config: Config, world: World) => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const sealer = createSealer(await loadOrCreateKey(sealingKeyPath(config)))
  const engine = await openDatabase(config)
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
    return { run, store, services, hosts, metrics, hookPoint, migrated, needsSetUp, close: store.close }
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

export type Server = {
  workspace: Workspace
  hosts: Hosts
  app: App
  /** The link with which the first administrator is made, while there is none. */
  offerSetUp(): Promise<string | undefined>
  /** Listens, and resolves with the origins that answer. */
  listen(): Promise<string[]>
  /** Drains: requests in flight end, then everything is closed. */
  close(): Promise<void>
}

export type ComposeOptions = {
  /** Where the built dashboard lies; without one the bare address leads to the API reference. */
  dashboardDirectory?: string | undefined
}

/** Everything there is, constructed and connected. The only place that does so. */
export const composeServer = async (
  config: Config,
  world: World,
  { dashboardDirectory }: ComposeOptions = {},
): Promise<Server> => {
  const workspace = await openWorkspace(config, world)
  const { store, services, hosts, metrics } = workspace
  const keyRing = createKeyRing({ run: workspace.run, sealer: services.sealer, now: world.now })
  const { follow, wakingAfter } = createFollowers()
  const run = wakingAfter(expiringKeys(workspace.run, keyRing))
  await keyRing.ensure('RS256')
  const verifyToken = createTokenVerifier(keyRing, { hosts, now: world.now })
  const hooks = await startHooks({ run, config, world, hosts })
  workspace.hookPoint.connect(hooks.actions.before)
  const oidc = createOidcDoor({
    run,
    hooks: hooks.actions,
    keyRing,
    records: store.protocolRecords,
    sealer: services.sealer,
    hosts,
    now: world.now,
    rateLimits: config.rateLimits,
    onToken: ({ grant = 'unknown', outcome }) => metrics.observeToken(grant, outcome),
  })
  const jobs = await startJobs(config, run, world)
  const clearing = startClearing(workspace, world)
  const mails = startMails(config, workspace, follow, world)
  const relay = startRelay({
    outbox: store.outbox,
    consumers: [auditLog(world.logger), ...hooks.consumers],
    onError: (consumer, error) =>
      world.logger.error({ err: error, consumer }, 'events could not be delivered'),
  })
  const unfollow = follow(relay.wake)
  let isEnding = false
  const isReady = async () => {
    if (isEnding) return false
    const fault = await store.checkHealth().catch((error: unknown) => error)
    if (fault !== undefined) world.logger.warn({ err: fault }, 'the database does not serve')
    return fault === undefined
  }
  const doors = [
    createDreamFactoryDialect({
      run,
      tokenSecret: await sealedSecret(run, 'dreamfactory-sessions'),
      scripts: hooks.eventScripts,
      now: world.now,
      log: world.logger,
    }),
    createNativeDialect({
      run,
      verifyToken,
      hosts,
      follow,
      trials: hooks.trials,
      scriptTypes,
      now: world.now,
    }),
    createAuth0Dialect({
      run,
      verifyToken,
      hosts,
      rateLimits: config.rateLimits,
      jobs: jobs.queue,
      trials: hooks.trials,
    }),
    createRocketchatDialect({ run, rateLimits: config.rateLimits, now: world.now }),
    oidc,
  ]
  const isOwned = (path: string) => doors.some((door) => door.owns(path))
  const dashboard =
    dashboardDirectory === undefined ? undefined : createDashboard(dashboardDirectory, isOwned)
  const app = await createApp({
    hosts,
    doors,
    extras: [
      operationsRoutes({ isReady }, metrics),
      avatarRoutes,
      setUpPage(run, dashboard),
      ...(dashboard ? [dashboard.routes] : [bareAddress]),
      docsRoutes([
        { title: 'Rolecall', url: '/api/rolecall/v1/openapi.json' },
        { title: "Auth0's Management API", url: '/api/v2/openapi.json' },
        { title: "Rocket.Chat's REST API", url: '/api/v1/openapi.json' },
        { title: "DreamFactory's System and User APIs", url: '/api/v2/system/openapi.json' },
      ]),
    ],
    logger: world.logger,
    tls: await readTls(config, world),
    trustProxy: config.trustProxy,
    observeRequest: metrics.observeRequest,
    withinRun: hooks.runner.follow,
    answerTrial: hooks.answerTrial,
  })
  return {
    workspace,
    hosts,
    app,
    offerSetUp: async () => {
      const secret = await run(offerSetUp, {}, systemActor('system'))
      return secret && `${hosts.canonical}/set-up?secret=${secret}`
    },
    listen: async () => {
      const ports = await app.listen(config)
      const origins = [`http://${config.host}:${ports.http}`]
      if (ports.https !== undefined) origins.unshift(`https://${config.host}:${ports.https}`)
      return origins
    },
    close: async () => {
      isEnding = true
      await app.close()
      await jobs.stop()
      await clearing.stop()
      await mails.stop()
      unfollow()
      await relay.stop()
      await hooks.stop()
      await workspace.close()
    },
  }
}

/**
 * The work that goes on after a request was answered. An import that a process leaves behind fails: with SQLite there
 * is no other process that could still be at it; with PostgreSQL another may, so silence tells.
 */
const startJobs = async ({ databaseUrl }: Config, run: Run, { logger }: World) => {
  const queue = createJobQueue({
    onError: (error) => logger.error({ err: error }, 'a job failed'),
  })
  const limits =
    databaseUrl === undefined
      ? { processingSeconds: 0, pendingSeconds: 0 }
      : { processingSeconds: 60, pendingSeconds: 3600 }
  const failAbandoned = () => run(failAbandonedJobs, limits, systemActor('system'))
  await failAbandoned()
  const watch =
    databaseUrl === undefined
      ? undefined
      : setInterval(() => {
          failAbandoned().catch((error: unknown) =>
            logger.error({ err: error }, 'abandoned jobs could not be ended'),
          )
        }, 30_000).unref()
  return {
    queue,
    stop: async () => {
      clearInterval(watch)
      await queue.stop()
    },
  }
}

const clearingMilliseconds = 600_000

/** Frees, now and then, the space of what expired. Nothing waits for it. */
const startClearing = ({ run, store }: Workspace, { logger }: World) => {
  let clearing: Promise<void> | undefined
  let isEnding = false
  const clear = async () => {
    await store.protocolRecords.sweep()
    while (!isEnding && (await run(clearOutSignIns, {}, systemActor('system'))));
  }
  const timer = setInterval(() => {
    clearing ??= clear()
      .catch((error: unknown) => logger.error({ err: error }, 'what expired could not be cleared out'))
      .finally(() => {
        clearing = undefined
      })
  }, clearingMilliseconds).unref()
  return {
    stop: async () => {
      isEnding = true
      clearInterval(timer)
      await clearing
    },
  }
}

/** Mails go out beside the requests: to the mail server, or to the data directory. */
const startMails = (
  { smtpUrl, mailFrom, dataDir, publicUrls }: Config,
  { run }: Workspace,
  follow: (wake: () => void) => () => void,
  { now, logger }: World,
) => {
  const { hostname } = new URL(publicUrls[0])
  return startMailWorker({
    run,
    transport: createMailTransport({ smtpUrl, mailFrom, dataDir, hostname, now }),
    follow,
    onError: (error) => logger.error({ err: error }, 'mails could not be sent'),
  })
}

/** A secret that outlives the process; made on the first start. */
const sealedSecret = async (run: Run, name: SecretName): Promise<string> => {
  await run(ensureSealedSecret, { name }, systemActor('system'))
  const secret = await run(readSealedSecret, { name }, systemActor('system'))
  if (secret === undefined) throw new Error(`The secret ${name} was not kept`)
  return secret
}

const readTls = async ({ tls, httpsPort, dataDir, publicUrls }: Config, { now }: World) => {
  if (httpsPort === 'off') return undefined
  if (tls) return { cert: await readFile(tls.certPath, 'utf8'), key: await readFile(tls.keyPath, 'utf8') }
  const hosts = publicUrls.map((url) => new URL(url).hostname)
  const { certPem, keyPem } = await ensureLocalAuthority({ dataDir, hosts, now })
  return { cert: certPem, key: keyPem }
}
