import type { Actor } from '../actor.ts'
import { query, type Services } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import { requireMayHandOut } from '../roles/hand-out.ts'
import { workspace } from '../scope.ts'
import type { Reader, Tx } from '../store.ts'
import { effectivePolicy } from './policy.ts'

/**
 * One secret for everybody: whoever knows it registers where others need an invitation of their own. Some dialects put
 * it into the address of their form.
 */
export type SharedSecret = {
  /** Administrators read it again, to pass it on. */
  sealed: string
  digest: string
}

/** Doors can't name it: no setting of theirs has a colon. */
const settingName = 'registration:shared-secret'
const context = 'registration shared secret'
const [least, most] = [1, 200]

export const readSharedSecret = async ({
  settings,
}: Pick<Reader, 'settings'>): Promise<SharedSecret | undefined> =>
  (await settings.get(settingName)) as SharedSecret | undefined

type Sealing = Pick<Services, 'sealer' | 'digest' | 'newSecret'>

/** One that nobody knows yet. */
export const newSharedSecret = (services: Sealing): SharedSecret => sealed(services.newSecret(), services)

const sealed = (secret: string, { sealer, digest }: Omit<Sealing, 'newSecret'>): SharedSecret => ({
  sealed: sealer.seal(secret, context),
  digest: digest(secret),
})

export const writeSharedSecret = (tx: Tx, secret: SharedSecret): Promise<void> =>
  tx.settings.put(settingName, secret)

/** Undefined as long as there is none: then everybody needs an invitation. */
export const getSharedSecret = query<Record<never, never>, string | undefined>({
  name: 'get shared registration secret',
  needs: 'settings:read',
  run: async (reader, _input, _actor, { sealer }) => {
    const stored = await readSharedSecret(reader)
    return stored && sealer.open(stored.sealed, context)
  },
})

/** @throws invalid */
export const prepareSharedSecret = (secret: string, services: Omit<Sealing, 'newSecret'>): SharedSecret => {
  if (secret.trim().length >= least && secret.length <= most) return sealed(secret, services)
  const reason = `The secret of the form has ${least} to ${most} characters.`
  throw new DomainError({ code: 'invalid', field: 'secret', reason })
}

/**
 * Whoever knows it leaves with the roles of the policy, so that whoever sets it must be allowed to give them.
 * @throws cannot_grant
 */
export const changeSharedSecret = async (tx: Tx, secret: SharedSecret, actor: Actor): Promise<void> => {
  const { defaultRoles, selectableRoles } = await effectivePolicy(tx)
  await requireMayHandOut(tx, actor, [...defaultRoles, ...selectableRoles])
  await writeSharedSecret(tx, secret)
  await tx.emit({ type: 'registration-policy.updated', scope: workspace, data: { changed: ['secret'] } })
}
