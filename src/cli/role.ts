import type { Command } from 'commander'
import { equal, every } from '#core/listing.ts'
import type { Run } from '#core/operation.ts'
import { DomainError } from '#core/refusals.ts'
import { assignRoles } from '#core/roles/assign.ts'
import { listAssignments, listRoles } from '#core/roles/read.ts'
import { removeRoles } from '#core/roles/remove.ts'
import type { Role } from '#core/roles/role.ts'
import { parseScope, type Scope } from '#core/scope.ts'
import { inWorkspace, operator, withJson } from './command.ts'
import { UsageError } from './faults.ts'
import { findUser } from './find.ts'

type Options = {
  json?: boolean
  user: string
  role: string
  scope: string
  expires?: string
  reason?: string
}

export const addRole = (program: Command): void => {
  const role = program.command('role').description('give, take and list roles')
  const named = (command: Command) =>
    withJson(command)
      .requiredOption('--user <user>', 'id, e-mail address or user name')
      .requiredOption('--role <role>', 'id or name')
      .option('--scope <scope>', 'workspace, application:<id>, organization:<id> or room:<id>', 'workspace')

  named(role.command('assign').description('give a user a role'))
    .option('--expires <instant>', 'when it stops to count, as 2026-12-31T23:59:59Z')
    .option('--reason <text>', 'why, for whoever asks later')
    .action((options: Options) =>
      inWorkspace(options, async ({ run }, output) => {
        const input = await decode(run, options)
        const { reason } = options
        const expiresAt = options.expires === undefined ? undefined : readInstant(options.expires)
        const added = await run(assignRoles, { ...input, reason, expiresAt }, operator)
        output.show({ ...input, added: added > 0 }, ['userIds', 'roleIds', 'scope', 'added'])
        output.say(added > 0 ? 'Assigned.' : 'He holds it already; nothing changed.')
      }),
    )

  named(role.command('revoke').description('take a role from a user')).action((options: Options) =>
    inWorkspace(options, async ({ run }, output) => {
      const input = await decode(run, options)
      const removed = await run(removeRoles, input, operator)
      output.show({ ...input, removed: removed > 0 }, ['userIds', 'roleIds', 'scope', 'removed'])
      output.say(removed > 0 ? 'Taken.' : 'He does not hold it; nothing changed.')
    }),
  )

  withJson(role.command('list').description('list roles, or the assignments of a user or a role'))
    .option('--user <user>', 'id, e-mail address or user name')
    .option('--role <role>', 'id or name')
    .action((options: { json?: boolean; user?: string; role?: string }) =>
      inWorkspace(options, async ({ run }, output) => {
        if (options.user === undefined && options.role === undefined) {
          const { items } = await run(listRoles, { listing: { limit: 10_000 }, withBuiltIns: true }, operator)
          return output.show(items, ['id', 'name', 'heldIn', 'isBuiltIn', 'description'])
        }
        const filter = every(
          options.user === undefined ? undefined : equal('userId', (await findUser(run, options.user)).id),
          options.role === undefined ? undefined : equal('roleId', (await findRole(run, options.role)).id),
        )
        const { items } = await run(listAssignments, { listing: { limit: 10_000, filter } }, operator)
        const shown = items.map(({ createdAt, expiresAt, actor, ...rest }) => ({
          ...rest,
          by: `${actor.kind} ${actor.id}`,
          since: new Date(createdAt).toISOString(),
          until: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
        }))
        output.show(shown, ['userId', 'roleId', 'scope', 'source', 'door', 'by', 'since', 'until', 'reason'])
      }),
    )
}

const decode = async (run: Run, { user, role, scope }: Options) => ({
  userIds: [(await findUser(run, user)).id],
  roleIds: [(await findRole(run, role)).id],
  scope: readScope(scope),
})

/** A role by its id, or by its name when only one has it. */
export const findRole = async (run: Run, text: string): Promise<Role> => {
  const named = { any: [equal('id', text), { ...equal('name', text), ignoreCase: true }] }
  const { items } = await run(
    listRoles,
    { listing: { limit: 10, filter: named }, withBuiltIns: true },
    operator,
  )
  const exact = items.find((role) => role.id === text)
  if (exact) return exact
  if (items.length > 1) throw new UsageError(`Several roles are called ${text}: name the id.`)
  if (!items[0]) throw new DomainError({ code: 'not_found', kind: 'role', id: text })
  return items[0]
}

export const readScope = (text: string): Scope => {
  const scope = parseScope(text)
  if (!scope)
    throw new UsageError(
      `${text} is no scope; accepted: workspace, application:<id>, organization:<id>, room:<id>`,
    )
  return scope
}

const readInstant = (text: string): number => {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new UsageError(`${text} is no instant; accepted: 2026-12-31T23:59:59Z`)
  return instant
}
