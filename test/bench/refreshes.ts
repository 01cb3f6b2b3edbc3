import { defaultConnectionName } from '#core/connections/connection.ts'
import { reading, startOurs } from './contenders.ts'
import { compare, inTurns } from './measure.ts'
import { atLeast } from './report.ts'
import { connections, ordinarySize, type Rows } from './row.ts'
import { benchAdministrator, benchClient } from './seed.ts'
import type { SignOrder } from './server.ts'

/** An access token and an ID token. */
const signaturesPerExchange = 2

/**
 * Refresh exchanges over HTTP, with a token that stays the same so that all connections may use it, against nothing but
 * as many signatures: jose's SignJWT in the same server process while it serves nobody.
 */
export const refreshRows: Rows = {
  name: 'refreshes',
  run: async ({ effort, databases, tell }) => {
    await using ours = await startOurs(await databases.copy(ordinarySize(effort)))
    const { origin } = ours.announced
    const exchanged = reading(origin, { path: '/oauth/token', body: await refreshRequest(origin) })
    const signed = async (seconds: number) => {
      const order: SignOrder = { seconds, concurrent: connections }
      return (await ours.ask<{ perSecond: number }>(order)).perSecond / signaturesPerExchange
    }
    const measure = `Refresh exchanges over HTTP, ${connections} connections, against raw RS256 signatures, ${signaturesPerExchange} for each (jose, ${connections} at once, same process and key)`
    const reached = await inTurns(effort, [exchanged, signed], (round) => tell(measure, round, effort.rounds))
    return [atLeast(measure, 0.6, compare(reached[0]!, reached[1]!))]
  },
}

/** The body of an exchange, of an application that is made for it and to which the administrator signed in. */
const refreshRequest = async (origin: string): Promise<string> => {
  const post = async (path: string, body: object, token?: string): Promise<Record<string, string>> => {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as Record<string, string>
  }
  const { access_token: token } = await post('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: benchClient.id,
    client_secret: benchClient.secret,
    audience: `${origin}/api/v2/`,
  })
  const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'
  const application = {
    name: 'Refreshes',
    app_type: 'regular_web',
    grant_types: [passwordRealm, 'refresh_token'],
  }
  const { client_id, client_secret } = await post('/api/v2/clients', application, token)
  const client = { client_id, client_secret }
  const { refresh_token } = await post('/oauth/token', {
    ...client,
    grant_type: passwordRealm,
    realm: defaultConnectionName,
    username: benchAdministrator.email,
    password: benchAdministrator.password,
    scope: 'openid offline_access',
  })
  return JSON.stringify({ ...client, grant_type: 'refresh_token', refresh_token })
}
