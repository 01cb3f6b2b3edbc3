import { describe } from 'node:test'
import type { TestDatabase } from '../database.ts'
import { assignments } from './assignments.ts'
import { conflicts } from './conflicts.ts'
import { decisions } from './decisions.ts'
import { filters } from './filters.ts'
import { groupCommit } from './group-commit.ts'
import { letterCase } from './letter-case.ts'
import { migrations } from './migrations.ts'
import { ordering } from './ordering.ts'
import { outbox } from './outbox.ts'
import { paging } from './paging.ts'
import { protocolRecords } from './protocol-records.ts'
import { values } from './values.ts'

/** Everything `core/store.ts` promises, whatever the database. */
export const storeSuite = (database: TestDatabase) =>
  describe(`the store on ${database.name}`, () => {
    migrations(database)
    values(database)
    letterCase(database)
    ordering(database)
    paging(database)
    filters(database)
    conflicts(database)
    assignments(database)
    decisions(database)
    groupCommit(database)
    outbox(database)
    protocolRecords(database)
  })
