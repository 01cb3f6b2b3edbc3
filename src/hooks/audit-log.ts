import type { Event } from '#core/events.ts'
import type { Consumer } from './relay.ts'

/** Writes every event to the log of the process, for whoever collects logs and never asks the API. */
export const auditLog = (logger: { info(fields: object, message: string): void }): Consumer => ({
  name: 'audit-log',
  deliver: async (events: readonly Event[]) => {
    for (const { type, ...event } of events)
      logger.info({ event: { ...event, at: new Date(event.at).toISOString() } }, type)
  },
})
