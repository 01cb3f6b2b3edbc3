import { query } from '../operation.ts'
import { type Connection, databaseStrategy } from './connection.ts'

/**
 * The connection of that name, if it holds passwords and people of the application may sign in with it. A connection
 * that is bound to no application yet serves them all.
 */
export const findConnectionForSignIn = query<
  { name: string; applicationId?: string },
  Connection | undefined
>({
  name: 'find connection for sign-in',
  needs: 'connections:read',
  run: async ({ connections }, { name, applicationId }) => {
    const connection = await connections.findBy({ name })
    if (connection?.strategy !== databaseStrategy) return undefined
    const serves =
      applicationId === undefined ||
      connection.applicationIds.length === 0 ||
      connection.applicationIds.includes(applicationId)
    return serves ? connection : undefined
  },
})
