import { readFile } from 'node:fs/promises'
import { systemActor } from '#core/actor.ts'
import { ensureSealedSecret, readSealedSecret, type SecretName } from '#core/keys/sealed-secret.ts'
import type { Run } from '#core/operation.ts'
import { offerSetUp } from '#core/set-up.ts'
import { ensureLocalAuthority } from '#crypto/authority.ts'
import { createAuth0Dialect } from '#dialects/auth0/index.ts'
import { createDreamFactoryDialect } from '#dialects/dreamfactory/index.ts'
import { callAlone } from '#dialects/dreamfactory/script-calls.ts'
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
import type { Hosts } from '#http/hosts.ts'
import { operationsRoutes } from '#http/operations.ts'
import { createOidcDoor } from '#oidc/edge.ts'
import { createKeyRing, expiringKeys } from '#oidc/key-ring.ts'
import { createTokenVerifier } from '#oidc/tokens.ts'
import { startClearing, startJobs, startMails } from './compose/background.ts'
import { startHooks } from './compose/hooks.ts'
import { openWorkspace, type Workspace } from './compose/workspace.ts'
import type { World } from './compose/world.ts'
import type { Config } from './config.ts'

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
  const real = wakingAfter(expiringKeys(workspace.run, keyRing))
  await keyRing.ensure('RS256')
  const verifyToken = createTokenVerifier(keyRing, { hosts, now: world.now })
  const hooks = await startHooks({ run: real, config, world, hosts, rehearse: workspace.rehearse })
  const run = hooks.rehearsing(real)
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
    scripts: hooks.requests,
  })
  const inject = app.fastify.inject.bind(app.fastify)
  hooks.connectDoor((call, rights) => callAlone(inject, new URL(hosts.canonical).host)(call, rights))
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
