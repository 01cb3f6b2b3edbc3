import { systemActor } from '#core/actor.ts'
import type { Event } from '#core/events.ts'
import { type BuildResult, finishBuild, listUnbuilt, startBuild } from '#core/hooks/build.ts'
import type { Dependency, Flavour } from '#core/hooks/hook.ts'
import type { Run } from '#core/operation.ts'
import type { Consumer } from './relay.ts'

/** Makes what a script needs ready to run. Says what is wrong with it instead of failing. */
export type BuildScript = (script: {
  buildId: string
  flavour: Flavour
  code: string
  dependencies: readonly Dependency[]
}) => Promise<BuildResult>

export type BuildParts = {
  run: Run
  build: BuildScript
  onError(error: unknown): void
}

const me = systemActor('system')

/** More at once would only share the network and the disk. */
const atOnce = 2

/** Builds every draft in the background, those included that an earlier process left behind. */
export const createBuilds = ({ run, build, onError }: BuildParts) => {
  const waiting: { hookId: string; buildId: string }[] = []
  const working = new Set<Promise<void>>()
  let isStopping = false

  const perform = async (which: { hookId: string; buildId: string }) => {
    const script = await run(startBuild, which, me)
    if (!script) return
    const result = await build(script).catch((error: unknown): BuildResult => {
      onError(error)
      return { ok: false, errors: [{ code: 'internal', message: 'The build went wrong; the log says why.' }] }
    })
    await run(finishBuild, { ...which, result }, me)
  }
  const next = (): void => {
    while (!isStopping && working.size < atOnce) {
      const which = waiting.shift()
      if (!which) return
      const work = perform(which)
        .catch(onError)
        .finally(() => {
          working.delete(work)
          next()
        })
      working.add(work)
    }
  }
  const enqueue = (which: { hookId: string; buildId: string }) => {
    waiting.push(which)
    next()
  }
  const consumer: Consumer = {
    name: 'hook-builds',
    deliver: async (events: readonly Event[]) => {
      for (const { type, target, data } of events) {
        if (type !== 'hook.created' && type !== 'hook.updated') continue
        if (target && typeof data?.buildId === 'string') enqueue({ hookId: target.id, buildId: data.buildId })
      }
    },
  }
  return {
    consumer,
    /** Takes up what was left behind. */
    resume: async () => {
      for (const which of await run(listUnbuilt, {}, me)) enqueue(which)
    },
    stop: async () => {
      isStopping = true
      await Promise.all(working)
    },
  }
}
