import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemActor } from '#core/actor.ts'
import { purgeExecutions } from '#core/hooks/executions.ts'
import type { Run } from '#core/operation.ts'
import type { Rehearsal } from '#core/rehearsal.ts'
import { encodeUser } from '#dialects/auth0/users.wire.ts'
import { createActionTriggers } from '#hooks/actions/triggers.ts'
import { type BuildScript, createBuilds } from '#hooks/builds.ts'
import { createEventScripts } from '#hooks/event-scripts.ts'
import { readNpmOptions } from '#hooks/packages/npm-options.ts'
import { createPackages, type Packages } from '#hooks/packages/packages.ts'
import { createQueuedHooks } from '#hooks/queued.ts'
import { createRecorder } from '#hooks/recorder.ts'
import { createRunner } from '#hooks/sandbox/runner.ts'
import { findSyntaxFault } from '#hooks/sandbox/syntax.ts'
import { createScripts } from '#hooks/scripts.ts'
import { type CallDoor, isTrialView, refusalOf } from '#hooks/trial-view.ts'
import { createTrials } from '#hooks/trials.ts'
import type { Hosts } from '#http/hosts.ts'
import type { ScriptRequests } from '#http/script-requests.ts'
import type { Config } from '../config.ts'
import type { World } from './world.ts'

export type HookParts = {
  run: Run
  config: Config
  world: World
  hosts: Pick<Hosts, 'canonical' | 'issuers'>
  /** A world in which nothing stays, for what is only tried. */
  rehearse(): Rehearsal
}

const me = systemActor('system')
const hourMs = 3_600_000

/** Everything that runs scripts, constructed and connected. */
export const startHooks = async ({ run, config, world, hosts, rehearse }: HookParts) => {
  const { logger, now, newId } = world
  const onError = (error: unknown) => logger.error({ err: error }, 'hooks went wrong')
  const folder = join(config.dataDir, 'hooks')
  const runner = createRunner({
    folder,
    ownOrigins: () => [...hosts.issuers()].map((issuer) => new URL(issuer).origin),
    trusted: () => authorityOf(config),
    now,
  })
  const packages = createPackages({
    folder: join(folder, 'packages'),
    npmOptions: () => readNpmOptions(config.npmEnvironment),
  })
  const call = createScripts({ runner, packages })
  const recorder = createRecorder(run, onError)
  /** Of the run that the present request comes out of, where that is only tried. */
  const trial = () => {
    const tag = runner.tag()
    return isTrialView(tag) ? tag : undefined
  }
  let door: CallDoor | undefined
  const parts = {
    run,
    call,
    isTried: () => trial() !== undefined,
    recorder,
    encodeUser,
    canonicalIssuer: () => `${hosts.canonical}/`,
    now,
    newId,
  }
  const actions = createActionTriggers(parts)
  const trials = createTrials({
    ...parts,
    rehearse,
    callDoor: async (...asked) => (door ? door(...asked) : {}),
  })
  const eventScripts = createEventScripts({ ...parts, onError })
  const builds = createBuilds({ run, build: buildWith(packages), onError })
  const purge = () => run(purgeExecutions, {}, me).catch(onError)
  const purging = setInterval(purge, hourMs).unref()
  await builds.resume()
  return {
    runner,
    call,
    recorder,
    actions,
    trials,
    eventScripts,
    /** `run` for all doors: what comes out of a script that is only tried is a rehearsal. */
    rehearsing:
      (real: Run): Run =>
      (...asked) =>
        (trial()?.run ?? real)(...asked),
    requests: {
      follow: runner.follow,
      within: runner.within,
      refusal: (request) => (trial() ? refusalOf(request) : undefined),
    } satisfies ScriptRequests,
    /** Whose door scripts call that are only tried: there is none before the server is put together. */
    connectDoor: (real: CallDoor) => {
      door = real
    },
    consumers: [
      builds.consumer,
      createQueuedHooks({ ...parts, cacheOf: actions.cacheOf, keep: actions.keep, onError }),
    ],
    stop: async () => {
      clearInterval(purging)
      await builds.stop()
      await eventScripts.stop()
      await recorder.flush()
      await runner.stop()
    },
  }
}

const buildWith =
  (packages: Packages): BuildScript =>
  async ({ code, flavour, dependencies }) => {
    const fault = flavour === 'action' ? findSyntaxFault(code) : undefined
    if (fault)
      return { ok: false, errors: [{ code: 'syntax', message: `${fault.message} (line ${fault.line})` }] }
    if (dependencies.length === 0) return { ok: true, resolved: [], lock: [] }
    const result = await packages.install(dependencies)
    if (!result.ok)
      return { ok: false, errors: result.faults.map(({ code: kind, message }) => ({ code: kind, message })) }
    return { ok: true, resolved: result.resolved, lock: result.lock }
  }

/** Our own authority, where the server made one. */
const authorityOf = async ({ tls, dataDir }: Config): Promise<string | undefined> =>
  tls ? undefined : readFile(join(dataDir, 'ca.pem'), 'utf8').catch(() => undefined)
