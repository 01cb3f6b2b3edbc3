import { join } from 'node:path'
import { openEngine } from '#store/open.ts'
import type { Config } from '../config.ts'

/** Where the key lies that secrets in the database are sealed with. */
export const sealingKeyPath = ({ dataDir }: Config): string => join(dataDir, 'sealing.key')

/** The database can't be used. The message is one line for people, and holds no password. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
}

/** The database as it is, without bringing its rows up to date. @throws DatabaseFault */
export const openDatabase = ({ databaseUrl, dataDir }: Config, mapsFile = true) =>
  openEngine(databaseUrl ?? join(dataDir, 'rolecall.db'), { mapsFile }).catch(databaseFault)

/** @throws DatabaseFault always */
export const databaseFault = (cause: unknown): never => {
  // A host name with several addresses fails with one error for each.
  const [error] = cause instanceof AggregateError ? cause.errors : [cause]
  const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  throw new DatabaseFault(`The database can't be used: ${why}`, { cause })
}
