import type { JsonObject } from '../../../core/json.ts'
import type { RunContext } from '../../sandbox/inside/serve.ts'
import { createCache } from './cache.ts'
import type { ActionSettings } from './payload.ts'
import { createRedirect } from './redirect.ts'

type Intent = { type: string } & Record<string, unknown>
type Method = (...args: never[]) => unknown
type Family = Record<string, Method>

/**
 * The `api` object of a trigger. Each member writes down what was asked for and returns `api`, as Auth0's do.
 *
 * @see https://auth0.com/docs/customize/actions/explore-triggers (per trigger; read 2026-11)
 */
export const createApi = (event: JsonObject, settings: ActionSettings, context: RunContext) => {
  const intents: Intent[] = []
  /** What was asked for and can't be had. Thrown as well; kept because a script may catch it. */
  const faults: string[] = []
  const api: Record<string, Family> = {}
  const ask = (type: string, fields: Record<string, unknown> = {}) => {
    intents.push({ type, ...fields })
    return api
  }
  const refuse = (name: string) => (): never => {
    const message = `api.${name} is not supported by this server`
    faults.push(message)
    throw new Error(message)
  }

  const families: Record<string, Family> = {
    access: {
      deny: (...args: unknown[]) => ask('access.deny', denial(settings.trigger, args)),
    },
    validation: {
      error: (code: unknown, message: unknown) =>
        ask('validation.error', { code: String(code), message: String(message) }),
    },
    accessToken: {
      setCustomClaim: (name: string, value: unknown) => ask('accessToken.setCustomClaim', claim(name, value)),
      addScope: (scope: string) => ask('accessToken.addScope', { scope: String(scope) }),
      removeScope: (scope: string) => ask('accessToken.removeScope', { scope: String(scope) }),
    },
    idToken: {
      setCustomClaim: (name: string, value: unknown) => ask('idToken.setCustomClaim', claim(name, value)),
    },
    // Tokens of SAML are not issued here; scripts that shape them as well are not to fail for it.
    samlResponse: answering(() => api),
    user: {
      setAppMetadata: (name: string, value: unknown) => ask('user.setAppMetadata', metadata(name, value)),
      setUserMetadata: (name: string, value: unknown) => ask('user.setUserMetadata', metadata(name, value)),
      assignRole: (role: string) => ask('user.assignRole', { role: String(role) }),
      removeRole: (role: string) => ask('user.removeRole', { role: String(role) }),
    },
    cache: createCache(settings.cache ?? {}, ask),
    redirect: createRedirect(event, settings.redirect, ask),
    multifactor: { enable: refuse('multifactor.enable') },
    authentication: {
      challengeWith: refuse('authentication.challengeWith'),
      challengeWithAny: refuse('authentication.challengeWithAny'),
      enrollWith: refuse('authentication.enrollWith'),
      enrollWithAny: refuse('authentication.enrollWithAny'),
      recordMethod: (url: string) => ask('authentication.recordMethod', { url: String(url) }),
      setPrimaryUser: (userId: string) => {
        if (intents.some(({ type }) => type === 'authentication.setPrimaryUser'))
          throw new Error('The primary user can be set once only')
        return ask('authentication.setPrimaryUser', { userId: String(userId) })
      },
    },
    session: {
      ...lifetimes('session', ask),
      setCookieMode: (mode: string) => ask('session.setCookieMode', { mode }),
    },
    refreshToken: lifetimes('refreshToken', ask),
    transaction: {
      setMetadata: (name: string, value: unknown) => ask('transaction.setMetadata', metadata(name, value)),
      addTargetScope: (scope: string) => ask('transaction.addTargetScope', { scope: String(scope) }),
      removeTargetScope: (scope: string) => ask('transaction.removeTargetScope', { scope: String(scope) }),
      setTargetScopes: (scopes: string[]) =>
        ask('transaction.setTargetScopes', { scopes: scopes.map(String) }),
      clearTargetScopes: () => ask('transaction.setTargetScopes', { scopes: [] }),
    },
    prompt: { render: refuse('prompt.render') },
    rules: { wasExecuted: () => false },
    roles: {
      getUserEffectiveRoles: (options: JsonObject = {}) =>
        context.call('roles.getUserEffectiveRoles', options),
      getUserEffectiveRolesByIds: (ids: string[]) => context.call('roles.getUserEffectiveRoles', { ids }),
      getUserEffectiveRolesByNames: (names: string[]) =>
        context.call('roles.getUserEffectiveRoles', { names }),
    },
  }
  const offered = familiesOf[settings.trigger]
  for (const [name, family] of Object.entries(families)) {
    if (!offered || offered.includes(name)) api[name] = loud(name, family, refuse)
  }
  return { api: loudRoot(api, refuse), intents, faults }
}

