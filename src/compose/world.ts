import { randomBytes } from 'node:crypto'
import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'

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
