import { command } from '../operation.ts'
import { DomainError } from '../refusals.ts'
import type { Tx } from '../store.ts'
import { mailRepeated } from './mails.ts'
import { type RegistrationStatus, registrationStatus } from './pending.ts'
import { effectivePolicy } from './policy.ts'
import {
  addRegistration,
  type PreparedRegistration,
  prepareRegistration,
  type Register,
  type Registered,
  registrationTrigger,
} from './register.ts'

export type DiscreetRegistration = {
  status: RegistrationStatus
  /** Only for who can sign in at once: whoever has to wait learns no more than that. */
  registered?: Registered
}

/**
 * Registers without telling whether an address has an account: where a person has to wait before he can sign in, the
 * answer for one that has is the same, and its owner is told by mail. Where he can sign in at once, trying to would
 * tell it anyway, and he is refused.
 * @throws as `register`
 */
export const registerDiscreetly = command<Register, DiscreetRegistration, PreparedRegistration>({
  name: 'register discreetly',
  needs: { anyone: 'the registration policy decides' },
  trigger: registrationTrigger,
  prepare: prepareRegistration,
  run: async (tx, input, actor, prepared) => {
    try {
      const registered = await addRegistration(tx, input, actor, prepared)
      const { status } = registered
      return { status, ...(status === 'active' && { registered }) }
    } catch (error) {
      // NOTE: an address that is taken is refused before the first write.
      const status = await statusOfRepeated(tx, input, error)
      if (status === 'active') throw error
      await mailRepeated(tx, input.email!, input)
      return { status }
    }
  },
})

/** What a new user with this address would wait for; `active` when nothing may be hidden. */
const statusOfRepeated = async (
  tx: Tx,
  { applicationId, invitation, email }: Register,
  error: unknown,
): Promise<RegistrationStatus> => {
  const isTaken =
    error instanceof DomainError && error.refusal.code === 'taken' && error.refusal.field === 'email'
  if (!isTaken || invitation !== undefined || email === undefined) return 'active'
  const { mode, emailConfirmation } = await effectivePolicy(tx, applicationId)
  return registrationStatus({
    id: '',
    isEmailVerified: false,
    needsConfirmedEmail: emailConfirmation === 'first',
    ...(mode === 'approval' && { approvalAskedAt: tx.now() }),
  })
}
