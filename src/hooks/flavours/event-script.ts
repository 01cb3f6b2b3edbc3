import { inspect } from 'node:util'
import { compileFunction, createScriptRequire } from '../sandbox/inside/load.ts'
import { serve } from '../sandbox/inside/serve.ts'
import { createEvent, outcomeOf } from './event-script/event.ts'
import type { EventScriptPayload } from './event-script/payload.ts'
import { createPlatform } from './event-script/platform.ts'

const dumped = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : inspect(value, { depth: 12, maxArrayLength: 500, breakLength: 100, getters: false })

/** Seconds. The run's own time goes on. */
const sleep = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, seconds) * 1000)
}

/**
 * Runs DreamFactory's event scripts: the body of a function that finds `event` and `platform`, changes the event,
 * returns a value or throws. Scripts of the V8js and of the Node.js flavour run alike. One run at a time: a call back
 * into the server blocks, as in V8js.
 */
await serve(
  ({ code, bundle }) => {
    const require = createScriptRequire(bundle)
    const script = compileFunction(
      code,
      ['event', 'platform', 'require', 'print', 'var_dump', 'sleep', 'exports', 'module'],
      require.resolve,
    )
    return async (payload, context) => {
      const given = payload as unknown as EventScriptPayload
      const { event, changes } = createEvent(given.event)
      const { platform, pending } = createPlatform(given, context)
      const module = { exports: {} }
      const print = (...texts: unknown[]) => context.log('print', texts.map(String).join(' '))
      const dump = (...values: unknown[]) => {
        for (const value of values) context.log('print', dumped(value))
      }
      const returned = await script(event, platform, require, print, dump, sleep, module.exports, module)
      // What a callback does still counts.
      while (pending.size > 0) await Promise.all(pending)
      return outcomeOf(given.event, event, changes, returned)
    }
  },
  { oneAtATime: true },
)
