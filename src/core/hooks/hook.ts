import type { Extensions, Json, JsonObject } from '../json.ts'

/** Which product's scripts it is written like: what it finds in `event`, and what it may call. */
export type Flavour = 'action' | 'event-script'

/** An npm package that a script requires; a version that is absent means the newest when it is built. */
export type Dependency = { name: string; version?: string }

/** What a build made of a dependency: pinned, and told from any other by its integrity. */
export type ResolvedDependency = { name: string; asked: string; version: string; integrity: string }

/** Write-only: the value is sealed, and opened only for a run. */
export type HookSecret = { name: string; sealed: string; updatedAt: number }

/** A point that the script was written for. The version is the vendor's, where one has any. */
export type HookTrigger = { name: string; version?: string }

export type BuildStatus = 'pending' | 'building' | 'built' | 'failed'
export type BuildError = { code: string; message: string }

/** What is written, built and frozen by a deployment. */
export type Script = {
  code: string
  dependencies: readonly Dependency[]
  secrets: readonly HookSecret[]
  /** As it was given; all names mean what we run. */
  runtime: string
  triggers: readonly HookTrigger[]
  /** `host` or `host:port` that it may connect to, beside ourselves. */
  allowedHosts: readonly string[]
}

/** Made anew whenever the draft changes, so that one id never stands for two scripts. */
export type Build = {
  buildId: string
  status: BuildStatus
  errors: readonly BuildError[]
  resolved: readonly ResolvedDependency[]
  /** Everything that was installed, as the installer wrote it down: with it the same can be had again, elsewhere. */
  lock: readonly JsonObject[]
}

/** A script that an administrator attached; its own fields are the draft, versions are what runs. */
export type Hook = Script &
  Build & {
    number: number
    id: string
    name: string
    flavour: Flavour
    /** What becomes of the request when the script fails, which is not the same as when it denies. */
    onFailure: 'deny' | 'allow'
    /** Whose rights its calls back into the server have; only scripts that can call without a credential of their own. */
    runsAs: 'system' | 'caller'
    /** Whether what it leaves in the request or the answer is taken over. */
    modifiesEvents: boolean
    /** How long one run may take. */
    timeoutMs: number
    isEnabled: boolean
    /** Only for requests of these applications; for all when empty. */
    applicationIds: readonly string[]
    /** The draft differs from what is deployed. */
    hasChanges: boolean
    /** A deployment was asked for before the build was done. */
    deploysWhenBuilt: boolean
    deployedVersionId?: string
    /** The number of its newest version; 0 when it has none. */
    versionsCount: number
    builtAt?: number
    createdAt: number
    updatedAt: number
    extensions: Extensions
  }

/** A frozen state of a hook's script. Only the newest few are kept. */
export type HookVersion = Script &
  Build & {
    number: number
    id: string
    hookId: string
    /** Counts from one within its hook. */
    versionNumber: number
    builtAt?: number
    createdAt: number
    updatedAt: number
  }

/** A hook runs at this trigger, in the order of `position`. */
export type Binding = {
  number: number
  id: string
  trigger: string
  hookId: string
  position: number
  displayName: string
  createdAt: number
  updatedAt: number
}

/** Why a run gave no result. The kinds are closed; `message` is for people. */
export const failureKinds = [
  'timeout',
  'memory',
  'output',
  'exit',
  'throw',
  'invalid',
  'build',
  'busy',
  'calls',
  'unsupported',
] as const
export type FailureKind = (typeof failureKinds)[number]
export type HookFailure = { kind: FailureKind; message: string; stack?: string }

export type LogLine = { level: string; text: string }
/** A call that the script made back into the server, or out of it. */
export type HookCall = { method: string; target: string; status?: number; error?: string }

/** One run of one hook. Runs of the same occasion share their `runId`. */
export type Execution = {
  number: number
  id: string
  runId: string
  trigger: string
  hookId: string
  hookName: string
  versionId?: string
  status: 'running' | 'done' | 'failed'
  /** What the script was told, without its secrets. */
  input: JsonObject
  output?: Json
  log: readonly LogLine[]
  calls: readonly HookCall[]
  failure?: HookFailure
  userId?: string
  applicationId?: string
  /** Of a queued run: the event and the hook, so that an event that comes again runs it once. */
  claim?: string
  startedAt: number
  endedAt?: number
  durationMs?: number
}

export const secretContext = (hookId: string, name: string): string => `secret ${name} of hook ${hookId}`

/** What everybody may see: the secrets' names. */
export type Shown<T extends { secrets: readonly HookSecret[] }> = Omit<T, 'secrets' | 'lock'> & {
  secrets: readonly { name: string; updatedAt: number }[]
}

export const show = <T extends { secrets: readonly HookSecret[]; lock: readonly JsonObject[] }>({
  lock: _lock,
  ...thing
}: T): Shown<T> => ({
  ...(thing as unknown as Omit<T, 'secrets' | 'lock'>),
  secrets: thing.secrets.map(({ name, updatedAt }) => ({ name, updatedAt })),
})
