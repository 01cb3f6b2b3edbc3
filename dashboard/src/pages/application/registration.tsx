import type { ApplicationTabProps } from '../application.tsx'
import { ApplicationPolicy } from '../registration/policy.tsx'

export const ApplicationRegistration = ({ application: { id } }: ApplicationTabProps) => (
  <ApplicationPolicy applicationId={id} />
)
