import type { Filter } from '#core/listing.ts'
import { decodeUserId } from './ids.ts'
import { logTypeFilter } from './log-types.ts'
import { decodeLogId } from './logs.wire.ts'
import { parseSearch, type Vocabulary } from './user-search.ts'
import { instant, type SearchField, text } from './user-search-fields.ts'

/** What `q` may ask of the log. @see specs: §1.12 of the Auth0 dialect */

const type: SearchField = {
  expects: 'a type of log event, such as sapi',
  matches: logTypeFilter,
  exists: { all: [] },
}

const userId: SearchField = {
  expects: 'a user id',
  matches: (value) => ({ field: 'userId', is: 'equal', value: decodeUserId(value) }),
  exists: { field: 'userId', exists: true },
}

const isApplication: Filter = { field: 'actorKind', is: 'equal', value: 'application' }
const clientId: SearchField = {
  expects: 'a client id',
  matches: (value) => ({ all: [isApplication, { field: 'actorId', is: 'equal', value }] }),
  exists: isApplication,
}

const logId: SearchField = {
  expects: 'the id of a log event',
  matches: (value) => {
    const id = decodeLogId(value)
    return id && { field: 'id', is: 'equal', value: id.id }
  },
  exists: { all: [] },
}

const fields: ReadonlyMap<string, SearchField> = new Map([
  ['type', type],
  ['date', instant('at')],
  ['user_id', userId],
  ['client_id', clientId],
  ['log_id', logId],
  ['_id', logId],
  ['connection', text('data.connection', { isColumn: false })],
])

const vocabulary: Vocabulary = {
  find: (name) => fields.get(name),
  bareFields: [type, userId, clientId],
}

/** @throws SearchSyntaxError */
export const parseLogSearch = (q: string): Filter => parseSearch(q, vocabulary)
