import type { Actor, Needs } from './actor.ts'
import { isSelf } from './actor.ts'
import { isBound } from './hooks/bound.ts'
import type { JsonObject } from './json.ts'
import type { Permission } from './permissions.ts'
import { DomainError } from './refusals.ts'
import { requireMayDo, requireStanding } from './rights.ts'
import type { Conditions } from './rules/conditions.ts'
import { type Scope, workspace } from './scope.ts'
import type { SecondFactorServices } from './second-factors/second-factor.ts'
import type { Reader, Store, Tx } from './store.ts'
import type { AskHooks, Before, CommandTriggers } from './triggers.ts'

/**
 * One thing Rolecall can do. Doors hand it to `run` with its input and the actor; nothing else reaches the store.
 * Both kinds say which permission the actor needs, and in which scope (default: the workspace).
 */
type Operation<Input> = {
  /** As it stands in the access matrix, the metrics and the logs: verb first. */
  name: string
  /** One permission, several of which any suffices, or the reason why anybody may. */
  needs: Needs
  scope?: (input: Input, reader: Reader) => Scope | Promise<Scope>
  /** The user it is about, who may always do it to himself. */
  self?: (input: Input) => string | undefined
}

export type Query<Input, Output> = Operation<Input> & {
  kind: 'query'
  run: (reader: Reader, input: Input, actor: Actor, services: Services) => Promise<Output>
}

export type Command<Input, Output, Prepared = undefined> = Operation<Input> & {
  kind: 'command'
  /** Where hooks of administrators are asked, ahead of the transaction: they may deny it, or amend the input. */
  trigger?: CommandTriggers<Input>
  /** The same for a command that does others: it asks for each of them. @returns the fields of the input that become others */
  askEach?: (input: Input, ask: AskHooks) => Promise<object>
  /** Slow work that must not wait inside a transaction: hashing, sealing, making keys. */
  prepare?: (input: Input, services: Services, reader: Reader, actor: Actor) => Promise<Prepared>
  /** Rules, rows and events, in one transaction. It looks again at what `prepare` saw: the world may have moved. */
  run: (tx: Tx, input: Input, actor: Actor, prepared: Prepared) => Promise<Output>
}

/** Slow or secret things: what commands need while they prepare, and queries that open or look up a secret. */
export type Services = {
  passwords: {
    hash(password: string): Promise<string>
    /** False without a hash too, after the same work, so that time does not tell which accounts there are. */
    verify(password: GivenPassword, hash: string | undefined): Promise<boolean>
    /** Whether a hash is not of the kind that `hash` makes now, so that a sign-in should replace it. */
    isOutdated(hash: string): boolean
    /** Whether it is among those that people choose most. */
    isCommon(password: string): boolean
  }
  /** Encrypts what must be read again; `context` binds the sealed text to its place. */
  sealer: { seal(plain: string, context: string): string; open(sealed: string, context: string): string }
  digest(secret: string): string
  /** An unguessable text, url-safe. */
  newSecret(bytes?: number): string
  newSigningKey(algorithm: 'RS256' | 'ES256'): Promise<NewSigningKey>
  /** Whether the operator wants the first user of an empty workspace to be its administrator. */
  firstUserIsAdministrator: boolean
  /** Evaluates the conditions of rules. */
  conditions: Conditions
  /** Where the pages that people are sent to by mail lie. */
  links: { /** Our own origin with a final slash. */ base(): string }
  secondFactors: SecondFactorServices
  /** Fills the templates of mails. */
  templates: {
    /** `html` escapes what is filled in. `fault`: what is wrong with the template, in a sentence. */
    render(source: string, variables: JsonObject, as: 'html' | 'text'): { text: string } | { fault: string }
    toPlainText(html: string): string
  }
}

/** A password as somebody typed it, or its SHA-256 in lower-case hex, where clients send no more than that. */
export type GivenPassword = string | { sha256: string }

export type NewSigningKey = { kid: string; privateJwk: object; publicJwk: object; certificatePem: string }

