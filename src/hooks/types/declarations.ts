import { actionEvents, EventScriptEvent } from './schemas.ts'

/** As much of JSON Schema as the payloads use. */
type Schema = {
  type?: string
  properties?: Record<string, Schema>
  required?: readonly string[]
  items?: Schema
  patternProperties?: Record<string, Schema>
  description?: string
}

/** The TypeScript that says the same as a schema. */
export const typeOf = (schema: Schema, indent = ''): string => {
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly ${bracketed(typeOf(schema.items ?? {}, indent))}[]`
    case 'object':
      return objectType(schema, indent)
    default:
      return 'any'
  }
}

const bracketed = (type: string): string => (/[ |]/u.test(type) && !type.startsWith('{') ? `(${type})` : type)

const objectType = ({ properties, required = [], patternProperties }: Schema, indent: string): string => {
  const [values] = Object.values(patternProperties ?? {})
  if (!properties) return `{ readonly [key: string]: ${values ? typeOf(values, indent) : 'any'} }`
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? '' : '?'
    return `${inner}readonly ${name}${mark}: ${typeOf(property, inner)}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

const cache = `  cache: {
    get(key: string): { value: string; expires_at: number } | undefined
    set(key: string, value: string, options?: { ttl?: number; expires_at?: number }): { type: 'success' } | { type: 'error'; code: string }
    delete(key: string): { type: 'success' }
  }`

const roleMethods = `    /** Rolecall's own, for a hook that runs as the system: an id or a name. */
    assignRole(role: string): Api
    removeRole(role: string): Api`

/** What each trigger's `api` has. */
const apis: Readonly<Record<keyof typeof actionEvents, string>> = {
  PostLogin: `{
  access: { deny(reason: string): Api }
  validation: { error(code: string, message: string): Api }
  accessToken: {
    setCustomClaim(name: string, value: any): Api
    addScope(scope: string): Api
    removeScope(scope: string): Api
  }
  idToken: { setCustomClaim(name: string, value: any): Api }
  user: {
    setAppMetadata(name: string, value: any): Api
    setUserMetadata(name: string, value: any): Api
${roleMethods}
  }
  session: { revoke(reason?: string): Api }
  refreshToken: { revoke(reason?: string): Api }
  transaction: { setMetadata(name: string, value: any): Api }
  roles: {
    getUserEffectiveRoles(options?: { take?: number; from?: string }): Promise<{ roles: { id: string; name: string }[]; next?: string }>
    getUserEffectiveRolesByIds(ids: string[]): Promise<{ roles: { id: string; name: string }[] }>
    getUserEffectiveRolesByNames(names: string[]): Promise<{ roles: { id: string; name: string }[] }>
  }
  rules: { wasExecuted(id: string): boolean }
${cache}
}`,
  CredentialsExchange: `{
  access: { deny(code: 'invalid_scope' | 'invalid_request' | 'server_error', reason: string): Api }
  accessToken: { setCustomClaim(name: string, value: any): Api }
  transaction: {
    addTargetScope(scope: string): Api
    removeTargetScope(scope: string): Api
    setTargetScopes(scopes: string[]): Api
    clearTargetScopes(): Api
  }
${cache}
}`,
  PreUserRegistration: `{
  access: { deny(reason: string, userMessage?: string): Api }
  validation: { error(code: string, message: string): Api }
  user: {
    setAppMetadata(name: string, value: any): Api
    setUserMetadata(name: string, value: any): Api
  }
${cache}
}`,
  PostUserRegistration: `{
  user: {
${roleMethods}
  }
${cache}
}`,
  PostChangePassword: `{\n${cache}\n}`,
  PreRoleAssignment: `{\n  access: { deny(reason: string): Api }\n${cache}\n}`,
}

const declareTrigger = (name: keyof typeof actionEvents): string => {
  const api = `${name}Api`
  return [
    `export type ${name}Event = ${typeOf(actionEvents[name] as Schema)}`,
    `export type ${api} = ${apis[name].replaceAll(/\bApi\b/gu, api)}`,
    `/** @example exports.onExecute${name} = async (event, api) => {} */`,
    `export type OnExecute${name} = (event: ${name}Event, api: ${api}) => Promise<void>`,
  ].join('\n')
}

const action = `${Object.keys(actionEvents)
  .map((name) => declareTrigger(name as keyof typeof actionEvents))
  .join('\n\n')}

/** On any event of the server: \`exports.onExecuteRoleAssigned\` for \`role.assigned\`, and so on. */
export type AnyEvent = {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly userId?: string
  readonly roleId?: string
  readonly scope?: string
  readonly data?: { readonly [key: string]: any }
  readonly user?: PostLoginEvent['user']
  readonly secrets: { readonly [key: string]: string }
}
`

const writable = (declaration: string): string => declaration.replaceAll('readonly ', '')

const eventScript = `declare const event: ${writable(typeOf(EventScriptEvent as Schema))} & {
  setRequest(request: object): void
  setResponse(content: any, statusCode?: number, contentType?: string): void
  setReturn(content: any): void
}

type PlatformAnswer = { status_code: number; content: any; content_type: string; format: number; headers: { [key: string]: string } }
type PlatformCallback = (body: string, response: { statusCode: number; headers: { [key: string]: string } }) => void
type PlatformOptions = { headers?: object; parameters?: object }

declare const platform: {
  api: {
    get(path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
    get(path: string, options: PlatformOptions, callback: PlatformCallback): void
    post(path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
    post(path: string, payload: any, options: PlatformOptions, callback: PlatformCallback): void
    put(path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
    put(path: string, payload: any, options: PlatformOptions, callback: PlatformCallback): void
    patch(path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
    patch(path: string, payload: any, options: PlatformOptions, callback: PlatformCallback): void
    delete(path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
    delete(path: string, payload: any, options: PlatformOptions, callback: PlatformCallback): void
    call(verb: string, path: string, payload?: any, options?: PlatformOptions): PlatformAnswer
  }
  session: { user?: any; app?: any; role?: any; api_key?: string; session_token?: string; lookup?: any }
  config: { api_version: string; [key: string]: any }
  store: { get(key: string, otherwise?: any): any; set(key: string, value: any): boolean }
}

declare function print(...texts: any[]): void
declare function var_dump(...values: any[]): void
declare function sleep(seconds: number): void
`

/** What scripts find, for editors; made from the schemas that their events are held to. */
export const scriptTypes = { action, 'event-script': eventScript } as const
