import { compileFunction, createScriptRequire } from '../sandbox/inside/load.ts'
import { serve } from '../sandbox/inside/serve.ts'
import { createApi } from './action/api.ts'
import { extendAuth0 } from './action/auth0-module.ts'
import type { ActionPayload } from './action/payload.ts'

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

/**
 * Runs Auth0 Actions: CommonJS that exports handlers `async (event, api) => {}`. What a handler asks `api` for is
 * collected and returned; nothing of it happens in here.
 */
await serve(
  ({ code, bundle }) => {
    const module = { exports: {} as Record<string, unknown> }
    const require = createScriptRequire(bundle, { auth0: extendAuth0 })
    const script = compileFunction(
      code,
      ['exports', 'require', 'module', '__filename', '__dirname'],
      require.resolve,
    )
    script.call(module.exports, module.exports, require, module, '/hook.js', '/')
    return async (payload, context) => {
      const { handler, event, ...settings } = payload as unknown as ActionPayload
      const handle = module.exports[handler]
      if (typeof handle !== 'function') throw new Error(`The script exports no function ${handler}`)
      const frozen = freeze(event)
      const { api, intents, faults } = createApi(frozen, settings, context)
      await handle(frozen, api)
      // A call that can't be honoured fails even where the script caught what it threw.
      if (faults.length > 0) throw new Error(faults[0])
      return { intents }
    }
  },
  { oneAtATime: false },
)
