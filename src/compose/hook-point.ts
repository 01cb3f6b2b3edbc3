import type { Before } from '#core/triggers.ts'

/** Asks nobody until it is connected: whoever runs operations comes before what hooks are run with. */
export const createHookPoint = () => {
  let before: Before | undefined
  return {
    before: (async (...given) => (before ? before(...given) : {})) satisfies Before,
    connect: (real: Before) => {
      before = real
    },
  }
}
