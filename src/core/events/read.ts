import type { Event } from '../events.ts'
import { equal, every, type Listing, type Page } from '../listing.ts'
import { query } from '../operation.ts'
import { found } from '../refusals.ts'

/**
 * What happened, oldest first unless ordered otherwise. Fields: `type`, `at`, `door`, `userId`, `roleId`, `scope`,
 * `actorKind`, `actorId`, `targetKind`, `targetId`, `number`, paths into `data`.
 * @throws unknown_field, invalid_cursor
 */
export const listEvents = query<{ listing: Listing }, Page<Event>>({
  name: 'list events',
  needs: 'events:read',
  run: ({ events }, { listing }) => events.list(listing),
})

/** What happened to a user, who may see it too: who gave him what, who changed him. @throws as `listEvents` */
export const listEventsOfUser = query<{ userId: string; listing: Listing }, Page<Event>>({
  name: 'list events of user',
  needs: 'events:read',
  self: ({ userId }) => userId,
  run: ({ events }, { userId, listing }) =>
    events.list({ ...listing, filter: every(equal('userId', userId), listing.filter)! }),
})

/** @throws not_found */
export const getEvent = query<{ eventId: string }, Event>({
  name: 'get event',
  needs: 'events:read',
  run: async ({ events }, { eventId }) => found(await events.find(eventId), 'event', eventId),
})
