import { resolve } from 'node:path'
import { ConfigError, rowOf, type VariableName, warnOfUnknown } from './config/environment.ts'
import { checkDirectory, checkTls } from './config/files.ts'
import {
  type LogLevel,
  type Parse,
  parseAddresses,
  parseApiKey,
  parseBoolean,
  parseClientId,
  parseClientSecret,
  parseEmail,
  parseHost,
  parseHttpsPort,
  parseLogLevel,
  parseMailbox,
  parseOrigins,
  parsePassword,
  parsePort,
  parseUrlOf,
  parseUsername,
} from './config/values.ts'

export { ConfigError, environment, environmentTable } from './config/environment.ts'
export type { LogLevel } from './config/values.ts'

/** What the operator asked for. Deeply frozen. It holds secrets: don't log it. */
export type Config = {
  readonly host: string
  readonly port: number
  readonly httpsPort: number | 'off'
  /** Absolute paths of a certificate and its key. Unset: the local authority's. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined
  /**
   * Origins without a final slash, no two the same; the first is the issuer's. Where it is the default and its port is
   * 0, the port is known only after listening: then it is `localOrigin` of the real ports.
   */
  readonly publicUrls: readonly [string, ...string[]]
  /** Absolute. */
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly admin: { readonly email: string; readonly password: string; readonly username: string } | undefined
  readonly client: { readonly id: string; readonly secret: string } | undefined
  readonly apiKey: string | undefined
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  readonly firstUserIsAdmin: boolean
  readonly logLevel: LogLevel
  readonly rateLimits: boolean
  /** IP addresses and CIDR ranges. */
  readonly trustProxy: readonly string[]
  /** What npm goes by when packages of scripts are installed. */
  readonly npmEnvironment: Readonly<Record<string, string | undefined>>
  /** One line each: variables that begin with `ROLECALL_` and mean nothing, settings without effect. */
  readonly warnings: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks every variable of `environment`. A variable that is empty counts as unset.
 *
 * @param cwd what relative paths are relative to
 * @throws ConfigError for the first wrong value
 */
export const readConfig = (env: Env, cwd: string = process.cwd()): Config => {
  const value = (name: VariableName): string | undefined => env[name] || rowOf(name).default
  const optional = <Result>(name: VariableName, parse: Parse<Result>): Result | undefined => {
    const text = value(name)
    return text === undefined ? undefined : parse(name, text)
  }
  const required = <Result>(name: VariableName, parse: Parse<Result>): Result =>
    parse(name, value(name) ?? '')
  const path: Parse<string> = (_name, text) => resolve(cwd, text)

  const host = required('ROLECALL_HOST', parseHost)
  const port = required('ROLECALL_PORT', parsePort)
  const httpsPort = required('ROLECALL_HTTPS_PORT', parseHttpsPort)
  if (port === httpsPort && port !== 0) {
    throw new ConfigError('ROLECALL_HTTPS_PORT', `is ${port}, which ROLECALL_PORT takes already`)
  }
  const tls = pair(
    ['ROLECALL_TLS_CERT', optional('ROLECALL_TLS_CERT', path)],
    ['ROLECALL_TLS_KEY', optional('ROLECALL_TLS_KEY', path)],
    (certPath, keyPath) => ({ certPath, keyPath }),
  )
  if (tls) checkTls(tls)

  const username = optional('ROLECALL_ADMIN_USERNAME', parseUsername)
  const admin = pair(
    ['ROLECALL_ADMIN_EMAIL', optional('ROLECALL_ADMIN_EMAIL', parseEmail)],
    ['ROLECALL_ADMIN_PASSWORD', optional('ROLECALL_ADMIN_PASSWORD', parsePassword)],
    (email, password) => ({ email, password, username: username ?? email.slice(0, email.indexOf('@')) }),
  )
  if (username && !admin)
    throw new ConfigError('ROLECALL_ADMIN_USERNAME', 'is set without ROLECALL_ADMIN_EMAIL')

  const client = pair(
    ['ROLECALL_CLIENT_ID', optional('ROLECALL_CLIENT_ID', parseClientId)],
    ['ROLECALL_CLIENT_SECRET', optional('ROLECALL_CLIENT_SECRET', parseClientSecret)],
    (id, secret) => ({ id, secret }),
  )

  const warnings = warnOfUnknown(env)
  if (tls && httpsPort === 'off') {
    warnings.push('ROLECALL_TLS_CERT has no effect while ROLECALL_HTTPS_PORT is off')
  }

  return deepFreeze({
    host,
    port,
    httpsPort,
    tls,
    publicUrls: optional('ROLECALL_PUBLIC_URL', parseOrigins) ?? [localOrigin({ port, httpsPort })],
    dataDir: checkDirectory(required('ROLECALL_DATA_DIR', path)),
    databaseUrl: optional('ROLECALL_DATABASE_URL', parseUrlOf(['postgres:', 'postgresql:'])),
    admin,
    client,
    apiKey: optional('ROLECALL_API_KEY', parseApiKey),
    smtpUrl: optional('ROLECALL_SMTP_URL', parseUrlOf(['smtp:', 'smtps:'])),
    mailFrom: optional('ROLECALL_MAIL_FROM', parseMailbox),
    firstUserIsAdmin: required('ROLECALL_FIRST_USER_IS_ADMIN', parseBoolean),
    logLevel: required('ROLECALL_LOG_LEVEL', parseLogLevel),
    rateLimits: required('ROLECALL_RATE_LIMITS', parseBoolean),
    trustProxy: optional('ROLECALL_TRUST_PROXY', parseAddresses) ?? [],
    npmEnvironment: Object.fromEntries(Object.entries(env).filter(([name]) => npmVariable.test(name))),
    warnings,
  })
}

/** What npm goes by when packages of scripts are installed: where it is, its settings, proxies and authorities. */
const npmVariable =
  /^(?:path|home|userprofile|appdata|npm_config_.*|https?_proxy|no_proxy|node_extra_ca_certs)$/iu

/** The origin under which this machine itself reaches the server: HTTPS, or HTTP where that is off. */
export const localOrigin = ({ port, httpsPort }: Pick<Config, 'port' | 'httpsPort'>): string =>
  new URL(httpsPort === 'off' ? `http://localhost:${port}` : `https://localhost:${httpsPort}`).origin

type Named = readonly [VariableName, string | undefined]

/** Two variables of which each is useless without the other. */
const pair = <Result>(
  [firstName, first]: Named,
  [secondName, second]: Named,
  join: (first: string, second: string) => Result,
): Result | undefined => {
  if (first === undefined && second === undefined) return undefined
  if (second === undefined) throw new ConfigError(firstName, `is set without ${secondName}`)
  if (first === undefined) throw new ConfigError(secondName, `is set without ${firstName}`)
  return join(first, second)
}

const deepFreeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