/** What each trigger's `api` has; a trigger that isn't listed has everything. */
const familiesOf: Readonly<Record<string, readonly string[]>> = {
  'credentials-exchange': ['access', 'accessToken', 'cache', 'transaction'],
  'pre-user-registration': ['access', 'user', 'validation', 'cache'],
  'post-user-registration': ['cache', 'user'],
  'post-change-password': ['cache'],
}

/** `deny(reason)`, `deny(code, reason)` for client credentials and drafts, `deny(reason, userMessage)` at registration. */
const denial = (trigger: string, args: readonly unknown[]): Record<string, string> => {
  const [first = '', second] = args.map(String)
  if (second === undefined) return { reason: first }
  return trigger === 'pre-user-registration'
    ? { reason: first, userMessage: second }
    : { code: first, reason: second }
}

const claim = (name: string, value: unknown) => ({
  name: String(name),
  ...(value !== undefined && value !== null && { value }),
})

const metadata = (name: string, value: unknown) => ({ name: String(name), value: value ?? null })

const instant = (at: unknown) => ({ at: new Date(at as string | number).getTime() })

const lifetimes = (
  name: string,
  ask: (type: string, fields?: Record<string, unknown>) => unknown,
): Family => ({
  revoke: (reason?: string) => ask(`${name}.revoke`, reason === undefined ? {} : { reason: String(reason) }),
  setExpiresAt: (at: unknown) => ask(`${name}.setExpiresAt`, instant(at)),
  setIdleExpiresAt: (at: unknown) => ask(`${name}.setIdleExpiresAt`, instant(at)),
  setMetadata: (key: string, value: unknown) => ask(`${name}.setMetadata`, metadata(key, value)),
  deleteMetadata: (key: string) => ask(`${name}.deleteMetadata`, { name: String(key) }),
  evictMetadata: () => ask(`${name}.evictMetadata`),
})

/** Any method at all, each with the same answer. */
const answering = (answer: () => unknown): Family => new Proxy({}, { get: () => answer, has: () => true })

/** What packages and consoles look for on any object. */
const isAsked = (key: string | symbol): key is string =>
  typeof key === 'string' && key !== 'then' && key !== 'toJSON' && key !== 'constructor'

/** A method that isn't there fails by its name when it is called, not with "undefined is not a function". */
const loud = (name: string, family: Family, refuse: (name: string) => () => never): Family =>
  new Proxy(family, {
    get: (target, key, receiver) =>
      Reflect.has(target, key) || !isAsked(key)
        ? Reflect.get(target, key, receiver)
        : refuse(`${name}.${key}`),
  })

const loudRoot = (
  api: Record<string, Family>,
  refuse: (name: string) => () => never,
): Record<string, Family> =>
  new Proxy(api, {
    get: (target, key, receiver) =>
      Reflect.has(target, key) || !isAsked(key)
        ? Reflect.get(target, key, receiver)
        : new Proxy({}, { get: (_, method) => (isAsked(method) ? refuse(`${key}.${method}`) : undefined) }),
  })
