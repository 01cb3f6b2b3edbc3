import { join } from 'node:path'
import type { BareOrder } from './bare.ts'
import { type Contender, load, type Served, serveScript } from './measure.ts'
import { connections } from './row.ts'
import { userId } from './seed.ts'

export type Ours = {
  origin: string
  token: string
  jwks: BareOrder['jwks']
  /** Headers of a session in Rocket.Chat's door. */
  chat: Record<string, string>
}
export type Origin = { origin: string }

/** Environment of a process that flushes slowly, where that is wanted. */
type Env = Record<string, string>

export const startOurs = (
  directory: string,
  env: Env = {},
  ...more: readonly 'chat'[]
): Promise<Served<Ours>> => serveScript<Ours>('server.ts', [directory, ...more], env)

/** The bare routes, over the same database and with the same bytes as ours. */
export const startBare = async (
  { announced }: Served<Ours>,
  directory: string,
  env: Env = {},
  more = '',
): Promise<Served<Origin>> => {
  const order: BareOrder = {
    bytes: {
      roles: await answerOf(announced, rolesPath),
      decision: await answerOf(announced, decisionPath, question),
      more,
    },
    jwks: announced.jwks,
    issuer: `${announced.origin}/`,
    database: join(directory, 'rolecall.db'),
  }
  return serveScript<Origin>('bare.ts', [JSON.stringify(order)], env)
}

export const rolesPath = '/api/v2/users/auth0%7C[[user]]/roles'
export const decisionPath = '/access/v1/evaluation'
/** Of ten roles the last one but one carries the permission. */
export const question = JSON.stringify({
  subject: { type: 'user', id: '[[user]]' },
  action: { name: 'do:8' },
  resource: { type: 'bench-api', id: 'workspace' },
})

export const bearer = ({ announced }: Served<Ours>) => ({ authorization: `Bearer ${announced.token}` })

const answerOf = async ({ origin, token }: Ours, path: string, body?: string): Promise<string> => {
  const id = userId(0)
  const response = await fetch(origin + path.replace('[[user]]', id), {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: body.replace('[[user]]', id) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return text
}

export type Get = { path: string; headers?: Record<string, string>; users?: number }
export type Post = Get & { body: string }

/** Requests that read, spread over the users when there are several. */
export const reading = (origin: string, { path, headers = {}, users, ...rest }: Get | Post): Contender => {
  const asks = 'body' in rest
  let first = 0
  return async (seconds) => {
    const { perSecond, next } = await load({
      origin,
      connections,
      seconds,
      path,
      headers: asks ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(asks && { method: 'POST', body: rest.body }),
      expectedStatus: 200,
      ...(users !== undefined && { walk: { kind: 'users', users, first } }),
    })
    first = next
    return perSecond
  }
}

/** Gives every user a role that nobody held, then the next one: no assignment is made twice. */
export const assigning = (origin: string, { path, headers = {}, users = 1 }: Get): Contender => {
  let first = 0
  return async (seconds) => {
    const { perSecond, next } = await load({
      origin,
      connections,
      seconds,
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ roles: ['rol_[[role]]'] }),
      expectedStatus: 204,
      walk: { kind: 'assignments', users, first },
    })
    first = next
    return perSecond
  }
}
