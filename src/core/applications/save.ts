import type { Actor } from '../actor.ts'
import { batchOf } from '../batch.ts'
import { type EntryRow, type PreparedEntries, prepareEntryRows, writeEntryRows } from '../entries/write.ts'
import { command, type Services } from '../operation.ts'
import { findRef, foundRef, type Ref } from '../ref.ts'
import { DomainError } from '../refusals.ts'
import { requireMayDo } from '../rights.ts'
import { preAssignOf } from '../roles/assign.ts'
import { type AssignmentRow, givenByRows, writeAssignments } from '../roles/assignment-rows.ts'
import { workspace } from '../scope.ts'
import type { Tx } from '../store.ts'
import { addApplication, type CreateApplication, type PreparedSecrets, prepareSecrets } from './create.ts'
import { dropApplication } from './delete.ts'
import { type ApplicationPart, type ApplicationWithParts, withApplicationParts } from './parts.ts'
import { requireSecret } from './rules.ts'
import { putApiKey } from './secrets.ts'
import { type ShownApplication, sealApiKey, show } from './show.ts'
import { changeApplication, type UpdateApplication } from './update.ts'

type Parts = {
  /** Null for no default role. */
  defaultRole?: Ref | null
  assignments?: readonly AssignmentRow[]
  replacesHeld?: boolean
  lookups?: readonly EntryRow[]
  /** To be answered along with the application. */
  parts?: readonly ApplicationPart[]
}

type Fields = Omit<CreateApplication, 'defaultRoleId' | 'apiKey'> & { apiKey?: string }

type PreparedCreation = { secrets: PreparedSecrets; spare: PreparedSecrets; lookups: PreparedEntries }

/** 64 characters that every client of API keys takes. */
const newApiKey = ({ newSecret }: Pick<Services, 'newSecret'>): string =>
  Buffer.from(newSecret(32), 'base64url').toString('hex')

/** Creates an application with an API key, which is made anew when the one given is in use. */
export const createApplicationWithParts = command<
  Parts & { application: Fields },
  ApplicationWithParts,
  PreparedCreation
>({
  name: 'create application with parts',
  needs: 'applications:create',
  trigger: preAssignOf(async ({ assignments: rows }, reader, actor) =>
    givenByRows(reader, { side: 'application', rows }, actor),
  ),
  prepare: async ({ application, lookups = [] }, services) => {
    const made = { ...application, apiKey: newApiKey(services) }
    const spare = prepareSecrets(made, services)
    const secrets = application.apiKey === undefined ? spare : prepareSecrets(application, services)
    return { secrets, spare, lookups: prepareEntryRows(lookups, 'lookup', services) }
  },
  run: async (tx, { application: fields, ...parts }, actor, { secrets, spare, lookups }) => {
    const defaultRoleId = await roleIdOf(tx, parts.defaultRole)
    const input: CreateApplication = { ...fields, ...(defaultRoleId && { defaultRoleId }) }
    const { apiKeyDigest } = secrets.seal('')
    const isUsed =
      apiKeyDigest !== undefined && (await tx.applications.findBy({ apiKeyDigest })) !== undefined
    const application = await addApplication(tx, input, actor, isUsed ? spare : secrets)
    await writeParts(tx, application.id, parts, lookups, actor)
    return read(tx, application, parts)
  },
})

export const createApplicationsWithParts = batchOf(
  'create applications with parts',
  createApplicationWithParts,
)

export type UpdateApplicationWithParts = Parts & {
  ref: Ref
  changes?: Omit<NonNullable<UpdateApplication['changes']>, 'defaultRoleId'>
  /** An API key of the caller's choice; `true` makes one. Needs `applications:update-secrets` too. */
  apiKey?: string | true
}

type PreparedChange = {
  apiKey?: string
  lookups: PreparedEntries
  services?: Pick<Services, 'sealer' | 'digest'>
}

/** @throws not_found, and what changing an application and writing assignments throws */
export const updateApplicationWithParts = command<
  UpdateApplicationWithParts,
  ApplicationWithParts,
  PreparedChange
>({
  name: 'update application with parts',
  needs: 'applications:update',
  trigger: preAssignOf(async ({ ref, assignments: rows }, reader, actor) => {
    const application = await findRef(reader.applications, ref)
    return application && givenByRows(reader, { side: 'application', id: application.id, rows }, actor)
  }),
  prepare: async ({ apiKey, lookups = [] }, services) => {
    if (typeof apiKey === 'string') requireSecret('apiKey', apiKey)
    const key = apiKey === true ? newApiKey(services) : apiKey
    return {
      ...(key !== undefined && { apiKey: key, services }),
      lookups: prepareEntryRows(lookups, 'lookup', services),
    }
  },
  run: async (tx, { ref, changes: given = {}, ...parts }, actor, { apiKey, services, lookups }) => {
    const there = await foundRef(tx.applications, ref, 'application')
    const changes = {
      ...given,
      ...(parts.defaultRole !== undefined && { defaultRoleId: await roleIdOf(tx, parts.defaultRole) }),
    }
    let application = await changeApplication(tx, { applicationId: there.id, changes }, actor)
    if (apiKey !== undefined && services) {
      const sealed = sealApiKey(there.id, apiKey, services)
      if (sealed.apiKeyDigest !== there.apiKeyDigest) {
        await requireMayDo(tx, actor, ['applications:update-secrets'], workspace)
        application = await putApiKey(tx, there.id, { apiKey, ...sealed })
      }
    }
    await writeParts(tx, there.id, parts, lookups, actor)
    return read(tx, application, parts)
  },
})

export const updateApplicationsWithParts = batchOf(
  'update applications with parts',
  updateApplicationWithParts,
)

/** @returns the application as it was @throws not_found, built_in */
export const deleteApplicationByRef = command<
  { ref: Ref; parts?: readonly ApplicationPart[] },
  ApplicationWithParts
>({
  name: 'delete application by number',
  needs: 'applications:delete',
  run: async (tx, { ref, parts = [] }) => {
    const application = await foundRef(tx.applications, ref, 'application')
    const before = await read(tx, show(application), { parts })
    await dropApplication(tx, application.id)
    return before
  },
})

export const deleteApplicationsByRef = batchOf('delete applications by number', deleteApplicationByRef)

const read = async (
  tx: Tx,
  application: ShownApplication,
  { parts = [] }: Parts,
): Promise<ApplicationWithParts> => (await withApplicationParts(tx, [application], parts))[0]!

/** @throws invalid */
const roleIdOf = async (tx: Tx, ref: Ref | null | undefined): Promise<string | undefined> => {
  if (!ref) return undefined
  const role = await findRef(tx.roles, ref)
  if (role) return role.id
  throw new DomainError({ code: 'invalid', field: 'defaultRoleId', reason: 'There is no such role.' })
}

const writeParts = async (
  tx: Tx,
  id: string,
  { assignments: rows = [], replacesHeld, lookups = [] }: Parts,
  prepared: PreparedEntries,
  actor: Actor,
): Promise<void> => {
  if (rows.length > 0) {
    await writeAssignments(
      tx,
      { side: 'application', id, rows, ...(replacesHeld && { replacesHeld }) },
      actor,
    )
  }
  await writeEntryRows(tx, 'lookup', `application:${id}`, lookups, prepared, actor)
}
