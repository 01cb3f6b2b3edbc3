import { query } from '../operation.ts'
import { found } from '../refusals.ts'
import { offeredChoices } from './choice.ts'
import type { RegistrationPolicy, SelectableRole } from './policies.ts'
import { effectivePolicy } from './policy.ts'

/** What a form to sign up with needs to know: no more than the form shows anyway. */
export type RegistrationForm = Pick<RegistrationPolicy, 'mode' | 'emailConfirmation'> & {
  /** Without one nobody can register here. */
  needsEmail: boolean
  choices: readonly Pick<
    SelectableRole & { name: string; description: string },
    'roleId' | 'name' | 'description' | 'grant'
  >[]
}

/** @throws not_found */
export const registrationForm = query<{ applicationId?: string }, RegistrationForm>({
  name: 'show registration form',
  needs: { anyone: 'shows what a sign-up form does' },
  run: async (reader, { applicationId }) => {
    if (applicationId !== undefined) {
      found(await reader.applications.find(applicationId), 'application', applicationId)
    }
    const policy = await effectivePolicy(reader, applicationId)
    const { mode, emailConfirmation, emailDomains } = policy
    const offered = mode === 'closed' ? [] : await offeredChoices(reader, policy)
    return {
      mode,
      emailConfirmation,
      needsEmail: emailConfirmation === 'first' || emailDomains.length > 0,
      choices: offered.map(({ roleId, name, description, grant }) => ({ roleId, name, description, grant })),
    }
  },
})
