import type { Actor } from '../actor.ts'
import type { Services } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireHeld } from '../rights.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { isEventTrigger, isTrigger } from '../triggers.ts'
import {
  type Flavour,
  type Hook,
  type HookSecret,
  type HookTrigger,
  type Script,
  secretContext,
} from './hook.ts'

/** @see specs: §4.2 of the Auth0 dialect */
export const hookLimits = {
  hooks: 1000,
  codeBytes: 100_000,
  dependencies: 10,
  secrets: 30,
  secretName: 128,
  secretValue: 4096,
  boundPerTrigger: 20,
  versions: 50,
  allowedHosts: 50,
} as const

const invalid = (field: string, reason: string) => new DomainError({ code: 'invalid', field, reason })

/** The name as it is stored. @throws invalid */
export const requireHookName = (name: string): string => {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 255)
    throw invalid('name', 'A hook has a name of 1 to 255 characters.')
  return trimmed
}

/** @throws taken */
export const requireHookNameFree = async (
  { hooks }: Pick<Reader, 'hooks'>,
  name: string,
  flavour: Flavour,
  except?: string,
): Promise<void> => {
  const other = await hooks.findBy({ name, flavour })
  if (other && other.id !== except)
    throw new DomainError({ code: 'taken', kind: 'hook', field: 'name', value: name })
}

const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-zA-Z0-9~-][a-zA-Z0-9._~-]*$/u
/** A version, a range or a tag: no address, no path, nothing that a package manager would fetch from elsewhere. */
const versionText = /^[\w.^~<>=|*+ -]{0,100}$/u
const hostText = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$/u

/** Whatever of a script is given, checked. @throws invalid, limit_exceeded */
export const requireScript = (script: Partial<Omit<Script, 'secrets'>>): void => {
  const { code, dependencies, triggers, allowedHosts } = script
  if (code !== undefined && Buffer.byteLength(code) > hookLimits.codeBytes)
    throw invalid('code', `The code has at most ${hookLimits.codeBytes} bytes.`)
  if (dependencies) {
    if (dependencies.length > hookLimits.dependencies)
      throw invalid('dependencies', `A hook has at most ${hookLimits.dependencies} dependencies.`)
    for (const { name, version } of dependencies) {
      if (!packageName.test(name) || name.length > 214)
        throw invalid('dependencies', `${JSON.stringify(name)} is no name of a package.`)
      if (version !== undefined && !versionText.test(version))
        throw invalid('dependencies', `${JSON.stringify(version)} is no version of a package.`)
    }
    requireDistinct('dependencies', dependencies)
  }
  if (triggers) requireTriggers(triggers)
  if (allowedHosts) {
    if (allowedHosts.length > hookLimits.allowedHosts)
      throw invalid('allowedHosts', `A hook lists at most ${hookLimits.allowedHosts} hosts.`)
    const wrong = allowedHosts.find((host) => host.length > 253 || !hostText.test(host))
    if (wrong !== undefined)
      throw invalid(
        'allowedHosts',
        `${JSON.stringify(wrong)} is no host name in lower case, with or without a port.`,
      )
  }
}

const requireTriggers = (triggers: readonly HookTrigger[]): void => {
  const wrong = triggers.find(({ name }) => !/^[\w.:*{}-]{1,200}$/u.test(name))
  if (wrong) throw invalid('triggers', `${JSON.stringify(wrong.name)} is no name of a trigger.`)
  requireDistinct('triggers', triggers)
}

const requireDistinct = (field: string, things: readonly { name: string }[]): void => {
  const names = new Set(things.map(({ name }) => name))
  if (names.size < things.length) throw invalid(field, 'Each can be named once.')
}

/** @throws invalid */
export const requireTimeout = (timeoutMs: number): number => {
  if (Number.isInteger(timeoutMs) && timeoutMs >= 100 && timeoutMs <= 20_000) return timeoutMs
  throw invalid('timeoutMs', 'A hook has 100 to 20000 milliseconds.')
}

/** A secret as it is given; one without a value keeps the value it has. */
export type GivenSecret = { name: string; value?: string }

/** @throws invalid */
export const requireSecrets = (secrets: readonly GivenSecret[]): void => {
  if (secrets.length > hookLimits.secrets)
    throw invalid('secrets', `A hook has at most ${hookLimits.secrets} secrets.`)
  for (const { name, value = '' } of secrets) {
    if (name === '' || name.length > hookLimits.secretName)
      throw invalid('secrets', `The name of a secret has 1 to ${hookLimits.secretName} characters.`)
    if (value.length > hookLimits.secretValue)
      throw invalid('secrets', `The value of a secret has at most ${hookLimits.secretValue} characters.`)
  }
  requireDistinct('secrets', secrets)
}

export type SealSecrets = (hookId: string, at: number, kept: readonly HookSecret[]) => HookSecret[]

/** Seals for a hook that may have no id yet. What is given without a value keeps the one there is, or is empty. */
export const sealerOf =
  (given: readonly GivenSecret[], { sealer }: Pick<Services, 'sealer'>): SealSecrets =>
  (hookId, at, kept) =>
    given.map(({ name, value }) => {
      const before = kept.find((each) => each.name === name)
      if (value === undefined && before) return before
      return { name, sealed: sealer.seal(value ?? '', secretContext(hookId, name)), updatedAt: at }
    })

/**
 * Whoever writes a script must hold what it can use. An action that runs as the caller has no rights but those of
 * credentials that its author put into it. An event script calls back as the system, or as whoever comes by, who may
 * be an administrator, and an action that runs as the system may give roles: writing one is as good as being an
 * administrator.
 * @throws cannot_grant
 */
export const requireMayAuthor = async (
  tx: Tx | Reader,
  actor: Actor,
  { flavour, runsAs }: Pick<Hook, 'flavour' | 'runsAs'>,
): Promise<void> => {
  if (flavour === 'action' && runsAs === 'caller') return
  await requireHeld(tx, actor, ['roles:assign', 'roles:assign-admin'], workspace)
}

/** Whether a hook can be bound there: actions to our triggers and events, event scripts to names of their product. */
export const fitsTrigger = (
  { flavour, triggers }: Pick<Hook, 'flavour' | 'triggers'>,
  trigger: string,
): boolean =>
  (flavour === 'action') === (isTrigger(trigger) || isEventTrigger(trigger)) &&
  triggers.some(({ name }) => name === trigger)

/** Only what was built without a fault can be run or deployed. @throws invalid */
export const requireBuilt = ({ status }: Pick<Hook, 'status'>): void => {
  if (status !== 'built') throw invalid('status', `The hook must be in the 'built' state; it is ${status}.`)
}
