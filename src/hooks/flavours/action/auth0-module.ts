/**
 * Lets one code work with every major of the `auth0` package from 2.17. Methods that a version lacks are added to its
 * `ManagementClient`, under the names of versions 2 to 4, and lead to what the version has. Nothing that is there is
 * replaced.
 *
 * @see https://github.com/auth0/node-auth0 (v5_MIGRATION_GUIDE.md, read 2026-11)
 */
export const extendAuth0 = (module: object): object => {
  const { ManagementClient } = module as { ManagementClient?: Constructor }
  if (typeof ManagementClient !== 'function') return module
  const Extended = class extends ManagementClient {
    constructor(...args: unknown[]) {
      super(...args)
      extendClient(this as Client)
    }
  }
  // Static members and the name stay as they are.
  Object.defineProperty(Extended, 'name', { value: ManagementClient.name })
  return new Proxy(module, {
    get: (target, key, receiver) =>
      key === 'ManagementClient' ? Extended : Reflect.get(target, key, receiver),
  })
}

type Constructor = new (...args: unknown[]) => object
type Method = (...args: unknown[]) => unknown
type Client = Record<string, unknown>
type Asked = Record<string, unknown>

const extendClient = (client: Client): void => {
  const users = managerOf(client, 'users')
  const roles = managerOf(client, 'roles')
  if (users) {
    const ofUser = managerOf(users, 'roles')
    const permissions = managerOf(users, 'permissions')
    const assign = pick(users, ['assignRoles', 'assignRolestoUser']) ?? (ofUser && byId(ofUser, 'assign'))
    add(users, 'assignRoles', assign)
    add(users, 'assignRolestoUser', assign)
    add(users, 'getRoles', ofUser && byId(ofUser, 'list'))
    add(users, 'deleteRoles', pick(users, ['removeRoles']) ?? (ofUser && byId(ofUser, 'delete')))
    add(users, 'removeRoles', pick(users, ['deleteRoles']) ?? (ofUser && byId(ofUser, 'delete')))
    add(users, 'assignPermissions', permissions && byId(permissions, 'create'))
    add(users, 'deletePermissions', permissions && byId(permissions, 'delete'))
    add(users, 'getPermissions', permissions && byId(permissions, 'list'))
    add(users, 'getAll', pick(users, ['list']))
    add(client, 'assignRolestoUser', assign)
    add(client, 'removeRolesFromUser', pick(users, ['deleteRoles']))
    add(client, 'getUserRoles', pick(users, ['getRoles']))
  }
  if (roles) {
    const ofRole = managerOf(roles, 'users')
    const permissions = managerOf(roles, 'permissions')
    add(roles, 'assignUsers', ofRole && byId(ofRole, 'assign'))
    add(roles, 'getUsers', ofRole && byId(ofRole, 'list'))
    add(roles, 'addPermissions', permissions && byId(permissions, 'add'))
    add(roles, 'deletePermissions', permissions && byId(permissions, 'delete'))
    add(roles, 'getPermissions', permissions && byId(permissions, 'list'))
    add(roles, 'getAll', pick(roles, ['list']))
  }
}

const managerOf = (owner: Client, name: string): Client | undefined => {
  const manager = owner[name]
  return typeof manager === 'object' && manager !== null ? (manager as Client) : undefined
}

const pick = (owner: Client, names: readonly string[]): Method | undefined => {
  const found = names.find((name) => typeof owner[name] === 'function')
  return found === undefined ? undefined : (...args) => (owner[found] as Method)(...args)
}

/** `method({ id, … }, body)` of version 4, from `method(id, { …, …body })` of versions 5 and later. */
const byId = (manager: Client, name: string): Method | undefined =>
  typeof manager[name] === 'function'
    ? (asked, body) => {
        const { id, ...others } = asked as Asked
        return (manager[name] as Method)(id, { ...others, ...(body as Asked | undefined) })
      }
    : undefined

const add = (owner: Client, name: string, method: Method | undefined): void => {
  if (!method || owner[name] !== undefined) return
  Object.defineProperty(owner, name, { value: method, enumerable: false, configurable: true, writable: true })
}
