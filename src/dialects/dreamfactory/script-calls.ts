import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JsonObject } from '#core/json.ts'
import type { Caller, ScriptCall } from './parts.ts'

/** Marks requests that a script of this very process makes; nobody else can know it. */
const mark = randomBytes(24).toString('base64url')
const markHeader = 'x-rolecall-script'

export type ScriptRights = 'system' | 'caller'

/** With whose rights a script makes this request; undefined when none does. */
export const scriptRightsOf = (request: FastifyRequest): ScriptRights | undefined => {
  const [given, rights] = String(request.headers[markHeader] ?? '').split(' ')
  return given === mark && (rights === 'system' || rights === 'caller') ? rights : undefined
}

/** Makes a script's call of this door: as its caller, or as the system. Whatever comes of it is an answer. */
export const callBack = (request: FastifyRequest, caller: Caller) =>
  callWith(request.server.inject.bind(request.server), {
    host: request.headers.host,
    apiKey: caller.apiKey,
    token: caller.session?.token,
  })

/** Makes the calls of a script that no request set off: as the system, or as somebody who has no credential. */
export const callAlone = (inject: Inject, host: string) => callWith(inject, { host })

type Inject = FastifyInstance['inject']
type Credentials = { host: string | undefined; apiKey?: string | undefined; token?: string | undefined }

const callWith =
  (inject: Inject, { host, apiKey, token }: Credentials) =>
  async ({ verb, path, payload, options }: ScriptCall, rights: ScriptRights): Promise<JsonObject> => {
    const { headers = {}, parameters = {} } = options as { headers?: JsonObject; parameters?: JsonObject }
    const url = new URL(`/api/v2/${path.replace(/^\/?(?:api\/v2\/)?/u, '')}`, 'http://door')
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
    const answer = await inject({
      method: verb as 'GET',
      url: url.pathname + url.search,
      headers: {
        ...textsOf(headers),
        host,
        'content-type': 'application/json',
        ...(apiKey !== undefined && { 'x-dreamfactory-api-key': apiKey }),
        ...(rights === 'caller' && token !== undefined && { 'x-dreamfactory-session-token': token }),
        [markHeader]: `${mark} ${rights}`,
      },
      ...(payload !== undefined && {
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      }),
    })
    return {
      status_code: answer.statusCode,
      content: parsed(answer.payload),
      content_type: 'application/json',
      format: 201,
      headers: {},
    }
  }

const textsOf = (headers: JsonObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  )

const parsed = (text: string): JsonObject[string] => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
