import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pino from 'pino'
import { openWorkspace } from '#src/compose/workspace.ts'
import { readConfig } from '#src/config.ts'

export const benchClient = { id: 'bench', secret: 'bench-secret-0123456789' }
export const benchAdministrator = { email: 'admin@example.com', password: 'bench-Password-0123' }

export const userId = (index: number): string => index.toString(16).padStart(24, '0')
export const roleId = (index: number): string => `f${index.toString(16).padStart(23, '0')}`

/** The body of a request for a token that may read, decide and assign. */
export const tokenRequest = (origin: string): string =>
  JSON.stringify({
    grant_type: 'client_credentials',
    client_id: benchClient.id,
    client_secret: benchClient.secret,
    audience: `${origin}/api/v2/`,
    scope: 'read:users read:roles update:users read:user_effective_permissions',
  })

export const rolesPerUser = 10
export const spareRoles = 20
const batchSize = 10_000

/**
 * Fills a data directory with users who hold ten roles each. Rows are inserted raw: this is preparation, not a measure.
 * Roles beyond the ten are held by nobody, for writes to give out.
 */
export const seed = async (directory: string, users: number, tell: (done: number) => void): Promise<void> => {
  await mkdir(directory, { recursive: true })
  const workspace = await openWorkspace(
    readConfig({
      ROLECALL_DATA_DIR: directory,
      ROLECALL_CLIENT_ID: benchClient.id,
      ROLECALL_CLIENT_SECRET: benchClient.secret,
      // So that no start offers a set-up link, which is a write.
      ROLECALL_ADMIN_EMAIL: benchAdministrator.email,
      ROLECALL_ADMIN_PASSWORD: benchAdministrator.password,
    }),
    { now: Date.now, newId: () => randomBytes(12).toString('hex'), logger: pino({ level: 'error' }) },
  )
  await workspace.close()
  const database = new DatabaseSync(join(directory, 'rolecall.db'))
  database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -262144')
  const addRole =
    database.prepare(`insert into roles (id, name, name_key, description, is_built_in, held_in, is_active,
    requires_second_factor, created_at, updated_at, extensions) values (?, ?, ?, '', 0, 'workspace', 1, 0, 0, 0, '{}')`)
  database.exec('begin')
  for (let index = 0; index < rolesPerUser + spareRoles; index += 1)
    addRole.run(roleId(index), `role ${index}`, `role ${index}`)
  const addPermission = database.prepare(
    `insert into permissions (api_id, name, description) values (?, ?, '')`,
  )
  database.exec(`insert into apis (id, identifier, name, is_built_in, signing_algorithm, token_lifetime_seconds,
    web_token_lifetime_seconds, allows_offline_access, created_at, updated_at, extensions)
    values ('bench-api', 'https://bench.example', 'Bench', 0, 'RS256', 86400, 7200, 0, 0, 0, '{}')`)
  const give = database.prepare(
    `insert into role_permissions (role_id, api_id, name) values (?, 'bench-api', ?)`,
  )
  for (let index = 0; index < rolesPerUser; index += 1) {
    addPermission.run('bench-api', `do:${index}`)
    give.run(roleId(index), `do:${index}`)
  }
  database.exec('commit')
  const addUser =
    database.prepare(`insert into users (id, kind, username, username_key, email, email_key, is_email_verified, name, user_metadata,
    app_metadata, roles_version, logins_count, created_at, updated_at, extensions)
    values (?, 'person', ?, ?, ?, ?, 1, ?, '{}', '{}', 1, 0, ?, ?, '{}')`)
  const assign =
    database.prepare(`insert into assignments (user_id, role_id, scope, source, actor_kind, actor_id, door,
    created_at) values (?, ?, 'workspace', 'direct', 'system', 'system', 'cli', 0)`)
  for (let first = 0; first < users; first += batchSize) {
    database.exec('begin')
    for (let index = first; index < Math.min(users, first + batchSize); index += 1) {
      const [id, email] = [userId(index), `user${index}@example.com`]
      addUser.run(id, id, id, email, email, `User ${index}`, index, index)
      for (let role = 0; role < rolesPerUser; role += 1) assign.run(id, roleId(role))
    }
    database.exec('commit')
    tell(Math.min(users, first + batchSize))
  }
  // No `analyze`: nobody runs it on an installed server, and what it says of tables that are still empty misleads.
  database.exec('pragma wal_checkpoint(truncate)')
  database.close()
}
