/**
 * One row per variable that Rolecall reads. `config.ts` validates by it, refusals quote `accepts`, and the table in the
 * README is made from it.
 */
export type EnvironmentVariable = {
  name: string
  /** The value that counts when the variable is unset or empty. */
  default?: string
  /** In words, where the default follows from other variables. */
  derivedDefault?: string
  /** Markdown. */
  meaning: string
  /** Ends the sentence "accepted: …". */
  accepts: string
  /** Never to be shown, not even when it is wrong. */
  isSecret?: true
}

const onOrOff = '`on` or `off`'

export const environment = [
  {
    name: 'ROLECALL_HOST',
    default: '127.0.0.1',
    meaning: 'Address to listen on',
    accepts: 'an IP address without brackets, or a host name',
  },
  {
    name: 'ROLECALL_PORT',
    default: '3000',
    meaning: 'Plain HTTP; `0` takes any free port',
    accepts: 'a port from 0 to 65535',
  },
  {
    name: 'ROLECALL_HTTPS_PORT',
    default: '3443',
    meaning:
      'HTTPS; `off` disables it. Without a certificate of your own a local authority is made once; ' +
      'clients trust `<data dir>/ca.pem`',
    accepts: 'a port from 0 to 65535 other than the one for plain HTTP, or `off`',
  },
  {
    name: 'ROLECALL_TLS_CERT',
    meaning: 'Path of your own certificate (PEM, with its chain)',
    accepts: 'the path of a readable PEM certificate, together with ROLECALL_TLS_KEY',
  },
  {
    name: 'ROLECALL_TLS_KEY',
    meaning: 'Path of its private key (PEM, without a passphrase)',
    accepts:
      'the path of the readable PEM private key that belongs to ROLECALL_TLS_CERT, without a passphrase',
  },
  {
    name: 'ROLECALL_PUBLIC_URL',
    derivedDefault: '`https://localhost:<https port>`',
    meaning:
      'Issuer and base of links; a comma list adds aliases. Requests for any other host are answered 421, ' +
      'except for loopback names on the listening ports',
    accepts:
      'a comma list of `https://host[:port]` or `http://host[:port]`, without path, query or credentials',
  },
  {
    name: 'ROLECALL_DATA_DIR',
    default: './data',
    meaning: 'SQLite file, keys, local authority, mail, hook dependencies. Created with mode 700',
    accepts: 'the path of a directory, or of one that can be created',
  },
  {
    name: 'ROLECALL_DATABASE_URL',
    derivedDefault: 'SQLite in `<data dir>/rolecall.db`',
    meaning: 'PostgreSQL, or an engine that speaks its protocol',
    accepts: '`postgres://user:password@host[:port]/database`, special characters percent-encoded',
    isSecret: true,
  },
  {
    name: 'ROLECALL_ADMIN_EMAIL',
    meaning: 'First start only: creates this administrator. Unset: a one-time set-up link is printed instead',
    accepts: 'an e-mail address, together with ROLECALL_ADMIN_PASSWORD',
  },
  {
    name: 'ROLECALL_ADMIN_PASSWORD',
    meaning: "First start only: the administrator's password",
    accepts: 'a password without control characters, together with ROLECALL_ADMIN_EMAIL',
    isSecret: true,
  },
  {
    name: 'ROLECALL_ADMIN_USERNAME',
    derivedDefault: 'local part of the e-mail',
    meaning: "First start only: the administrator's user name",
    accepts: 'a user name without spaces, together with ROLECALL_ADMIN_EMAIL',
  },
  {
    name: 'ROLECALL_CLIENT_ID',
    meaning: 'First start only: a machine-to-machine application with every Management API scope',
    accepts: 'printable ASCII characters without spaces, together with ROLECALL_CLIENT_SECRET',
  },
  {
    name: 'ROLECALL_CLIENT_SECRET',
    meaning: 'First start only: the secret of that application',
    accepts: 'printable ASCII characters, together with ROLECALL_CLIENT_ID',
    isSecret: true,
  },
  {
    name: 'ROLECALL_API_KEY',
    meaning: 'First start only: the API key (DreamFactory dialect) of the first application, named `default`',
    accepts: 'at least 16 printable ASCII characters without spaces',
    isSecret: true,
  },
  {
    name: 'ROLECALL_SMTP_URL',
    meaning: 'Unset: each mail is written to `<data dir>/mail/*.eml` and listed in the dashboard',
    accepts: '`smtp://` or `smtps://` with `[user:password@]host[:port]`, special characters percent-encoded',
    isSecret: true,
  },
  {
    name: 'ROLECALL_MAIL_FROM',
    meaning: 'Sender of the mails',
    accepts: 'an e-mail address, alone or as `Name <address>`',
  },
  {
    name: 'ROLECALL_FIRST_USER_IS_ADMIN',
    default: 'off',
    meaning:
      '`on`: on an empty workspace the first registered user becomes administrator, and owner of the room `GENERAL`',
    accepts: onOrOff,
  },
  {
    name: 'ROLECALL_LOG_LEVEL',
    default: 'info',
    meaning: 'The least level that is logged',
    accepts: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`',
  },
  { name: 'ROLECALL_RATE_LIMITS', default: 'on', meaning: '`off` for load tests', accepts: onOrOff },
  {
    name: 'ROLECALL_TRUST_PROXY',
    meaning: 'Comma list of proxy addresses whose `X-Forwarded-*` are believed',
    accepts: 'a comma list of IP addresses and CIDR ranges such as `10.0.0.0/8`',
  },
] as const satisfies readonly EnvironmentVariable[]

export type VariableName = (typeof environment)[number]['name']

/** A variable is wrong. The message is one line: the variable, its fault, what is accepted. Never a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variable: VariableName

  constructor(variable: VariableName, fault: string) {
    super(`${variable} ${fault}; accepted: ${rowOf(variable).accepts}`)
    this.variable = variable
  }
}

export const rowOf = (name: VariableName): EnvironmentVariable => {
  const row = environment.find((candidate) => candidate.name === name)
  if (!row) throw new Error(`No row for ${name}`)
  return row
}

/** The rows as a Markdown table: variable, default, meaning. */
export const environmentTable = (rows: readonly EnvironmentVariable[] = environment): string =>
  [
    '| variable | default | meaning |',
    '|---|---|---|',
    ...rows.map((row) => `| \`${row.name}\` | ${describeDefault(row)} | ${row.meaning} |`),
    '',
  ].join('\n')

const describeDefault = (row: EnvironmentVariable): string =>
  row.derivedDefault ?? (row.default === undefined ? 'unset' : `\`${row.default}\``)

/** One line for each variable that looks like ours and isn't. Those of the test suites are left alone. */
export const warnOfUnknown = (env: Readonly<Record<string, string | undefined>>): string[] => {
  const known = new Set<string>(environment.map(({ name }) => name))
  return Object.keys(env)
    .filter((name) => name.startsWith('ROLECALL_') && !name.startsWith('ROLECALL_TEST_') && !known.has(name))
    .map((name) => {
      const meant = nearest(name, [...known])
      return `${JSON.stringify(name).slice(1, -1)} is not a variable of Rolecall${meant ? `; did you mean ${meant}?` : ''}`
    })
}

/** The candidate that takes the fewest changed letters, if those are few. */
const nearest = (name: string, candidates: readonly string[]): string | undefined => {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.slice(0, 60), candidate) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= 3 ? best.candidate : undefined
}

/** How many letters must be added, left out or replaced to get from one to the other (Levenshtein). */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + (to[j] === letter ? 0 : 1)
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row.at(-1)!
}
