import { command } from './operation.ts'
import { DomainError } from './refusals.ts'
import { administratorRoleId } from './roles/role.ts'
import { workspace } from './scope.ts'
import type { Reader } from './store.ts'
import {
  addAdministrator,
  type CreateAdministrator,
  prepareAdministrator,
} from './users/create-administrator.ts'
import type { User } from './users/user.ts'

/** Keeps the digest of the link's secret. Doors can't name it: no setting of theirs has a colon. */
const settingName = 'internal:set-up'

/**
 * Makes the one-time secret with which whoever started the server becomes its first administrator. An earlier secret
 * ends with it. Undefined when there is an administrator already.
 */
export const offerSetUp = command<
  Record<never, never>,
  string | undefined,
  { secret: string; digest: string }
>({
  name: 'offer set-up',
  needs: 'roles:assign-admin',
  prepare: async (_input, { newSecret, digest }) => {
    const secret = newSecret()
    return { secret, digest: digest(secret) }
  },
  run: async (tx, _input, _actor, { secret, digest }) => {
    if (await hasAdministrator(tx)) return undefined
    await tx.settings.put(settingName, { digest })
    return secret
  },
})

export type CompleteSetUp = CreateAdministrator & { secret: string }

/** Creates the first administrator. @throws not_found for a secret that is wrong or was used, taken, invalid */
export const completeSetUp = command<CompleteSetUp, User, { digest: string; passwordHash: string }>({
  name: 'complete set-up',
  needs: { anyone: 'holds the one-time link that was shown to whoever started the server' },
  prepare: async (input, services, reader) => {
    const digest = services.digest(input.secret)
    // Looked at before the password is hashed, which costs a stranger nothing to ask for.
    await requireOffered(reader, digest)
    return { digest, passwordHash: await prepareAdministrator(input, services) }
  },
  run: async (tx, input, actor, { digest, passwordHash }) => {
    await requireOffered(tx, digest)
    await tx.settings.put(settingName, {})
    return addAdministrator(tx, input, { ...actor, kind: 'system', id: 'system' }, passwordHash)
  },
})

type SetUpReader = Pick<Reader, 'settings' | 'assignments' | 'now'>

/** Digests are compared, so how long it takes tells nothing about the secret. */
const requireOffered = async (reader: SetUpReader, digest: string): Promise<void> => {
  const offered = await reader.settings.get(settingName)
  if (offered?.digest === digest && !(await hasAdministrator(reader))) return
  throw new DomainError({ code: 'not_found', kind: 'ticket', id: 'set-up' })
}

const hasAdministrator = async ({
  assignments,
  now,
}: Pick<Reader, 'assignments' | 'now'>): Promise<boolean> => {
  const { items } = await assignments.holders(administratorRoleId, workspace, now(), { limit: 1 })
  return items.length > 0
}
