import type { FastifyError } from 'fastify'
import { anonymous, systemActor } from '#core/actor.ts'
import { readLookups } from '#core/entries/lookups.ts'
import { listBoundTriggers } from '#core/hooks/running.ts'
import type { Json, JsonObject } from '#core/json.ts'
import type { Run } from '#core/operation.ts'
import { type Fields, isFields } from './envelope.ts'
import { encodeError, errorBody } from './errors.ts'
import { decodeOptions } from './options.ts'
import type { Caller, DreamFactoryParts, ScriptCaller, ScriptEvent } from './parts.ts'
import type { Answer, Call, Handler, Resource } from './routes.ts'
import { callBack } from './script-calls.ts'

/** What scripts of a call are bound by: its events, and each of them with every suffix. */
export type ScriptNames = { names: readonly string[]; variants: readonly string[] }

type Scripted = Answer & { headers?: Record<string, string> }

/** Runs the event scripts around a request. @see specs: §4 of the DreamFactory dialect */
export const runScripts = async (
  { run, scripts }: DreamFactoryParts,
  resource: Resource,
  { names, variants }: ScriptNames,
  call: Call,
  handle: Handler,
): Promise<Scripted> => {
  if (!scripts || !(await anyBound(run, variants))) return handle(call)
  const caller = callerOf(call, await lookupsOf(run, call.caller))
  const answer = callBack(call.request, call.caller)
  const perform = (suffix: string, event: ScriptEvent): Promise<ScriptEvent> =>
    names.reduce<Promise<ScriptEvent>>(
      async (before, name) => scripts.runScript(`${name}${suffix}`, await before, caller, answer),
      Promise.resolve(event),
    )
  const asked: ScriptEvent = {
    request: requestOf(resource, call),
    ...(call.id !== '' && { resource: call.id }),
  }
  const before = await perform('.pre_process', asked)
  const early = before.response
  // A response that a script left in front of the handler is the answer.
  const outcome = early
    ? answerOf(early)
    : await handle(amended(call, asked, before)).catch((error: FastifyError) => ({ error }))
  const told = 'error' in outcome ? failed(outcome.error) : outcome
  const response = early ?? responseOf(told)
  const after = await perform('.post_process', { ...before, response })
  const isChanged = JSON.stringify(after.response) !== JSON.stringify(response)
  for (const name of names) {
    for (const suffix of ['', '.queued']) scripts.queue(`${name}${suffix}`, after, caller, answer)
  }
  if ('error' in outcome && !isChanged) throw outcome.error
  return isChanged && after.response ? answerOf(after.response) : told
}

const anyBound = async (run: Run, variants: readonly string[]): Promise<boolean> => {
  const bound = await run(listBoundTriggers, {}, systemActor('dreamfactory'))
  return bound.length > 0 && variants.some((name) => bound.includes(name))
}

/** Headers that are credentials; scripts act by rights of their own. */
const secretHeader = /authorization|cookie|token|api-key|x-rolecall/iu
/** Members of a payload that are no script's business. */
const secretMember = /password|^code$/iu

const requestOf = (resource: Resource, { request, verb, body }: Call): JsonObject => ({
  api_version: '2.0',
  method: verb,
  parameters: parametersOf(request.query),
  headers: Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      secretHeader.test(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  ),
  payload: withoutSecrets(body) as Json,
  content: body === undefined ? '' : JSON.stringify(withoutSecrets(body)),
  content_type: request.headers['content-type'] ?? 'application/json',
  uri: request.url.split('?')[0]!,
  service: resource.service,
  resource: resource.path,
})

const parametersOf = (query: unknown): JsonObject =>
  Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      /token|api_key/iu.test(name) ? [] : [[name, String(Array.isArray(value) ? value.at(-1) : value)]],
    ),
  )

const withoutSecrets = (body: unknown): unknown =>
  isFields(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !secretMember.test(name)))
    : (body ?? null)

/** The call as the scripts in front of it left it; what they were not told is as it was. */
const amended = (call: Call, asked: ScriptEvent, { request }: ScriptEvent): Call => {
  const changes = (name: string) => JSON.stringify(request[name]) !== JSON.stringify(asked.request[name])
  const isBodyChanged = changes('payload')
  if (!isBodyChanged && !changes('parameters')) return call
  const payload = request.payload as Fields
  const kept = isFields(call.body)
    ? Object.fromEntries(Object.entries(call.body).filter(([name]) => secretMember.test(name)))
    : {}
  const body = !isBodyChanged ? call.body : isFields(payload) ? { ...kept, ...payload } : payload
  const query = changes('parameters') ? (request.parameters as Fields) : (call.request.query as Fields)
  const { lookups } = call.options
  return { ...call, body, options: { ...decodeOptions(query, body, call.verb === 'GET'), lookups } }
}

const responseOf = ({ status = 200, body }: Answer): JsonObject => ({
  status_code: status,
  content: JSON.parse(JSON.stringify(body ?? null)) as Json,
  content_type: 'application/json',
  format: 201,
  headers: {},
})

const failed = (error: FastifyError): Answer => {
  const item = encodeError(error)
  return { status: item.status_code, body: errorBody(item) }
}

const answerOf = ({ status_code: status, content, headers }: JsonObject): Scripted => ({
  status: typeof status === 'number' && status >= 200 && status <= 599 ? status : 200,
  body: content ?? null,
  ...(isFields(headers) && {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  }),
})

/** What the lookups say for whoever asks. */
export const lookupsOf = (run: Run, { user, role, application }: Caller): Promise<Record<string, string>> =>
  run(
    readLookups,
    {
      ...(user && { userId: user.id }),
      ...(role && { roleId: role.id }),
      ...(application && { applicationId: application.id }),
    },
    anonymous('dreamfactory'),
  )

/** `platform.session`, without the keys to it. @see specs: §4.5 of the DreamFactory dialect */
const callerOf = ({ caller }: Call, lookup: Record<string, string>): ScriptCaller => {
  const { user, application, role, isAdministrator } = caller
  return {
    session: {
      ...(user && {
        user: {
          id: user.number,
          name: user.name ?? null,
          username: user.username ?? null,
          display_name: user.name ?? null,
          first_name: user.givenName ?? null,
          last_name: user.familyName ?? null,
          email: user.email ?? null,
          is_sys_admin: isAdministrator,
        },
      }),
      ...(application && { app: { id: application.number } }),
      ...(role && { role: { id: role.number, name: role.name } }),
      lookup,
    },
    ...(user && { userId: user.id }),
    ...(application && { applicationId: application.id }),
  }
}
