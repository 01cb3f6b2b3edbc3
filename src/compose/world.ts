import pino, { type Logger } from 'pino'
import { createNewId } from '#crypto/ids.ts'
import type { Config } from '../config.ts'

/** What tests hold still. */
export type World = {
  now: () => number
  newId: () => string
  logger: Logger
}

export const realWorld = (logLevel: Config['logLevel']): World => ({
  now: Date.now,
  newId: createNewId(),
  logger: pino({ level: logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] }),
})
