import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createConditions } from '#conditions/cel.ts'
import { type Actor, systemActor } from '#core/actor.ts'
import { rolecallApiId } from '#core/apis/built-in.ts'
import { bootstrapWorkspace } from '#core/bootstrap.ts'
import type { Event } from '#core/events.ts'
import { createRun, type Run, type Services } from '#core/operation.ts'
import type { Permission } from '#core/permissions.ts'
import { DomainError, type Refusal } from '#core/refusals.ts'
import type { Reader, Tx } from '#core/store.ts'
import { createUser } from '#core/users/create.ts'
import { assignPermissions } from '#core/users/permissions.ts'
import type { User } from '#core/users/user.ts'
import { isCommonPassword } from '#crypto/common-passwords.ts'
import { randomToken, sha256base64url } from '#crypto/digests.ts'
import { generateSigningKey } from '#crypto/keys.ts'
import { createPasskeys } from '#crypto/passkeys.ts'
import { createPasswordHasher } from '#crypto/passwords.ts'
import { createSealer } from '#crypto/sealing.ts'
import { createTotp } from '#crypto/totp.ts'
import { createTemplates } from '#mail/templates.ts'
import { migrate, openEngine, openStore } from '#store/open.ts'

/** A workspace of its own: real store in a directory of its own, real services, a clock that only tests move. */
export type Workspace = {
  run: Run
  reader: Reader
  services: Services
  outbox: ReturnType<typeof openStore>['outbox']
  /** Past every rule, for what no operation does. */
  write: WriteWithIds
  /** Milliseconds since 1970; stands still until a test sets it. */
  clock: { now: number }
  /** What happened since the last call, oldest first; the first call leaves out what bootstrapping did. */
  events(): Promise<Event[]>
  /** The administrator that bootstrapping made: `root`, root@example.com. */
  admin: Actor
  system: Actor
  /** A new person without roles, who holds just these permissions in the workspace. */
  person(...permissions: Permission[]): Promise<Actor>
  /** A new user without anything. */
  user(name?: string): Promise<User>
  close(): Promise<void>
}

type WriteWithIds = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

/** The instant at which every workspace begins. */
export const beginning = Date.UTC(2026, 0, 5, 8)

const passwords = { ...createPasswordHasher(), isCommon: isCommonPassword }
const conditions = createConditions()

/** Opens a bootstrapped workspace; closes it when the test given ends, or by `close`. */
export const openWorkspace = async (
  test?: Pick<TestContext, 'after'>,
  { withAdministrator = true, firstUserIsAdministrator = false } = {},
): Promise<Workspace> => {
  const directory = await mkdtemp(join(tmpdir(), 'rolecall-'))
  const clock = { now: beginning }
  const now = () => clock.now
  const engine = await openEngine(join(directory, 'rolecall.db'))
  await migrate(engine)
  const store = openStore(engine, now)
  const services: Services = {
    passwords,
    sealer: createSealer(randomBytes(32)),
    digest: sha256base64url,
    newSecret: randomToken,
    newSigningKey: (algorithm) => generateSigningKey(algorithm, now),
    firstUserIsAdministrator,
    conditions,
    links: { base: () => 'https://rolecall.example/' },
    templates: createTemplates(),
    secondFactors: { totp: createTotp(), passkeys: createPasskeys() },
  }
  const newId = idsInOrder()
  const { links } = services
  const { seal } = services.sealer
  const run = createRun({ store, services, now, newId })
  const system = systemActor('system')
  const root = { email: 'root@example.com', username: 'root', password: 'correct horse battery' }
  await run(bootstrapWorkspace, withAdministrator ? { admin: root } : {}, system)
  const administrator = await store.reader.users.findByUsername(root.username)
  let seen = await newest(store.reader)
  let people = 0

  const user = (name = `user-${++people}`) =>
    run(createUser, { username: name, email: `${name}@example.com` }, system)

  const workspace: Workspace = {
    run,
    reader: store.reader,
    services,
    outbox: store.outbox,
    write: (work) =>
      store.write((tx) =>
        work({ ...tx, now, newId, emit: async () => {}, conditions, links, seal, isCommonPassword }),
      ),
    clock,
    admin: actorOf(administrator ?? { id: 'nobody' }),
    system,
    user,
    events: async () => {
      const filter = { field: 'number', is: 'more', value: seen } as const
      const { items } = await store.reader.events.list({ filter, limit: 100_000 })
      seen = items.at(-1)?.number ?? seen
      return items
    },
    person: async (...names) => {
      const somebody = await user()
      const permissions = names.map((name) => ({ apiId: rolecallApiId, name }))
      await run(assignPermissions, { userId: somebody.id, permissions }, system)
      return actorOf(somebody)
    },
    close: async () => {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  test?.after(workspace.close)
  return workspace
}

/** A user who acts for himself through the native door. */
/** Somebody who has just proven who he is, whatever the clock says. */
export const actorOf = ({ id }: Pick<User, 'id'>): Actor => ({
  kind: 'user',
  id,
  door: 'native',
  provenAt: Number.MAX_SAFE_INTEGER,
})

/** What the work is refused with; fails when it is done, or goes wrong in another way. */
export const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
  try {
    await work
  } catch (error) {
    if (error instanceof DomainError) return error.refusal
    throw error
  }
  throw new Error('It was done, and should have been refused')
}

const newest = async (reader: Reader): Promise<number> => {
  const order = [{ field: 'number', direction: 'descending' } as const]
  const { items } = await reader.events.list({ order, limit: 1 })
  return items[0]?.number ?? 0
}

/** 24 hex characters, as real ids are, counting from one. */
const idsInOrder = () => {
  let count = 0
  return () => (++count).toString(16).padStart(24, '0')
}