export const query = <Input, Output>(parts: Omit<Query<Input, Output>, 'kind'>): Query<Input, Output> => ({
  kind: 'query',
  ...parts,
})

export const command = <Input, Output, Prepared = undefined>(
  parts: Omit<Command<Input, Output, Prepared>, 'kind'>,
): Command<Input, Output, Prepared> => ({ kind: 'command', ...parts })

/** The one path of every request. */
export type Run = <Input, Output>(
  // Prepared is the operation's own business; `any` lets every command through without naming it at each call.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  operation: Query<Input, Output> | Command<Input, Output, any>,
  input: Input,
  actor: Actor,
) => Promise<Output>

export type RunParts = {
  store: Store
  services: Services
  now: () => number
  newId: () => string
  /** Asks the hooks of a trigger; without it there are none. */
  before?: Before
  /** Called with every operation that was run, for metrics. */
  observe?: (name: string, outcome: 'done' | 'refused' | 'failed', milliseconds: number) => void
}

export const createRun = ({ store, services, now, newId, before, observe }: RunParts): Run => {
  const perform: Run = async (operation, given, actor) => {
    await authorize(store.reader, operation, given, actor)
    if (operation.kind === 'query') return operation.run(store.reader, given, actor, services)
    // Nothing is locked yet, and whoever may not do it never gets here.
    const input = before ? await askHooks(operation, given, asking(before, store.reader, actor)) : given
    const prepared = operation.prepare && (await operation.prepare(input, services, store.reader, actor))
    return store.write((storeTx) => {
      const at = now()
      const by = { kind: actor.kind, id: actor.id }
      const { appendEvent, ...parts } = storeTx
      const emit: Tx['emit'] = (fact) =>
        appendEvent({ ...fact, id: newId(), at, door: actor.door, actor: by })
      const { conditions, links, sealer, passwords } = services
      const { seal } = sealer
      const { isCommon: isCommonPassword } = passwords
      const tx = { ...parts, now: () => at, newId, emit, conditions, links, seal, isCommonPassword }
      return operation.run(tx, input, actor, prepared)
    })
  }
  if (!observe) return perform
  return async (operation, input, actor) => {
    const start = performance.now()
    try {
      const output = await perform(operation, input, actor)
      observe(operation.name, 'done', performance.now() - start)
      return output
    } catch (error) {
      observe(operation.name, error instanceof DomainError ? 'refused' : 'failed', performance.now() - start)
      throw error
    }
  }
}

/** The input as the hooks of the command's triggers leave it. @throws denied_by_hook, hook_failed, invalid */
const askHooks = async <Input>(
  { trigger, askEach }: Pick<Command<Input, unknown>, 'trigger' | 'askEach'>,
  input: Input,
  ask: AskHooks,
): Promise<Input> => {
  if (askEach) return { ...input, ...(await askEach(input, ask)) }
  return trigger ? ask(trigger, input) : input
}

const asking =
  (before: Before, reader: Reader, actor: Actor): AskHooks =>
  async (triggers, given) => {
    let input = given
    for (const trigger of [triggers].flat()) {
      if (!(await isBound(reader, trigger.name))) continue
      for (const occasion of [(await trigger.occasion(input, reader, actor)) ?? []].flat()) {
        const wanted = await before(trigger.name, occasion, actor)
        if (trigger.amend) input = { ...input, ...trigger.amend(input, wanted) }
      }
    }
    return input
  }

/** Refuses before anything is looked up, so that a refusal can't tell what exists. @throws suspended, forbidden */
const authorize = async <Input>(reader: Reader, operation: Operation<Input>, input: Input, actor: Actor) => {
  await requireStanding(reader, actor)
  const { needs } = operation
  if (typeof needs === 'object' && 'anyone' in needs) return
  if (isSelf(actor, operation.self?.(input))) return
  const scope = operation.scope ? await operation.scope(input, reader) : workspace
  const anyOf: readonly Permission[] = typeof needs === 'string' ? [needs] : needs
  await requireMayDo(reader, actor, anyOf, scope)
}
